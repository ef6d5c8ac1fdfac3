package io.tidemark.model.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tidemark.learn.learning.Checkpoint;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Safetensors;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of a checkpoint: the offsets it stands at and the pieces of its parts.
 *
 * @param format {@value #FORMAT}; 1 is read too, and has no lineages
 * @param offsets the next offset to read, by topic without its prefix
 * @param head pieces of {@link Checkpoint#head}
 * @param blocks pieces of each block, by number
 * @param states pieces of each state, by name
 * @param lineages of the versions to come, by network; a network without one begins its lineage at this checkpoint
 */
record StoredCheckpoint(
        int format,
        Map<String, Long> offsets,
        List<Chunk> head,
        Map<Long, List<Chunk>> blocks,
        Map<String, List<Chunk>> states,
        Map<String, OpenLineage> lineages) {
    static final int FORMAT = 2;

    private static final ObjectMapper JSON = new ObjectMapper()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    StoredCheckpoint {
        offsets = Map.copyOf(offsets);
        for (long offset : offsets.values()) {
            if (offset < 0) throw new IllegalArgumentException("a checkpoint stands at offset " + offset);
        }
        head = List.copyOf(head);
        blocks = new TreeMap<>(blocks);
        states = new LinkedHashMap<>(states);
        lineages = mapOrEmpty(lineages);
    }

    private static Map<String, OpenLineage> mapOrEmpty(@Nullable Map<String, OpenLineage> lineages) {
        return lineages == null ? Map.of() : Map.copyOf(lineages);
    }

    /** What a lineage of one network begins with: this checkpoint without other networks' states. */
    StoredCheckpoint parentOf(String network) {
        Map<String, List<Chunk>> own = new LinkedHashMap<>();
        states.forEach((name, pieces) -> {
            if (name.startsWith(network + "/")) own.put(name, pieces);
        });
        return new StoredCheckpoint(FORMAT, offsets, head, blocks, own, Map.of());
    }

    /** The hashes of all its pieces. */
    Set<String> hashes() {
        Set<String> hashes = new HashSet<>();
        for (Chunk chunk : head) hashes.add(chunk.sha256());
        for (List<Chunk> pieces : blocks.values()) for (Chunk chunk : pieces) hashes.add(chunk.sha256());
        for (List<Chunk> pieces : states.values()) for (Chunk chunk : pieces) hashes.add(chunk.sha256());
        return hashes;
    }

    /**
     * Puts the checkpoint together.
     *
     * @param chunk gives a piece by its hash; null when it has none
     * @throws DamagedModelException when one is missing or damaged
     */
    Checkpoint join(Function<String, byte @Nullable []> chunk) {
        Map<Long, byte[]> whole = new TreeMap<>();
        blocks.forEach((number, pieces) -> whole.put(number, Chunk.join(pieces, chunk)));
        Map<String, NetworkState> read = new LinkedHashMap<>();
        states.forEach((name, pieces) -> read.put(name, Safetensors.read(Chunk.join(pieces, chunk))));
        return new Checkpoint(Chunk.join(head, chunk), whole, read);
    }

    byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws DamagedModelException when it is not a manifest of a known format */
    static StoredCheckpoint fromJson(byte[] json) {
        try {
            StoredCheckpoint read = JSON.readValue(json, StoredCheckpoint.class);
            if (read == null) throw new DamagedModelException("a checkpoint must be a JSON object");
            if (read.format() < 1 || read.format() > FORMAT) {
                throw new DamagedModelException(RegistryJson.unknownFormat("a checkpoint", read.format()));
            }
            return read;
        } catch (IOException | IllegalArgumentException | NullPointerException e) {
            throw new DamagedModelException("a checkpoint cannot be read: " + e, e);
        }
    }
}
