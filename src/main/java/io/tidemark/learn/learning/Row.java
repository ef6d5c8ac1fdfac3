package io.tidemark.learn.learning;

/** One row that is kept or waits for its gate. */
final class Row {
    private static final byte[] NO_PIXELS = {};
    private static final float[] NO_VALUES = {};

    final long step;
    final long timeMs;
    /** Whether any of its values was filled in; such a row never teaches. */
    final boolean filled;
    /** Features' values, then locations, then scales; {@code 3 x features}; empty for a frame. */
    final float[] data;
    /** A frame's pixels, {@code [channel, row, column]}; empty for values. */
    final byte[] pixels;
    /** Whether it is something to learn; else it only stands in windows, as context. Known once it no longer waits. */
    boolean teaches;
    /** Its place among all rows of the stream that were ever kept, from 0; -1 while it waits. */
    long place = -1;
    /** Rows of the stream that had taught before it. */
    long arrival;
    /** Kept rows that end with this one, each one step after the last; at least 1 once it is kept. */
    int run;
    /** Rows of the series that teach, up to this one, from some beginning: only differences mean anything. */
    long lessons;

    Row(long step, long timeMs, boolean filled, float[] data) {
        this(step, timeMs, filled, data, NO_PIXELS);
    }

    Row(long step, long timeMs, boolean filled, byte[] pixels) {
        this(step, timeMs, filled, NO_VALUES, pixels);
    }

    private Row(long step, long timeMs, boolean filled, float[] data, byte[] pixels) {
        this.step = step;
        this.timeMs = timeMs;
        this.filled = filled;
        this.data = data;
        this.pixels = pixels;
    }
}
