package io.tidemark.app.backtest;

/**
 * One row of a file, as an event.
 *
 * @param number 0-based, in its file
 * @param line 1-based line on which it begins
 * @param timestamp its time as it is written
 * @param key as a producer would send it
 * @param value as a producer would send it
 * @param broken why it cannot be read, as a sentence; empty when it can
 * @param cut declared columns that it ends before
 */
@SuppressWarnings("ArrayRecordComponent")
record FileRow(long number, long line, String timestamp, byte[] key, byte[] value, String broken, int cut) {
    /** The row that a file stands at. */
    FileRow(FileEvents events) {
        this(
                events.number(),
                events.line(),
                events.timestamp(),
                events.key(),
                events.value(),
                events.broken(),
                events.cut());
    }
}
