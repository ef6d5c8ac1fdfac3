package io.tidemark.model.registry;

import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.TopicTail;
import io.tidemark.kafka.client.Transactions;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Safetensors;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Offers versions on {@code models}, inside the caller's transaction: chunks first, the offer after them. The {@link Registrar}
 * gives each its number, the first of each job only, so that no two publishers can take the same one.
 *
 * <p>After an aborted transaction it must be opened anew.
 */
public final class ModelPublisher implements AutoCloseable {
    /** Jobs of learners begin so. */
    public static final String LEARNER = "learner-";

    /** The registrar of the same process counts them. */
    private static final PassedOver TOLD = new PassedOver("learner", null);

    /** How long to wait for one more record of the registry. */
    private static final Duration FOLLOW = Duration.ofMillis(20);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final ModelLog log;
    private final @Nullable TopicTail tail;
    private final Map<ModelId, String> jobs = new HashMap<>();
    /** Offered here, and not known to have a number. */
    private final Map<ModelId, List<ModelVersion>> waiting = new HashMap<>();

    ModelPublisher(Producer<byte[], byte[]> producer, String topic, ModelLog log, @Nullable TopicTail tail) {
        this.producer = producer;
        this.topic = topic;
        this.log = log;
        this.tail = tail;
        for (ModelVersion version : log.manifests()) learnt(version);
        for (Offer offer : log.offers()) {
            learnt(offer.manifest());
            waits(offer.manifest());
        }
    }

    private void learnt(ModelVersion version) {
        if (version.origin().job().startsWith(LEARNER))
            jobs.put(version.id(), version.origin().job());
    }

    private void waits(ModelVersion version) {
        waiting.computeIfAbsent(version.id(), id -> new ArrayList<>()).add(version);
    }

    /** Reads what has been published and goes on from there. */
    public static ModelPublisher open(KafkaConnection connection, Producer<byte[], byte[]> producer)
            throws InterruptedException {
        ModelLog log = new ModelLog(version -> false);
        TopicTail tail = new TopicTail(connection, connection.names().models(), 0);
        try {
            tail.drain(log.sink(TOLD));
        } catch (RuntimeException e) {
            tail.close();
            throw e;
        }
        return new ModelPublisher(producer, connection.names().models(), log, tail);
    }

    /** The latest job of a learner on a network; empty when there is none. */
    public String lastJob(ModelId id) {
        return jobs.getOrDefault(id, "");
    }

    /** The versions of a network that are kept now, and those offered that have no number yet. */
    public List<ModelVersion> kept(ModelId id) {
        follow();
        List<ModelVersion> kept = new ArrayList<>(log.every(id));
        kept.addAll(waiting.getOrDefault(id, List.of()));
        return kept;
    }

    private void follow() {
        TopicTail followed = tail;
        if (followed != null) {
            int read = followed.poll(FOLLOW, log.sink(TOLD));
            while (read > 0) read = followed.poll(FOLLOW, log.sink(TOLD));
        }
        for (Map.Entry<ModelId, List<ModelVersion>> entry : waiting.entrySet()) {
            Deployment deployment = log.deployment(entry.getKey());
            entry.getValue()
                    .removeIf(version ->
                            deployment.jobs().containsKey(version.origin().job()));
        }
    }

    /**
     * Offers a learner's version; it counts when the caller commits.
     *
     * @param draft the manifest but for number, {@code sha256}, {@code chunks} and jobs
     * @param whenMs epoch milliseconds
     * @return the manifest as offered
     */
    public ModelVersion publish(ModelVersion draft, NetworkState weights, long whenMs) {
        byte[] file = Safetensors.write(weights.weights());
        String job = LEARNER + draft.training().rowsTaught() + "-"
                + Chunk.sha256(file).substring(0, 16);
        ModelVersion version = draft.as(0, 0).by(job, lastJob(draft.id())).of(file);
        Map<String, Double> figures = new HashMap<>();
        figures.put("reference-median", version.reference().median());
        figures.put("loss", version.training().loss());
        figures.put("rows-taught", (double) version.training().rowsTaught());
        String why = "it beats the learner's last version on the rows held out";
        send(producer, topic, new Offer(version, ModelState.CHAMPION, "learner", why, whenMs, figures), file);
        jobs.put(version.id(), job);
        waits(version);
        return version;
    }

    /** Says something of a network, for the audit; it counts when the caller commits. */
    public void say(RegistryCommand command) {
        send(producer, topic, command.key(), RegistryJson.write(command));
    }

    /**
     * Offers a version as a challenger, in the caller's transaction; it counts when the caller commits. The same job may do so
     * again: its first offer counts.
     *
     * @param topic the models topic, {@code connection.names().models()}
     * @param draft the manifest but for number, {@code sha256} and {@code chunks}; its job is named
     * @param figures the numbers behind it; at most 64
     */
    public static ModelVersion challenge(
            Producer<byte[], byte[]> producer,
            String topic,
            ModelVersion draft,
            NetworkState weights,
            String who,
            String why,
            long whenMs,
            Map<String, Double> figures) {
        byte[] file = Safetensors.write(weights.weights());
        ModelVersion version = draft.as(0, draft.origin().parent()).of(file);
        Offer offer = new Offer(version, ModelState.CHALLENGER, who, why, whenMs, figures);
        send(producer, topic, offer, file);
        return version;
    }

    /**
     * Offers a version as a challenger in a transaction of its own and waits for its number.
     *
     * @return the manifest as published, by this offer or by an earlier one of the same job
     * @throws IllegalStateException when no registrar answers in time, naming the remedy
     */
    public static ModelVersion challenge(
            KafkaConnection connection,
            ModelVersion draft,
            NetworkState weights,
            String who,
            String why,
            long whenMs,
            Map<String, Double> figures,
            Duration within)
            throws InterruptedException {
        String id = connection.names().role("models-" + draft.origin().job());
        try (Producer<byte[], byte[]> producer = Transactions.producer(connection, id, Map.of())) {
            producer.beginTransaction();
            challenge(producer, connection.names().models(), draft, weights, who, why, whenMs, figures);
            producer.commitTransaction();
        }
        return RegistryClient.awaitJob(connection, draft.id(), draft.origin().job(), within);
    }

    private static void send(Producer<byte[], byte[]> producer, String topic, Offer offer, byte[] file) {
        int from = 0;
        for (Chunk chunk : offer.manifest().weights().chunks()) {
            byte[] piece = Chunk.piece(file, from);
            send(producer, topic, offer.manifest().chunkKey(chunk.sha256()), piece);
            from += piece.length;
        }
        send(producer, topic, offer.key(), RegistryJson.write(offer));
    }

    private static void send(Producer<byte[], byte[]> producer, String topic, String key, byte[] value) {
        producer.send(new ProducerRecord<>(topic, 0, key.getBytes(StandardCharsets.UTF_8), value));
    }

    @Override
    public void close() {
        if (tail != null) tail.close();
    }
}
