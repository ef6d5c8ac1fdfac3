package io.tidemark.model.registry;

import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.RootCause;
import io.tidemark.kafka.client.TopicTail;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@code models}, in a thread of its own or when it is asked, and hands over whole models: the champion and the challengers of each network.
 *
 * <p>{@link #serving} is immutable and replaced, never changed; a scoring thread compares it by identity between
 * two batches. Nothing is handed over before everything that was published at the start has been read, so that a restarted
 * worker does not score with an old version.
 */
public final class ModelReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelReader.class);

    private static final long PAUSE_MS = 5_000;

    private final KafkaConnection connection;
    private final ModelLog log;
    private final PassedOver told;
    /** Null when it reads in the caller's thread. */
    private final @Nullable Thread thread;

    private @Nullable TopicTail onDemand;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private volatile ServingModels serving = ServingModels.EMPTY;
    private volatile boolean closed;
    private volatile String failure = "";

    /** How a role follows the models: {@link #start} or {@link #onDemand}. */
    public interface Opener {
        ModelReader open(KafkaConnection connection, Predicate<ModelVersion> wanted, PassedOver told);
    }

    private ModelReader(
            KafkaConnection connection, Predicate<ModelVersion> wanted, PassedOver told, boolean isThreaded) {
        this.told = told;
        this.connection = connection;
        this.log = new ModelLog(wanted);
        thread = isThreaded ? new Thread(this::run, "model-reader") : null;
        if (thread != null) thread.setDaemon(true);
    }

    /**
     * Begins to follow.
     *
     * @param wanted whose weights to read; asked for manifests of any stream
     * @param told of records that are passed over
     */
    public static ModelReader start(KafkaConnection connection, Predicate<ModelVersion> wanted, PassedOver told) {
        ModelReader reader = new ModelReader(connection, wanted, told, true);
        if (reader.thread != null) reader.thread.start();
        return reader;
    }

    /** Reads what has come whenever it is asked, in the thread that asks: the only one that may use it. */
    public static ModelReader onDemand(KafkaConnection connection, Predicate<ModelVersion> wanted, PassedOver told) {
        return new ModelReader(connection, wanted, told, false);
    }

    /** The manifests that count now, by network and then by version; reads the topic once. */
    public static List<ModelVersion> list(KafkaConnection connection) throws InterruptedException {
        return drained(connection, version -> false).manifests();
    }

    /**
     * One version with its weights; reads the topic once.
     *
     * @param version 0 for the champion
     * @throws IllegalArgumentException when there is no such model
     */
    public static Model load(KafkaConnection connection, ModelId id, int version) throws InterruptedException {
        ModelLog log = drained(connection, v -> v.id().equals(id) && (version == 0 || v.version() == version));
        Model model = version == 0 ? log.serving().champions().get(id) : log.model(id, version);
        if (model == null) {
            throw new IllegalArgumentException("there is no complete model " + id
                    + (version == 0 ? " that is champion" : "@" + version) + "; see tidemark models list");
        }
        return model;
    }

    static ModelLog drained(KafkaConnection connection, Predicate<ModelVersion> wanted) throws InterruptedException {
        ModelLog log = new ModelLog(wanted);
        try (TopicTail tail = new TopicTail(connection, connection.names().models(), 0)) {
            tail.drain(log.sink(new PassedOver("client", null)));
        }
        return log;
    }

    private void run() {
        try (TopicTail tail = new TopicTail(connection, connection.names().models(), 0)) {
            while (!closed) {
                try {
                    read(tail, Duration.ofMillis(200));
                } catch (RetriableException e) {
                    LOG.debug("the models topic does not answer for now", e);
                } catch (AuthorizationException e) {
                    LOG.warn("the models topic may not be read yet: {}", e.getMessage());
                    Thread.sleep(PAUSE_MS);
                }
            }
        } catch (InterruptedException | InterruptException | WakeupException e) {
            LOG.debug("told to stop");
        } catch (RuntimeException | Error e) { // a worker must hear of it, whatever it was
            failure = "the models topic cannot be followed: " + RootCause.sentence(e);
            LOG.error("{}", failure, e);
        }
    }

    private void read(TopicTail tail, Duration wait) {
        int count = tail.poll(wait, log.sink(told));
        boolean first = caughtUp.getCount() > 0;
        if (first ? tail.caughtUp() : count > 0) publish();
    }

    private void readNow(Duration wait) throws InterruptedException {
        if (thread != null) return;
        TopicTail tail = onDemand;
        if (tail == null) tail = new TopicTail(connection, connection.names().models(), 0);
        onDemand = tail;
        read(tail, wait);
    }

    private void publish() {
        ServingModels now = log.serving();
        if (!now.equals(serving)) serving = now;
        caughtUp.countDown();
    }

    /** Waits until everything that was published at the start has been read. */
    public boolean awaitCaughtUp(Duration within) throws InterruptedException {
        readNow(within);
        return caughtUp.await(thread == null ? 0 : within.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The champions and challengers of the wanted networks; empty at first. */
    public ServingModels serving() {
        try {
            readNow(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new InterruptException("told to stop while waiting for the models topic", e);
        }
        return serving;
    }

    /** Why this reader has stopped; empty while it has not. */
    public String failure() {
        return failure;
    }

    @Override
    public void close() {
        closed = true;
        if (onDemand != null) onDemand.close();
        if (thread == null) return;
        try {
            thread.join(1000);
            thread.interrupt(); // it may wait for a topic or a broker
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
