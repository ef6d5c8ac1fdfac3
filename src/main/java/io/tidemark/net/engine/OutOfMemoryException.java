package io.tidemark.net.engine;

/** A device has too little memory for a network at a batch; a smaller batch may fit, and what was trained so far is kept. */
public final class OutOfMemoryException extends EngineException {
    private static final long serialVersionUID = 1L;

    public OutOfMemoryException(String message) {
        super(message);
    }

    public OutOfMemoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
