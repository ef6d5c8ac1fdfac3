package io.tidemark.net.engine;

/** Computing ends here because the process has been told to stop; what was computed so far is whole. */
public final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
        super("stopped between two steps");
    }
}
