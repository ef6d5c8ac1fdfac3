package io.tidemark.judge.feedback;

/** Feedback that is refused, with the one reason; its message is a sentence that holds nothing of the record's texts. */
public final class FeedbackException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final FeedbackReason reason;

    public FeedbackException(FeedbackReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public FeedbackReason reason() {
        return reason;
    }

    /** The message, which is always there. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
