package io.tidemark.model.registry;

import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.TopicTail;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.Safetensors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the records of {@code models} mean, in the order of the log.
 *
 * <ol>
 *   <li>A model exists from its manifest on; its chunks come before it.
 *   <li>The first manifest of a version counts; later ones of the same version are not models, whatever they say.
 *   <li>A manifest whose chunks are missing or damaged is not a model; it is counted.
 *   <li>A tombstone of a version's manifest ends that version.
 *   <li>A network without a standing has its newest whole version as champion, and one whose champion is damaged the champion
 *       before it.
 * </ol>
 *
 * <p>Memory is bounded: chunks take at most {@link #CHUNK_BYTES_MAX}, the oldest dropped first; those of versions that are not
 * wanted are dropped with their manifest. Owned by one thread.
 */
final class ModelLog {
    static final long CHUNK_BYTES_MAX = 512L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ModelLog.class);

    private final Predicate<ModelVersion> wanted;
    private final Map<String, byte[]> chunks = new LinkedHashMap<>();
    private long chunkBytes;
    private final Map<ModelId, NavigableMap<Integer, List<ModelVersion>>> versions = new TreeMap<>();
    private final Map<ModelVersion, Model> whole = new HashMap<>();
    private final Map<ModelVersion, Long> published = new HashMap<>();
    private final Map<ModelId, Deployment> deployments = new TreeMap<>();
    private final Map<ModelId, AuditTrail> audit = new TreeMap<>();
    private final Map<String, Offer> offers = new LinkedHashMap<>();
    private final Map<String, RegistryCommand> commands = new LinkedHashMap<>();
    private long damaged;

    /** @param wanted whose weights are kept; manifests are kept of all */
    ModelLog(Predicate<ModelVersion> wanted) {
        this.wanted = wanted;
    }

    /** Takes each record, and tells of those that are passed over. */
    TopicTail.Sink sink(PassedOver told) {
        return record -> {
            String why = apply(record.key(), record.value(), record.timestamp());
            if (why != null) told.tell(record, why);
        };
    }

    /**
     * Takes the next record, whoever wrote it.
     *
     * @return why it is passed over, and counted: its key or value is not the registry's, or its key is not what its value says;
     *     null when it was taken
     */
    @Nullable
    String apply(byte @Nullable [] keyBytes, byte @Nullable [] value, long timestampMs) {
        String key = keyBytes == null ? "" : new String(keyBytes, StandardCharsets.UTF_8);
        try {
            switch (key.substring(0, Math.max(0, key.indexOf('/')))) {
                case "chunk" -> chunk(key, value);
                case "model" -> {
                    if (value == null) removed(key);
                    else manifest(key, value, timestampMs);
                }
                case "offer" -> replace(offers, key, value, Offer.class, Offer::key);
                case "command" -> replace(commands, key, value, RegistryCommand.class, RegistryCommand::key);
                case "standing" -> deployment(key, value);
                case "audit" -> audit(key, value, timestampMs);
                default -> throw new DamagedModelException("its key is not the registry's");
            }
            return null;
        } catch (DamagedModelException e) {
            damaged++;
            return String.valueOf(e.getMessage());
        }
    }

    /** Whoever finds a record by its key must find what its value says. */
    private static void check(String key, String due) {
        if (!key.equals(due)) throw new DamagedModelException("its key is not " + due + ", as its value says");
    }

    private static <T> void replace(
            Map<String, T> all, String key, byte @Nullable [] value, Class<T> type, Function<T, String> due) {
        if (value == null) {
            all.remove(key);
            return;
        }
        T read = RegistryJson.read(value, type);
        check(key, due.apply(read));
        all.put(key, read);
    }

    private void deployment(String key, byte @Nullable [] value) {
        if (value == null) return;
        Deployment deployment = RegistryJson.read(value, Deployment.class);
        check(key, deployment.key());
        deployments.put(deployment.id(), deployment);
    }

    private void audit(String key, byte @Nullable [] value, long timestampMs) {
        if (value == null) return;
        AuditEntry entry = RegistryJson.read(value, AuditEntry.class);
        if (!entry.mayLieAt(key)) check(key, entry.key());
        audit.computeIfAbsent(entry.model(), id -> new AuditTrail()).put(key, entry, timestampMs);
    }

    private void chunk(String key, byte @Nullable [] value) {
        if (value != null && value.length > Chunk.BYTES_MAX) {
            throw new DamagedModelException("a chunk of " + value.length + " bytes is over " + Chunk.BYTES_MAX);
        }
        if (value != null) check(key, key.substring(0, key.lastIndexOf('/') + 1) + Chunk.sha256(value));
        byte[] old = value == null ? chunks.remove(key) : chunks.put(key, value);
        chunkBytes += (value == null ? 0 : value.length) - (old == null ? 0 : old.length);
        while (chunkBytes > CHUNK_BYTES_MAX) {
            String oldest = chunks.keySet().iterator().next();
            byte[] dropped = chunks.remove(oldest);
            chunkBytes -= dropped == null ? 0 : dropped.length;
            damaged(oldest, "the weights of all versions together are over " + CHUNK_BYTES_MAX + " bytes");
        }
    }

    private void manifest(String key, byte[] json, long timestampMs) {
        ModelVersion version = ModelVersion.fromJson(json);
        check(key, version.key());
        if (version.version() < 1) throw new DamagedModelException("a version is counted from 1");
        List<ModelVersion> same = versions.computeIfAbsent(version.id(), id -> new TreeMap<>())
                .computeIfAbsent(version.version(), v -> new ArrayList<>());
        boolean known = same.stream()
                .anyMatch(other ->
                        other.weights().sha256().equals(version.weights().sha256()));
        if (!known) {
            same.add(version);
            published.put(version, timestampMs);
        }
        boolean first = same.get(0).weights().sha256().equals(version.weights().sha256());
        if (!first || !wanted.test(version)) forget(version);
    }

    private void forget(ModelVersion version) {
        for (Chunk chunk : version.weights().chunks()) chunk(version.chunkKey(chunk.sha256()), null);
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
        same.removeIf(other -> {
            boolean gone = other.weights().sha256().equals(parts[4]);
            if (gone) {
                whole.remove(other);
                published.remove(other);
            }
            return gone;
        });
        if (!same.isEmpty()) return;
        of.remove(version);
        if (of.isEmpty()) versions.remove(id);
    }

    private void damaged(String key, String reason) {
        damaged++;
        LOG.warn("record {} of the models topic is passed over: {}", key, reason);
    }

    /** The value that a key has, without what was passed over; null where there is none, or it is not in memory. */
    byte @Nullable [] kept(String key) {
        if (chunks.containsKey(key)) return chunks.get(key);
        if (offers.containsKey(key)) return RegistryJson.write(Objects.requireNonNull(offers.get(key)));
        if (commands.containsKey(key)) return RegistryJson.write(Objects.requireNonNull(commands.get(key)));
        ModelId id = named(key);
        if (id == null) return null;
        Deployment deployment = deployments.get(id);
        if (deployment != null && deployment.key().equals(key)) return RegistryJson.write(deployment);
        for (ModelVersion version : every(id)) if (version.key().equals(key)) return version.toJson();
        AuditTrail trail = audit.get(id);
        AuditEntry entry = trail == null ? null : trail.at(key);
        return entry == null ? null : RegistryJson.write(entry);
    }

    /** The network whose record a key names; null when it names none. */
    private static @Nullable ModelId named(String key) {
        String[] parts = key.split("/", -1);
        try {
            return parts.length < 3 ? null : new ModelId(parts[1], parts[2]);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Records that were passed over, and models found damaged. */
    long damaged() {
        return damaged;
    }

    /** A version with its weights, put together when first asked for; null when it is not there, not wanted or damaged. */
    @Nullable
    Model model(ModelId id, int number) {
        ModelVersion version = version(id, number);
        if (version == null || !wanted.test(version)) return null;
        Model known = whole.get(version);
        if (known != null) return known;
        if (!published.containsKey(version)) return null;
        try {
            byte[] file = Chunk.join(version.weights().chunks(), hash -> chunks.get(version.chunkKey(hash)));
            Model model = new Model(version, Safetensors.read(file), Objects.requireNonNull(published.get(version)));
            whole.put(version, model);
            return model;
        } catch (DamagedModelException | EngineException | IllegalArgumentException e) {
            damaged(version.label(), String.valueOf(e.getMessage()));
            published.remove(version);
            return null;
        }
    }

    /** Whether every piece of an offered version is there and has its hash. */
    boolean complete(ModelVersion version) {
        try {
            byte[] file = Chunk.join(version.weights().chunks(), hash -> chunks.get(version.chunkKey(hash)));
            return Chunk.sha256(file).equals(version.weights().sha256());
        } catch (DamagedModelException e) {
            return false;
        }
    }

    /** The manifest of a version; null when there is none. */
    @Nullable
    ModelVersion version(ModelId id, int number) {
        List<ModelVersion> same = versions.getOrDefault(id, java.util.Collections.emptyNavigableMap())
                .get(number);
        return same == null ? null : same.get(0);
    }

    /** Champions and challengers of the wanted networks, whole. */
    ServingModels serving() {
        Map<ModelId, Model> champions = new HashMap<>();
        Map<ModelId, List<Model>> challengers = new HashMap<>();
        for (ModelId id : versions.keySet()) {
            Deployment deployment = deployment(id);
            for (int number : candidates(id)) {
                Model model = model(id, number);
                if (model == null) continue;
                champions.put(id, model);
                break;
            }
            List<Model> beside = new ArrayList<>();
            for (int number : deployment.roles().challengers()) {
                Model model = model(id, number);
                if (model != null) beside.add(model);
            }
            if (!beside.isEmpty()) challengers.put(id, List.copyOf(beside));
        }
        // What no longer scores is put together again when it is asked for.
        Collection<Model> kept = new ArrayList<>(champions.values());
        challengers.values().forEach(kept::addAll);
        whole.values().retainAll(kept);
        return new ServingModels(champions, challengers);
    }

    private List<Integer> candidates(ModelId id) {
        Deployment deployment = deployments.get(id);
        if (deployment != null) return deployment.roles().champions();
        NavigableMap<Integer, List<ModelVersion>> of = versions.get(id);
        return of == null ? List.of() : List.copyOf(of.descendingKeySet());
    }

    /** How a network stands; without a record, its newest version is the champion. */
    Deployment deployment(ModelId id) {
        Deployment deployment = deployments.get(id);
        if (deployment != null) return deployment;
        int newest = last(id);
        Deployment none = Deployment.none(id);
        return newest == 0
                ? none
                : none.next(candidates(id), false, List.of(), 0).with("", newest);
    }

    /** Networks that have a version or a standing. */
    NavigableSet<ModelId> networks() {
        NavigableSet<ModelId> all = new TreeSet<>(versions.keySet());
        all.addAll(deployments.keySet());
        return all;
    }

    /** Networks that something was decided or told of, with a version or without. */
    Set<ModelId> audited() {
        return audit.keySet();
    }

    /** Offers without a number yet, oldest first. */
    List<Offer> offers() {
        return List.copyOf(offers.values());
    }

    /** Commands not decided yet, oldest first. */
    List<RegistryCommand> commands() {
        return List.copyOf(commands.values());
    }

    /** The decisions on a network that are kept, oldest first. */
    List<AuditEntry> audit(ModelId id) {
        return trail(id).entries();
    }

    /** The same, to be asked about. */
    AuditTrail trail(ModelId id) {
        return audit.getOrDefault(id, new AuditTrail());
    }

    /** When an entry was written; epoch milliseconds. */
    long decidedMs(AuditEntry entry) {
        return trail(entry.model()).writtenMs(entry);
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

    /** The highest version number present; 0 when there is none. */
    int last(ModelId id) {
        NavigableMap<Integer, List<ModelVersion>> of = versions.get(id);
        return of == null ? 0 : of.lastKey();
    }
}
