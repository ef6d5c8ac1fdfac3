package io.tidemark.model.registry;

/** A stored model or checkpoint lacks a piece, or a piece is not what its manifest says. */
public final class DamagedModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DamagedModelException(String message) {
        super(message);
    }

    DamagedModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
