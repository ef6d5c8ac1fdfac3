package io.tidemark.judge.outcome;

import java.nio.charset.StandardCharsets;

/** The one outcome that every event has. */
public enum ScoreStatus {
    /** Judged: the score counts. */
    SCORED("scored"),
    /** The series has too few steps for a score; the step was learnt from. */
    WARMING_UP("warming-up"),
    /** The event came after its step had closed. */
    LATE("late"),
    /** An event of the same series, time and feature had come before. */
    DUPLICATE("duplicate"),
    /** The event or its sample cannot be judged; the reason says why. */
    REJECTED("rejected");

    private final String label;
    final byte[] quoted;

    ScoreStatus(String label) {
        this.label = label;
        this.quoted = ('"' + label + '"').getBytes(StandardCharsets.US_ASCII);
    }

    /** As records and meters name it. */
    public String label() {
        return label;
    }
}
