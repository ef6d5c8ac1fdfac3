package io.tidemark.model.registry;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One decision of the registrar: who asked for what, when, why, on which numbers, and what came of it. Of each network the newest
 * {@link #KEPT} of each {@link Kind} stay on {@code models}, so that a learner that publishes every minute pushes out neither who
 * promoted what nor which challenger was tried.
 *
 * @param id the command's id or the publication's job
 * @param refused why nothing was changed; empty when it was done
 * @param figures the numbers behind it
 */
public record AuditEntry(
        @JsonUnwrapped Position at,
        String id,
        @JsonUnwrapped ModelId model,
        @JsonUnwrapped Change change,
        @JsonUnwrapped Request request,
        String refused,
        Map<String, Double> figures) {

    /**
     * Where it stands among the decisions on its network.
     *
     * @param sequence counts the decisions on the network, from 1
     * @param place counts those of its kind, from 1
     */
    public record Position(long sequence, long place) {
        public Position {
            if (sequence < 1 || sequence > SEQUENCE_MAX || place < 0 || place > SEQUENCE_MAX) {
                throw new IllegalArgumentException("an entry's sequence and place must be in [1, " + SEQUENCE_MAX
                        + "], but were " + sequence + " and " + place);
            }
        }
    }

    /**
     * What was asked for, and what came of it.
     *
     * @param action {@code publish} or an action of {@link RegistryCommand.Action}
     * @param version the version it is about
     * @param before the champion before; 0 for none
     * @param after the champion after; 0 for none
     */
    public record Change(String action, int version, int before, int after) {
        public Change {
            Objects.requireNonNull(action, "an entry must have an action");
        }
    }

    /** Entries of a network that stay, of each kind. */
    public static final int KEPT = 200;

    /** Who decides on challengers by themselves. */
    public static final String TRIAL = "trial";

    /** Entries of one kind push out only each other. */
    enum Kind {
        STANDING(""),
        /** Publications, and training that was undone: they come by themselves, day and night. */
        EVERYDAY("everyday-"),
        /** Trials that changed nothing: they set the pace of the next ones. */
        KEEP("trial-");

        /** What the last part of a key begins with. */
        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        static Kind of(String action) {
            if (action.equals(RegistryCommand.Action.KEEP.toString())) return KEEP;
            boolean everyday =
                    action.equals(Decisions.PUBLISH) || action.equals(RegistryCommand.Action.UNDONE.toString());
            return everyday ? EVERYDAY : STANDING;
        }
    }

    private static final int TEXT_MAX = 500;
    private static final int FIGURES_MAX = 64;

    /** Sequences and places stop here, so that no record can make them overflow. */
    static final long SEQUENCE_MAX = 1L << 52;

    public AuditEntry {
        Objects.requireNonNull(id, "an entry must have an id");
        Objects.requireNonNull(refused, "an entry must say whether it was refused");
        figures = bounded(figures);
    }

    static String cut(String text) {
        String whole = Objects.requireNonNullElse(text, "");
        return whole.length() <= TEXT_MAX ? whole : whole.substring(0, TEXT_MAX);
    }

    static Map<String, Double> bounded(Map<String, Double> figures) {
        Map<String, Double> sorted = new TreeMap<>(Objects.requireNonNullElse(figures, Map.of()));
        while (sorted.size() > FIGURES_MAX) sorted.remove(((TreeMap<String, Double>) sorted).lastKey());
        return java.util.Collections.unmodifiableMap(sorted);
    }

    @JsonIgnore
    Kind kind() {
        return Kind.of(change.action());
    }

    /** Whether it is what a trial decided on a version, or was refused. */
    @JsonIgnore
    boolean isTrial() {
        return request.who().equals(TRIAL);
    }

    /** Entries of one network and kind overwrite each other in turn, so that compaction keeps as many as are wanted. */
    String key() {
        return key(kind());
    }

    private String key(Kind kind) {
        return "audit/" + model.stream() + "/" + model.network() + "/" + kind.prefix + at.place() % KEPT;
    }

    /** Whether a record of this key may hold it: its own, or for a trial that changed nothing the place that releases before this one gave it. */
    boolean mayLieAt(String key) {
        return key.equals(key()) || (kind() == Kind.KEEP && key.equals(key(Kind.EVERYDAY)));
    }
}
