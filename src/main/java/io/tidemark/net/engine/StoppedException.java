package io.tidemark.net.engine;

/** Computing ends here because the process has been told to stop; what was computed so far is whole. */
public final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
        super("stopped between two steps");
    }

    /**
     * The same end, told by who knows what was finished.
     *
     * @param finished what was, and what was not
     */
    public StoppedException(String finished, StoppedException cause) {
        super(cause.getMessage() + "; " + finished, cause);
    }
}
