package io.tidemark.registry;

import io.tidemark.broker.KafkaConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@code models} in a thread of its own and hands over whole champions: the newest complete version of each network.
 *
 * <p>{@link #champions} is an immutable map that is replaced, never changed; a scoring thread compares it by identity between
 * two batches. Nothing is handed over before everything that was published at the start has been read, so that a restarted
 * worker does not score with an old version.
 */
public final class ModelReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelReader.class);

    private final KafkaConnection connection;
    private final ModelLog log;
    private final Thread thread;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private volatile Map<ModelId, Model> champions = Map.of();
    private volatile List<ModelVersion> manifests = List.of();
    private volatile boolean closed;
    private volatile String failure = "";

    private ModelReader(KafkaConnection connection, Predicate<ModelVersion> wanted) {
        this.connection = connection;
        this.log = new ModelLog(wanted);
        this.thread = new Thread(this::run, "model-reader");
        thread.setDaemon(true);
    }

    /**
     * Begins to follow.
     *
     * @param wanted whose weights to read; asked for manifests of any stream
     */
    public static ModelReader start(KafkaConnection connection, Predicate<ModelVersion> wanted) {
        ModelReader reader = new ModelReader(connection, wanted);
        reader.thread.start();
        return reader;
    }

    /** The manifests that count now, by network and then by version; reads the topic once. */
    public static List<ModelVersion> list(KafkaConnection connection) throws InterruptedException {
        return drained(connection, version -> false).manifests();
    }

    /**
     * One version with its weights; reads the topic once.
     *
     * @param version 0 for the newest
     * @throws IllegalArgumentException when there is no such model
     */
    public static Model load(KafkaConnection connection, ModelId id, int version) throws InterruptedException {
        Model model = drained(connection, v -> v.id().equals(id) && (version == 0 || v.version() == version))
                .newest()
                .get(id);
        if (model == null) {
            throw new IllegalArgumentException("there is no complete model " + id + (version == 0 ? "" : "@" + version)
                    + "; see tidemark models list");
        }
        return model;
    }

    static ModelLog drained(KafkaConnection connection, Predicate<ModelVersion> wanted) throws InterruptedException {
        ModelLog log = new ModelLog(wanted);
        try (TopicTail tail = new TopicTail(connection, connection.names().models(), 0)) {
            tail.drain(record -> log.apply(record.key(), record.value(), record.timestamp()));
        }
        return log;
    }

    private void run() {
        try (TopicTail tail = new TopicTail(connection, connection.names().models(), 0)) {
            while (!closed) {
                try {
                    int count = tail.poll(
                            Duration.ofMillis(200),
                            record -> log.apply(record.key(), record.value(), record.timestamp()));
                    boolean first = caughtUp.getCount() > 0;
                    if (first ? tail.caughtUp() : count > 0) publish();
                } catch (RetriableException e) {
                    LOG.debug("the models topic does not answer for now", e);
                }
            }
        } catch (InterruptedException | InterruptException | WakeupException e) {
            LOG.debug("told to stop");
        } catch (RuntimeException | Error e) { // a worker must hear of it, whatever it was
            failure = "the models topic cannot be followed: " + e;
            LOG.error("{}", failure, e);
        }
    }

    private void publish() {
        Map<ModelId, Model> now = log.newest();
        manifests = log.manifests();
        if (!now.equals(champions)) champions = now;
        caughtUp.countDown();
    }

    /** Waits until everything that was published at the start has been read. */
    public boolean awaitCaughtUp(Duration within) throws InterruptedException {
        return caughtUp.await(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The newest complete version of each wanted network; empty at first. */
    public Map<ModelId, Model> champions() {
        return champions;
    }

    /** The manifests that count, as of the last change. */
    public List<ModelVersion> manifests() {
        return manifests;
    }

    /** Why this reader has stopped; empty while it has not. */
    public String failure() {
        return failure;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(1000);
            thread.interrupt(); // it may wait for a topic or a broker
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
