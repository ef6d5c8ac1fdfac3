package io.tidemark.net.engine;

/** An engine could not do what was asked: an unsupported layer, an unusable device, or too little memory. Says the remedy. */
public class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EngineException(String message) {
        super(message);
    }

    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
