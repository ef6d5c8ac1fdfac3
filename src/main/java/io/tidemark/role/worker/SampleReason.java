package io.tidemark.role.worker;

/** Why a sample went to the dead letters. */
enum SampleReason {
    /** The record is cut, of an unknown version, or not a sample at all. */
    MALFORMED("malformed-sample"),
    /** No stream of this name is declared to this worker. */
    UNKNOWN_STREAM("unknown-stream"),
    /** The stream declares another number of features. */
    WRONG_FEATURES("wrong-features"),
    /** The engine fails on it, though not on a reference sample. */
    POISON("poison-sample");

    private final String word;

    SampleReason(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
