package io.tidemark.registry;

import io.tidemark.engine.EngineException;
import io.tidemark.engine.Safetensors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the records of {@code models} mean, in the order of the log.
 *
 * <ol>
 *   <li>A model exists from its manifest on; the manifest comes after all its chunks, in the same transaction.
 *   <li>The first manifest of a version counts; later ones of the same version are not models, whatever they say.
 *   <li>A manifest whose chunks are missing or damaged is not a model; it is counted.
 *   <li>A tombstone of a version's manifest ends that version.
 * </ol>
 *
 * <p>Memory is bounded: chunks wait for their manifest in at most {@link #WAITING_BYTES_MAX}, the oldest dropped first, and
 * weights are kept for the newest version of each network only. Owned by one thread.
 */
final class ModelLog {
    static final long WAITING_BYTES_MAX = 512L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ModelLog.class);

    private final Predicate<ModelVersion> wanted;
    private final Map<String, byte[]> chunks = new LinkedHashMap<>();
    private long chunkBytes;
    private final Map<ModelId, NavigableMap<Integer, List<ModelVersion>>> versions = new TreeMap<>();
    private final Map<ModelId, Model> newest = new HashMap<>();
    private long damaged;

    /** @param wanted whose weights are kept; manifests are kept of all */
    ModelLog(Predicate<ModelVersion> wanted) {
        this.wanted = wanted;
    }

    /** Takes the next record; a key or value that is not the registry's is counted and passed over. */
    void apply(byte @Nullable [] keyBytes, byte @Nullable [] value, long timestampMs) {
        String key = keyBytes == null ? "" : new String(keyBytes, StandardCharsets.UTF_8);
        if (key.startsWith("chunk/")) {
            chunk(key, value);
        } else if (key.startsWith("model/")) {
            if (value == null) removed(key);
            else manifest(key, value, timestampMs);
        } else {
            damaged(key, "its key is not the registry's");
        }
    }

    private void chunk(String key, byte @Nullable [] value) {
        byte[] old = value == null ? chunks.remove(key) : chunks.put(key, value);
        chunkBytes += (value == null ? 0 : value.length) - (old == null ? 0 : old.length);
        while (chunkBytes > WAITING_BYTES_MAX) {
            String oldest = chunks.keySet().iterator().next();
            byte[] dropped = chunks.remove(oldest);
            chunkBytes -= dropped == null ? 0 : dropped.length;
            damaged(oldest, "too many chunks wait for their manifest");
        }
    }

    private void manifest(String key, byte[] json, long timestampMs) {
        ModelVersion version;
        try {
            version = ModelVersion.fromJson(json);
        } catch (DamagedModelException e) {
            damaged(key, String.valueOf(e.getMessage()));
            return;
        }
        List<ModelVersion> same = versions.computeIfAbsent(version.id(), id -> new TreeMap<>())
                .computeIfAbsent(version.version(), v -> new ArrayList<>());
        boolean known = same.stream().anyMatch(other -> other.sha256().equals(version.sha256()));
        if (!known) same.add(version);
        Model current = newest.get(version.id());
        boolean first = same.get(0).sha256().equals(version.sha256());
        boolean newer = current == null || current.manifest().version() < version.version();
        if (first && newer && wanted.test(version)) {
            try {
                byte[] file = Chunk.join(version.chunks(), hash -> chunks.get(version.chunkKey(hash)));
                newest.put(version.id(), new Model(version, Safetensors.read(file), timestampMs));
            } catch (DamagedModelException | EngineException | IllegalArgumentException e) {
                damaged(key, String.valueOf(e.getMessage()));
            }
        }
        for (Chunk chunk : version.chunks()) chunk(version.chunkKey(chunk.sha256()), null);
    }

    private void removed(String key) {
        String[] parts = key.split("/", -1);
        if (parts.length != 5) return;
        ModelId id = new ModelId(parts[1], parts[2]);
        NavigableMap<Integer, List<ModelVersion>> of = versions.get(id);
        if (of == null || !parts[3].matches("[0-9]{1,9}")) return;
        int version = Integer.parseInt(parts[3]);
        List<ModelVersion> same = of.get(version);
        if (same == null) return;
        same.removeIf(other -> other.sha256().equals(parts[4]));
        if (!same.isEmpty()) return;
        of.remove(version);
        if (of.isEmpty()) versions.remove(id);
        Model current = newest.get(id);
        if (current != null && current.manifest().version() == version) newest.remove(id);
    }

    private void damaged(String key, String reason) {
        damaged++;
        LOG.warn("record {} of the models topic is passed over: {}", key, reason);
    }

    /** Records that were passed over. */
    long damaged() {
        return damaged;
    }

    /** The newest complete version of each wanted network. */
    Map<ModelId, Model> newest() {
        return Map.copyOf(newest);
    }

    /** The manifests that count, by network and then by version. */
    List<ModelVersion> manifests() {
        List<ModelVersion> all = new ArrayList<>();
        for (NavigableMap<Integer, List<ModelVersion>> of : versions.values()) {
            for (List<ModelVersion> same : of.values()) all.add(same.get(0));
        }
        return all;
    }

    /** Every manifest of a network, of lost races too, oldest version first. */
    List<ModelVersion> every(ModelId id) {
        NavigableMap<Integer, List<ModelVersion>> of = versions.getOrDefault(id, new TreeMap<>());
        return of.values().stream().flatMap(Collection::stream).toList();
    }

    /** The highest version number taken; 0 when there is none. */
    int last(ModelId id) {
        NavigableMap<Integer, List<ModelVersion>> of = versions.get(id);
        return of == null ? 0 : of.lastKey();
    }
}
