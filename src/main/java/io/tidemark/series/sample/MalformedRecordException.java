package io.tidemark.series.sample;

/** A record of one of Tidemark's own topics does not have the declared layout: cut, corrupted, or of an unknown version. */
public final class MalformedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedRecordException(String message) {
        super(message);
    }

    /** A record of a version that this reader does not know. */
    public static MalformedRecordException unknownVersion(String what, int version) {
        return new MalformedRecordException(what + " has version " + version
                + ", which this Tidemark does not know; run the version that wrote it, or a later one");
    }
}
