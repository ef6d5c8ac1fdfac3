package io.tidemark.model.registry;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which versions of a network of a stream score, as the registrar has decided: one record, replaced as a whole.
 *
 * @param format 1
 * @param revision counts the decisions on this network, from 1
 * @param last the highest version number given so far, of versions that are gone too
 * @param jobs the version that each of the latest jobs made; at most {@link #JOBS_MAX}, of the highest versions
 * @param opponents what challengers are tried against where that is not the champion: the version of the learner's line
 *     that was champion when one came, or was tried last; by challenger
 */
public record Deployment(
        int format,
        @JsonUnwrapped ModelId id,
        long revision,
        int last,
        @JsonUnwrapped Roles roles,
        Map<String, Integer> jobs,
        Map<Integer, Integer> opponents) {

    /**
     * Which versions are champion and challengers.
     *
     * @param champions the champion first, then those before it, newest first; at most {@link #CHAMPIONS_MAX}; empty:
     *     none yet
     * @param pinned whether the champion stays until a person says otherwise
     * @param challengers in the order they came; at most {@link #CHALLENGERS_MAX}
     * @param sinceMs when the champion became champion; epoch milliseconds
     */
    public record Roles(List<Integer> champions, boolean pinned, List<Integer> challengers, long sinceMs) {
        public Roles {
            champions = List.copyOf(champions);
            challengers = List.copyOf(challengers);
            champions.forEach(ModelVersion::checkNumber);
            challengers.forEach(ModelVersion::checkNumber);
        }
    }

    static final int FORMAT = 1;
    /** Champions that are remembered, so that several rollbacks in a row lead further back. */
    public static final int CHAMPIONS_MAX = 8;
    /** Challengers at a time; a further one retires the oldest. */
    public static final int CHALLENGERS_MAX = 4;
    /** Jobs whose second publication is told. */
    public static final int JOBS_MAX = 256;

    public Deployment {
        if (format != FORMAT) throw new IllegalArgumentException(RegistryJson.unknownFormat("a deployment", format));
        ModelVersion.checkNumber(last);
        if (revision < 0 || revision > AuditEntry.SEQUENCE_MAX) {
            throw new IllegalArgumentException(
                    "a deployment's revision must be in [0, " + AuditEntry.SEQUENCE_MAX + "], but was " + revision);
        }
        jobs = Map.copyOf(jobs);
        jobs.values().forEach(ModelVersion::checkNumber);
        opponents = Map.copyOf(Objects.requireNonNullElse(opponents, Map.of())); // older standings have none
        opponents.values().forEach(ModelVersion::checkNumber);
    }

    static Deployment none(ModelId id) {
        return new Deployment(FORMAT, id, 0, 0, new Roles(List.of(), false, List.of(), 0), Map.of(), Map.of());
    }

    /** The version that makes the scores; 0 when there is none. */
    @JsonIgnore
    public int champion() {
        return roles.champions().isEmpty() ? 0 : roles.champions().get(0);
    }

    /** What a challenger is tried against. */
    public int opponent(int challenger) {
        return opponents.getOrDefault(challenger, champion());
    }

    /** The same with other opponents; those of challengers that are gone go too. */
    Deployment against(Map<Integer, Integer> others) {
        Map<Integer, Integer> present = new TreeMap<>(others);
        present.keySet().retainAll(roles.challengers());
        return new Deployment(FORMAT, id, revision, last, roles, jobs, present);
    }

    /** What a version is for. */
    public ModelState state(int version) {
        if (version == champion()) return roles.pinned() ? ModelState.PINNED : ModelState.CHAMPION;
        return roles.challengers().contains(version) ? ModelState.CHALLENGER : ModelState.RETIRED;
    }

    String key() {
        return "standing/" + id.stream() + "/" + id.network();
    }

    /** The next standing, with one more job. */
    Deployment next(List<Integer> nextChampions, boolean nextPinned, List<Integer> nextChallengers, long nextSinceMs) {
        return new Deployment(
                FORMAT,
                id,
                Math.min(AuditEntry.SEQUENCE_MAX, revision + 1),
                last,
                new Roles(
                        nextChampions.subList(0, Math.min(CHAMPIONS_MAX, nextChampions.size())),
                        nextPinned,
                        nextChallengers.subList(
                                Math.max(0, nextChallengers.size() - CHALLENGERS_MAX), nextChallengers.size()),
                        nextSinceMs),
                jobs,
                opponents);
    }

    /** The same, with a version that a job has made. */
    Deployment with(String job, int version) {
        Map<String, Integer> more = new TreeMap<>(jobs);
        if (!job.isEmpty()) more.put(job, version);
        while (more.size() > JOBS_MAX) {
            String oldest = more.entrySet().stream()
                    .min(Map.Entry.comparingByValue())
                    .orElseThrow()
                    .getKey();
            more.remove(oldest);
        }
        return new Deployment(FORMAT, id, revision, version, roles, more, opponents);
    }
}
