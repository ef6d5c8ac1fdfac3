package io.tidemark.learning;

/** One row that taught or waits for its gate. */
final class Row {
    private static final byte[] NO_PIXELS = {};
    private static final float[] NO_VALUES = {};

    final long step;
    final long timeMs;
    /** Features' values, then locations, then scales; {@code 3 x features}; empty for a frame. */
    final float[] data;
    /** A frame's pixels, {@code [channel, row, column]}; empty for values. */
    final byte[] pixels;
    /** Its place among all taught rows of the stream, from 0; -1 while it waits. */
    long arrival = -1;
    /** Kept rows that end with this one, each one step after the last; at least 1 once it has taught. */
    int run;

    Row(long step, long timeMs, float[] data) {
        this.step = step;
        this.timeMs = timeMs;
        this.data = data;
        this.pixels = NO_PIXELS;
    }

    Row(long step, long timeMs, byte[] pixels) {
        this.step = step;
        this.timeMs = timeMs;
        this.data = NO_VALUES;
        this.pixels = pixels;
    }
}
