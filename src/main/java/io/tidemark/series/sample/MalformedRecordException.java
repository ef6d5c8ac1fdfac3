package io.tidemark.series.sample;

/** A record of one of Tidemark's own topics does not have the declared layout: cut, corrupted, or of an unknown version. */
public final class MalformedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedRecordException(String message) {
        super(message);
    }
}
