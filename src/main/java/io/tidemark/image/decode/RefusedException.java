package io.tidemark.image.decode;

import io.tidemark.series.event.RejectReason;

/** A refusal on its way up to {@link ImageDecoder}; never leaves this package. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final RejectReason reason;

    RefusedException(RejectReason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    Refusal refusal() {
        return new Refusal(reason, String.valueOf(getMessage()));
    }
}
