package io.tidemark.model.inference;

/**
 * The engine fails on a reference sample with untrained weights, so neither data nor a model is to blame. The process that
 * holds it must stop: nothing it would score can be trusted.
 */
public final class BrokenEngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenEngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
