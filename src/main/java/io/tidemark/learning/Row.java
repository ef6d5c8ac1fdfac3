package io.tidemark.learning;

/** One row that taught or waits for its gate. */
final class Row {
    final long step;
    final long timeMs;
    /** Features' values, then locations, then scales; {@code 3 x features}. */
    final float[] data;
    /** Its place among all taught rows of the stream, from 0; -1 while it waits. */
    long arrival = -1;
    /** Kept rows that end with this one, each one step after the last; at least 1 once it has taught. */
    int run;

    Row(long step, long timeMs, float[] data) {
        this.step = step;
        this.timeMs = timeMs;
        this.data = data;
    }
}
