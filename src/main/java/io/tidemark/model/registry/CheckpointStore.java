package io.tidemark.model.registry;

import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.TopicTail;
import io.tidemark.learn.learning.Checkpoint;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.Safetensors;
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
 * <p>A checkpoint is a manifest, keyed by the stream, and the chunks it names, keyed by stream and hash. Parent checkpoints of
 * versions and of lineages that go on are kept beside it, keyed {@code STREAM@NETWORK@SHA256}; they share its chunks. Chunks that
 * have not changed since the last checkpoint are not written again, and chunks that no manifest names are tombstoned. All of it,
 * with the consumed offsets and the versions published, belongs to the caller's one transaction. Opened by the partition's new
 * owner; after an aborted transaction it must be opened anew. Owned by one thread.
 */
public final class CheckpointStore {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);

    private static final PassedOver TOLD = new PassedOver("learner", null);

    private final String topic;
    private final int partition;
    private final Map<String, Stored> stored = new HashMap<>();
    private final Map<String, StoredCheckpoint> last = new HashMap<>();
    private final Map<String, Set<String>> written = new HashMap<>();
    /** Parent checkpoints by key. */
    private final Map<String, Parent> parents = new TreeMap<>();

    /**
     * A checkpoint with the offsets that it stands at.
     *
     * @param offsets the next offset to read, by topic name without its prefix
     * @param lineages of the versions to come, by network; one whose parent is gone is left out
     */
    public record Stored(Checkpoint checkpoint, Map<String, Long> offsets, Map<String, OpenLineage> lineages) {
        public Stored {
            offsets = Map.copyOf(offsets);
            lineages = Map.copyOf(lineages);
        }
    }

    /** A parent checkpoint; sent once it is on the topic, or in the transaction under way. */
    private record Parent(String stream, String sha256, byte[] json, Set<String> hashes, boolean sent) {}

    private CheckpointStore(String topic, int partition) {
        this.topic = topic;
        this.partition = partition;
    }

    /** What the topic holds: chunks by {@code STREAM/SHA256}, checkpoints by stream, parents by {@code STREAM@NETWORK@SHA256}. */
    private record Content(Map<String, byte[]> chunks, Map<String, byte[]> manifests, Map<String, byte[]> parents) {}

    private static Content content(KafkaConnection connection, int partition) throws InterruptedException {
        Content content = new Content(new HashMap<>(), new TreeMap<>(), new TreeMap<>());
        try (TopicTail tail = new TopicTail(connection, connection.names().checkpoints(), partition)) {
            tail.drain(record -> {
                if (record.key() == null) {
                    TOLD.tell(record, "a record of checkpoints must have a key");
                    return;
                }
                String key = new String(record.key(), StandardCharsets.UTF_8);
                Map<String, byte[]> of = key.indexOf('@') >= 0
                        ? content.parents
                        : key.indexOf('/') < 0 ? content.manifests : content.chunks;
                if (record.value() == null) of.remove(key);
                else of.put(key, record.value());
            });
        }
        return content;
    }

    /** Reads the checkpoints of a partition. */
    public static CheckpointStore open(KafkaConnection connection, int partition) throws InterruptedException {
        CheckpointStore store = new CheckpointStore(connection.names().checkpoints(), partition);
        Content content = content(connection, partition);
        content.parents.forEach(store::readParent);
        content.manifests.forEach((stream, json) -> store.read(stream, json, content.chunks));
        return store;
    }

    /**
     * Reads the parent checkpoint of a version; reads the partition once.
     *
     * @return null when it is not kept
     */
    public static @Nullable Checkpoint parent(
            KafkaConnection connection, int partition, String stream, String network, String sha256)
            throws InterruptedException {
        Content content = content(connection, partition);
        byte[] json = content.parents.get(parentKey(stream, network, sha256));
        if (json == null) return null;
        return StoredCheckpoint.fromJson(json).join(hash -> content.chunks.get(stream + "/" + hash));
    }

    private static String parentKey(String stream, String network, String sha256) {
        return stream + "@" + network + "@" + sha256;
    }

    private void readParent(String key, byte[] json) {
        String[] parts = key.split("@", -1);
        try {
            Set<String> hashes = StoredCheckpoint.fromJson(json).hashes();
            parents.put(key, new Parent(parts[0], parts[parts.length - 1], json, hashes, true));
        } catch (DamagedModelException e) {
            LOG.error("parent checkpoint {} cannot be read: {}", key, e.getMessage());
        }
    }

    private void read(String stream, byte[] json, Map<String, byte[]> chunks) {
        Set<String> present = new HashSet<>();
        for (String key : chunks.keySet()) if (key.startsWith(stream + "/")) present.add(key);
        written.put(stream, present);
        try {
            StoredCheckpoint manifest = StoredCheckpoint.fromJson(json);
            Checkpoint checkpoint = manifest.join(hash -> chunks.get(stream + "/" + hash));
            Map<String, OpenLineage> lineages = new HashMap<>();
            manifest.lineages().forEach((network, lineage) -> {
                boolean there = parents.containsKey(parentKey(stream, network, lineage.parent()));
                if (there || lineage.parent().isEmpty()) lineages.put(network, lineage);
            });
            stored.put(stream, new Stored(checkpoint, manifest.offsets(), lineages));
            last.put(stream, manifest);
        } catch (DamagedModelException | EngineException | IllegalArgumentException e) {
            LOG.error(
                    "the checkpoint of stream {} cannot be read; its learner starts from the beginning: {}",
                    stream,
                    e.toString());
        }
    }

    /** What was read for a stream when the store was opened; each is given once, so that it can be freed. */
    public @Nullable Stored take(String stream) {
        return stored.remove(stream);
    }

    /**
     * Makes a stream's last checkpoint the parent of a network's next version; it is written with the next one.
     *
     * @return its hash; empty when there is no checkpoint yet
     */
    public String begin(String stream, String network) {
        StoredCheckpoint manifest = last.get(stream);
        if (manifest == null) return "";
        StoredCheckpoint parent = manifest.parentOf(network);
        byte[] json = parent.toJson();
        String sha256 = Chunk.sha256(json);
        parents.putIfAbsent(
                parentKey(stream, network, sha256), new Parent(stream, sha256, json, parent.hashes(), false));
        return sha256;
    }

    /**
     * Sends a stream's checkpoint; it counts when the caller commits.
     *
     * @param lineages of versions to come, by network; a network without one begins its lineage here, see {@link #begin}
     * @param kept hashes of the parents of the stream's versions that are kept; other parents are given up
     */
    public void write(
            Producer<byte[], byte[]> producer,
            String stream,
            Checkpoint checkpoint,
            Map<String, Long> offsets,
            Map<String, OpenLineage> lineages,
            Set<String> kept) {
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
        Set<String> wanted = new HashSet<>(kept);
        lineages.values().forEach(lineage -> wanted.add(lineage.parent()));
        sendParents(producer, stream, wanted, now);
        StoredCheckpoint manifest =
                new StoredCheckpoint(StoredCheckpoint.FORMAT, offsets, head, blocks, states, lineages);
        send(producer, stream, manifest.toJson());
        for (String key : before) if (!now.contains(key)) send(producer, key, null);
        written.put(stream, now);
        last.put(stream, manifest);
    }

    /** Sends parents that are new, gives those up that nobody wants, and counts the chunks of the others as present. */
    private void sendParents(Producer<byte[], byte[]> producer, String stream, Set<String> wanted, Set<String> now) {
        for (Map.Entry<String, Parent> entry : List.copyOf(parents.entrySet())) {
            Parent parent = entry.getValue();
            if (!parent.stream.equals(stream)) continue;
            if (!wanted.contains(parent.sha256)) {
                if (parent.sent) send(producer, entry.getKey(), null);
                parents.remove(entry.getKey());
                continue;
            }
            if (!parent.sent) {
                send(producer, entry.getKey(), parent.json);
                parents.put(entry.getKey(), new Parent(parent.stream, parent.sha256, parent.json, parent.hashes, true));
            }
            for (String hash : parent.hashes) now.add(stream + "/" + hash);
        }
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
