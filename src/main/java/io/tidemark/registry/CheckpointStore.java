package io.tidemark.registry;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.broker.KafkaConnection;
import io.tidemark.engine.NetworkState;
import io.tidemark.engine.Safetensors;
import io.tidemark.learning.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of the streams of one partition, on the compacted topic {@code checkpoints}.
 *
 * <p>A checkpoint is a manifest, keyed by the stream, and the chunks it names, keyed by stream and hash. Chunks that have not
 * changed since the last checkpoint are not written again, and chunks that it no longer names are tombstoned. All of it, with
 * the consumed offsets and the versions published, belongs to the caller's one transaction. Opened by the partition's new owner;
 * after an aborted transaction it must be opened anew. Owned by one thread.
 */
public final class CheckpointStore {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final String topic;
    private final int partition;
    private final Map<String, Stored> stored = new HashMap<>();
    private final Map<String, Set<String>> written = new HashMap<>();

    /**
     * A checkpoint with the offsets that it stands at.
     *
     * @param offsets the next offset to read, by topic name without its prefix
     */
    public record Stored(Checkpoint checkpoint, Map<String, Long> offsets) {
        public Stored {
            offsets = Map.copyOf(offsets);
        }
    }

    /**
     * @param format 1
     * @param offsets by topic
     * @param head pieces of {@link Checkpoint#head}
     * @param blocks pieces of each block, by number
     * @param states pieces of each state, by name
     */
    record Manifest(
            int format,
            Map<String, Long> offsets,
            List<Chunk> head,
            Map<Long, List<Chunk>> blocks,
            Map<String, List<Chunk>> states) {
        static final int FORMAT = 1;
    }

    private CheckpointStore(String topic, int partition) {
        this.topic = topic;
        this.partition = partition;
    }

    /** Reads the checkpoints of a partition. */
    public static CheckpointStore open(KafkaConnection connection, int partition) throws InterruptedException {
        CheckpointStore store = new CheckpointStore(connection.names().checkpoints(), partition);
        Map<String, byte[]> chunks = new HashMap<>();
        Map<String, byte[]> manifests = new TreeMap<>();
        try (TopicTail tail = new TopicTail(connection, store.topic, partition)) {
            tail.drain(record -> {
                String key = new String(record.key(), StandardCharsets.UTF_8);
                Map<String, byte[]> of = key.indexOf('/') < 0 ? manifests : chunks;
                if (record.value() == null) of.remove(key);
                else of.put(key, record.value());
            });
        }
        manifests.forEach((stream, json) -> store.read(stream, json, chunks));
        return store;
    }

    private void read(String stream, byte[] json, Map<String, byte[]> chunks) {
        Set<String> present = new HashSet<>();
        for (String key : chunks.keySet()) if (key.startsWith(stream + "/")) present.add(key);
        written.put(stream, present);
        try {
            Manifest manifest = JSON.readValue(json, Manifest.class);
            if (manifest.format() != Manifest.FORMAT) throw new DamagedModelException("format " + manifest.format());
            Map<Long, byte[]> blocks = new TreeMap<>();
            manifest.blocks().forEach((number, pieces) -> blocks.put(number, join(stream, pieces, chunks)));
            Map<String, NetworkState> states = new LinkedHashMap<>();
            manifest.states()
                    .forEach((name, pieces) -> states.put(name, Safetensors.read(join(stream, pieces, chunks))));
            byte[] head = join(stream, manifest.head(), chunks);
            stored.put(stream, new Stored(new Checkpoint(head, blocks, states), manifest.offsets()));
        } catch (IOException | RuntimeException e) {
            LOG.error("the checkpoint of stream {} cannot be read; its learner starts anew: {}", stream, e.toString());
        }
    }

    private static byte[] join(String stream, List<Chunk> pieces, Map<String, byte[]> chunks) {
        return Chunk.join(pieces, hash -> chunks.get(stream + "/" + hash));
    }

    /** What was read for a stream when the store was opened; each is given once, so that it can be freed. */
    public @Nullable Stored take(String stream) {
        return stored.remove(stream);
    }

    /** Sends a stream's checkpoint; it counts when the caller commits. */
    public void write(
            Producer<byte[], byte[]> producer, String stream, Checkpoint checkpoint, Map<String, Long> offsets) {
        Set<String> before = written.getOrDefault(stream, Set.of());
        Set<String> now = new HashSet<>();
        List<Chunk> head = send(producer, stream, checkpoint.head(), before, now);
        Map<Long, List<Chunk>> blocks = new TreeMap<>();
        checkpoint.blocks().forEach((number, bytes) -> blocks.put(number, send(producer, stream, bytes, before, now)));
        Map<String, List<Chunk>> states = new LinkedHashMap<>();
        checkpoint
                .states()
                .forEach((name, state) ->
                        states.put(name, send(producer, stream, Safetensors.write(state), before, now)));
        try {
            Manifest manifest = new Manifest(Manifest.FORMAT, offsets, head, blocks, states);
            send(producer, stream, JSON.writeValueAsBytes(manifest));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        for (String key : before) if (!now.contains(key)) send(producer, key, null);
        written.put(stream, now);
    }

    private List<Chunk> send(
            Producer<byte[], byte[]> producer, String stream, byte[] content, Set<String> before, Set<String> now) {
        List<Chunk> chunks = Chunk.of(content);
        int from = 0;
        for (Chunk chunk : chunks) {
            String key = stream + "/" + chunk.sha256();
            if (now.add(key) && !before.contains(key)) send(producer, key, Chunk.piece(content, from));
            from += chunk.bytes();
        }
        return chunks;
    }

    private void send(Producer<byte[], byte[]> producer, String key, byte @Nullable [] value) {
        producer.send(new ProducerRecord<>(topic, partition, key.getBytes(StandardCharsets.UTF_8), value));
    }
}
