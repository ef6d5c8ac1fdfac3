package io.tidemark.app.bench;

/** What a benchmark sends, by number from 0. Called by one thread, each number once and in order. */
public interface Records {
    /** The series of a record. */
    byte[] key(long number);

    byte[] value(long number);
}
