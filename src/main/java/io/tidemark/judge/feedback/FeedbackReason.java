package io.tidemark.judge.feedback;

/** Why a record of {@code feedback} is refused: the reason of its dead letter. */
public enum FeedbackReason {
    /** Over {@link Feedback#BYTES_MAX}. */
    TOO_LARGE("feedback-too-large"),
    /** Not JSON, a field that is missing, not known or of another type, a text over its limit, a time that cannot be read. */
    MALFORMED("malformed-feedback"),
    /** It ends before it begins. */
    BACKWARDS("feedback-backwards"),
    /** Over {@link Feedback#STRETCH_MAX}. */
    TOO_LONG("feedback-too-long"),
    /** No stream of this name is declared. */
    UNKNOWN_STREAM("unknown-stream"),
    /** No step of this series has ever been judged. */
    UNKNOWN_SERIES("unknown-series");

    private final String label;

    FeedbackReason(String label) {
        this.label = label;
    }

    /** As dead letters and meters name it. */
    public String label() {
        return label;
    }
}
