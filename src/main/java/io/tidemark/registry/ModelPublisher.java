package io.tidemark.registry;

import io.tidemark.broker.KafkaConnection;
import io.tidemark.engine.NetworkState;
import io.tidemark.engine.Safetensors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes versions to {@code models}, inside the caller's transaction: chunks first, the manifest after them, then tombstones of
 * versions beyond {@link #KEEP}.
 *
 * <p>It knows the versions that were there when it was opened and those it has written since; after an aborted transaction it
 * must be opened anew.
 */
public final class ModelPublisher {
    /** Versions of a network that stay readable. */
    public static final int KEEP = 5;

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final ModelLog log;

    ModelPublisher(Producer<byte[], byte[]> producer, String topic, ModelLog log) {
        this.producer = producer;
        this.topic = topic;
        this.log = log;
    }

    /** Reads what has been published and goes on from there. */
    public static ModelPublisher open(KafkaConnection connection, Producer<byte[], byte[]> producer)
            throws InterruptedException {
        return new ModelPublisher(
                producer, connection.names().models(), ModelReader.drained(connection, version -> false));
    }

    /** The highest version of a network so far; 0 when there is none. */
    public int last(ModelId id) {
        return log.last(id);
    }

    /** The manifests of a network that are kept, as far as this publisher knows. */
    public List<ModelVersion> kept(ModelId id) {
        return log.every(id);
    }

    /**
     * Sends a version's records; they count when the caller commits.
     *
     * @param draft the manifest but for {@code sha256} and {@code chunks}; its version is one above {@link #last}
     * @return the manifest as sent
     * @throws IllegalArgumentException when the version is taken
     */
    public ModelVersion publish(ModelVersion draft, NetworkState weights) {
        if (draft.version() <= log.last(draft.id())) {
            throw new IllegalArgumentException(
                    "version " + draft.label() + " is taken; the next one is " + (log.last(draft.id()) + 1));
        }
        byte[] file = Safetensors.write(weights.weights());
        ModelVersion version = draft.of(file);
        int from = 0;
        for (Chunk chunk : version.chunks()) {
            byte[] piece = Chunk.piece(file, from);
            send(version.chunkKey(chunk.sha256()), piece);
            from += piece.length;
        }
        send(version.key(), version.toJson());
        log.apply(utf8(version.key()), version.toJson(), 0);
        retire(version.id());
        return version;
    }

    private void retire(ModelId id) {
        List<ModelVersion> every = log.every(id);
        int[] numbers = every.stream()
                .mapToInt(ModelVersion::version)
                .distinct()
                .sorted()
                .toArray();
        if (numbers.length <= KEEP) return;
        int oldestKept = numbers[numbers.length - KEEP];
        List<ModelVersion> old = new ArrayList<>(every);
        old.removeIf(version -> version.version() >= oldestKept);
        for (ModelVersion version : old) {
            send(version.key(), null);
            for (Chunk chunk : version.chunks()) send(version.chunkKey(chunk.sha256()), null);
            log.apply(utf8(version.key()), null, 0);
        }
    }

    /**
     * Publishes one model in a transaction of its own, under the next free version: what an import does.
     *
     * @return the manifest as published
     */
    public static ModelVersion publishAlone(KafkaConnection connection, ModelVersion manifest, NetworkState weights)
            throws InterruptedException {
        Map<String, Object> own = Map.of("transactional.id", connection.names().role("models-import"));
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(own)) {
            producer.initTransactions();
            ModelPublisher publisher = open(connection, producer);
            int next = publisher.last(manifest.id()) + 1;
            producer.beginTransaction();
            ModelVersion published = publisher.publish(manifest.as(next, 0), weights);
            producer.commitTransaction();
            return published;
        }
    }

    private void send(String key, byte @Nullable [] value) {
        producer.send(new ProducerRecord<>(topic, 0, utf8(key), value));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
