package io.tidemark.judge.incident;

import io.tidemark.judge.feedback.Feedback;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The past incidents of one group of streams, of which a new one may be another.
 *
 * <p>Bounded: of more than {@value #PAST_MAX} the oldest is forgotten; of those that people have said something of while they are more than half,
 * else of the others. What is forgotten and what is alike follow from what is in it, not from the order in which it came. One thread.
 */
final class IncidentMemory {
    /** Past incidents of a group. */
    static final int PAST_MAX = 256;
    /** Those that a record names. */
    static final int NAMED_MAX = 5;
    /** Below this two incidents are not alike. */
    static final double SIMILARITY_LEAST = 0.7;

    private static final Comparator<PastIncident> OLDEST =
            Comparator.comparingLong(PastIncident::untilMs).thenComparing(PastIncident::id);

    private final Map<String, PastIncident> past = new HashMap<>();

    /**
     * One that is alike.
     *
     * @param similarity in [{@value #SIMILARITY_LEAST}, 1]
     */
    record Similar(PastIncident past, double similarity) {}

    /** Takes one that is over, or back from the store. */
    void put(PastIncident incident) {
        past.put(incident.id(), incident);
    }

    /** The one to be forgotten for the last that came; empty while there is room. */
    Optional<PastIncident> forget() {
        if (past.size() <= PAST_MAX) return Optional.empty();
        boolean known = past.values().stream().filter(PastIncident::isKnown).count() > PAST_MAX / 2;
        Predicate<PastIncident> may = one -> one.isKnown() == known;
        Optional<PastIncident> oldest = past.values().stream().filter(may).min(OLDEST);
        oldest.ifPresent(one -> past.remove(one.id()));
        return oldest;
    }

    /** Those most alike, the most first; among equals the newest. At most {@value #NAMED_MAX}. */
    List<Similar> similar(Fingerprint fingerprint, String id) {
        List<Similar> similar = new ArrayList<>();
        for (PastIncident one : past.values()) {
            double similarity = fingerprint.similarity(one.fingerprint());
            if (similarity >= SIMILARITY_LEAST && !one.id().equals(id)) similar.add(new Similar(one, similarity));
        }
        similar.sort(Comparator.comparingDouble(Similar::similarity)
                .thenComparing(Similar::past, OLDEST)
                .reversed());
        return List.copyOf(similar.subList(0, Math.min(NAMED_MAX, similar.size())));
    }

    /** Takes a label; those it is meant for, as they then are, the oldest first. */
    List<PastIncident> label(Feedback label) {
        List<PastIncident> meant = past.values().stream()
                .filter(one -> one.isMeant(label))
                .sorted(OLDEST)
                .map(one -> one.and(label))
                .toList();
        meant.forEach(this::put);
        return meant;
    }

    int size() {
        return past.size();
    }
}
