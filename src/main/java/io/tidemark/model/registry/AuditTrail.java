package io.tidemark.model.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The decisions on one network that are kept. What is asked while deciding takes the same time however many they are: a registrar
 * asks it for every offer and command. Owned by one thread.
 */
final class AuditTrail {
    private final NavigableMap<Long, Kept> bySequence = new TreeMap<>();
    private final Map<String, Kept> byKey = new HashMap<>();
    /** How many entries have a command's or a job's id. */
    private final Map<String, Integer> ids = new HashMap<>();
    /** The highest place of each kind. */
    private final Map<AuditEntry.Kind, Long> places = new HashMap<>();
    /** The newest trial of each version; none where there was none, or it is no longer kept. */
    private final NavigableMap<Integer, AuditEntry> trials = new TreeMap<>();

    private record Kept(String key, AuditEntry entry, long writtenMs) {}

    /** Takes an entry; the one that had its key ends. */
    void put(String key, AuditEntry entry, long writtenMs) {
        end(byKey.get(key));
        end(bySequence.get(entry.at().sequence()));
        Kept kept = new Kept(key, entry, writtenMs);
        byKey.put(key, kept);
        bySequence.put(entry.at().sequence(), kept);
        ids.merge(entry.id(), 1, Integer::sum);
        places.merge(entry.kind(), entry.at().place(), Math::max);
        if (!entry.isTrial()) return;
        trials.merge(entry.change().version(), entry, (a, b) -> a.at().sequence() > b.at().sequence() ? a : b);
    }

    private void end(@Nullable Kept kept) {
        if (kept == null) return;
        byKey.remove(kept.key);
        bySequence.remove(kept.entry.at().sequence());
        ids.computeIfPresent(kept.entry.id(), (id, count) -> count == 1 ? null : count - 1);
        trials.remove(kept.entry.change().version(), kept.entry);
    }

    /** Oldest first. */
    List<AuditEntry> entries() {
        List<AuditEntry> all = new ArrayList<>(bySequence.size());
        for (Kept kept : bySequence.values()) all.add(kept.entry);
        return all;
    }

    /** Whether a command or a job of this id was decided. */
    boolean isKnown(String id) {
        return ids.containsKey(id);
    }

    /** Whether a version was tried, and the trial is still kept. */
    boolean isTried(int version) {
        return trials.containsKey(version);
    }

    /** The sequence of the next entry. */
    long nextSequence() {
        return bySequence.isEmpty() ? 1 : Math.min(AuditEntry.SEQUENCE_MAX, bySequence.lastKey() + 1);
    }

    long nextPlace(AuditEntry.Kind kind) {
        return Math.min(AuditEntry.SEQUENCE_MAX, places.getOrDefault(kind, 0L) + 1);
    }

    /** When an entry was written; epoch milliseconds. */
    long writtenMs(AuditEntry entry) {
        Kept kept = bySequence.get(entry.at().sequence());
        return kept == null ? entry.request().whenMs() : kept.writtenMs;
    }

    /** The entry that a key has; null when it has none. */
    @Nullable
    AuditEntry at(String key) {
        Kept kept = byKey.get(key);
        return kept == null ? null : kept.entry;
    }
}
