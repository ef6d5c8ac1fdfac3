package io.tidemark.judge.evidence;

import io.tidemark.judge.slots.SlotMemory;

/**
 * The range that the values of a feature have had, in its own scale.
 *
 * <pre>
 *   least f4 | greatest f4 | moves counted i4
 * </pre>
 */
final class FeatureRange {
    static final int BYTES = 12;
    private static final int GREATEST_AT = 4;
    private static final int MOVES_AT = 8;
    /** Least width of a range, in scales. */
    private static final double WIDTH_LEAST = 0.5;
    /** How near to an end of the range a value stands at it, in widths of the range. */
    private static final double END_WIDTH = 0.01;
    /** Share of what lies beyond a range that widens it, once there is one; and the rows until then. */
    private static final double WIDENED = 0.1;

    private static final int GROWN = 32;
    /** Widths of the range that count of what lies beyond it: a few rows of an early fault are not all that is usual. */
    private static final double BEYOND_MOST = 3;

    /** Moves of a value that make its range known. */
    private static final int MOVES_NEEDED = 48;
    /** Share of the range below which a difference is next to nothing. */
    private static final double SMALL_WIDTH = 0.02;

    private final SlotMemory memory;
    private final int at;

    /** Lies at a place of a memory that its owner has claimed. */
    FeatureRange(SlotMemory memory, int at) {
        this.memory = memory;
        this.at = at;
    }

    /** Counts a move of the value. */
    void moved() {
        memory.putInt(at + MOVES_AT, Math.min(memory.getInt(at + MOVES_AT) + 1, MOVES_NEEDED));
    }

    /** Whether a value stands at one end of the range: a machine that idles, a rate that is zero. */
    boolean hasAtAnEnd(double value) {
        double near = END_WIDTH * width();
        return Math.abs(value - least()) <= near || Math.abs(value - greatest()) <= near;
    }

    /** Whether a difference is next to nothing, against what the values have moved so far. */
    boolean isSmall(double difference) {
        return Math.abs(difference) < SMALL_WIDTH * (greatest() - least());
    }

    /** How far a value lies outside the range, in widths of it; at most 0 inside, and while too few moves are known. */
    double beyond(double value) {
        if (memory.getInt(at + MOVES_AT) < MOVES_NEEDED) {
            return 0;
        }
        return Math.max(least() - value, value - greatest()) / width();
    }

    /** Widens the range by a value, the one of so many rows, the present one included. */
    void learn(double value, int rows) {
        widen(at, Math.min(0, value - least()), value, rows);
        widen(at + GREATEST_AT, Math.max(0, value - greatest()), value, rows);
    }

    private void widen(int end, double by, double value, int rows) {
        double most = BEYOND_MOST * width();
        double widened = rows < GROWN ? by : WIDENED * Math.max(-most, Math.min(most, by));
        memory.putFloat(end, rows == 1 ? (float) value : (float) (memory.getFloat(end) + widened));
    }

    /** Puts both ends into another scale. */
    void rescale(double times, double plus) {
        memory.putFloat(at, (float) FeatureEvidence.bounded(least() * times + plus));
        memory.putFloat(at + GREATEST_AT, (float) FeatureEvidence.bounded(greatest() * times + plus));
    }

    private double least() {
        return memory.getFloat(at);
    }

    private double greatest() {
        return memory.getFloat(at + GREATEST_AT);
    }

    private double width() {
        return Math.max(greatest() - least(), WIDTH_LEAST);
    }
}
