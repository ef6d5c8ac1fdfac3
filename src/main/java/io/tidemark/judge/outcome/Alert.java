package io.tidemark.judge.outcome;

import io.tidemark.judge.evidence.EvidenceKind;
import java.util.List;

/**
 * A change of a series' alert: opened or resolved.
 *
 * @param id the same for the open and the resolved record of one alert, and for no other
 * @param sinceMs event time of the step that opened it; epoch milliseconds
 * @param timeMs event time of the step that changed it; epoch milliseconds
 * @param reason why it resolved, such as {@code score-below-close}; empty when open
 * @param summary the alert in one sentence, for people; empty where it is not known
 */
public record Alert(
        String id, State state, Subject subject, long sinceMs, long timeMs, Peak peak, String reason, String summary) {

    /**
     * Whose alert it is.
     *
     * @param generation of the series' state
     */
    public record Subject(String stream, String series, int generation) {}

    /**
     * The highest score so far.
     *
     * @param score the highest continuous score so far; in [0, 1]
     * @param timeMs event time of the peak; epoch milliseconds
     * @param returnLevel log10 of the steps between two episodes of the series as severe as the peak, at least 0
     * @param budgetLevel the return level that opened an alert at the peak: log10 of the steps in which the budget allows one; NaN where none decides
     * @param kind what the peak is evidence of
     * @param features what stood out most at the peak, most first; at most {@link #FEATURES_MAX}
     */
    public record Peak(
            double score,
            long timeMs,
            double returnLevel,
            double budgetLevel,
            EvidenceKind kind,
            List<Feature> features) {
        /** A peak of what no budget decides. */
        public Peak(double score, long timeMs, double returnLevel, EvidenceKind kind, List<Feature> features) {
            this(score, timeMs, returnLevel, Double.NaN, kind, features);
        }

        public Peak {
            features = List.copyOf(features);
            if (features.size() > FEATURES_MAX) {
                throw new IllegalArgumentException(
                        "alert features must be at most " + FEATURES_MAX + ", but were " + features.size());
            }
        }
    }

    /** Version of the record's format. */
    public static final int VERSION = 1;
    /** Features that an alert names. */
    public static final int FEATURES_MAX = 5;

    /** Where an alert stands. */
    public enum State {
        OPEN("open"),
        RESOLVED("resolved");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** As records name it. */
        public String label() {
            return label;
        }
    }

    /**
     * One feature at the peak, in its own units; NaN where not known.
     *
     * @param share of the score; in [0, 1]
     */
    public record Feature(String name, double share, double value, double expected, double lower, double upper) {}
}
