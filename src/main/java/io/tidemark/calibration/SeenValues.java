package io.tidemark.calibration;

/**
 * Which values a signal has ever had, in bounded memory, and how far a value is from the nearest of them.
 *
 * <p>Values are kept as the occupied cells of a grid whose cells are 2<sup>e</sup> wide, sorted. The first grid is so fine that values are
 * practically exact. Whenever the cells no longer fit, the grid becomes twice as coarse and neighbours in one cell merge. So every
 * value ever learnt lies within half a cell of a kept one, cells are spent on occupied regions only, and one value far away costs one cell and at most {@value #COARSENINGS_MAX} doublings.
 *
 * <pre>
 *   count i4 | exponent e i4 | cells i4 × capacity, ascending; cell c covers [c·2^e, (c+1)·2^e)
 * </pre>
 */
final class SeenValues {
    private static final int CELL_MAX = 1 << 30;
    private static final int FIRST_BITS = 26;
    private static final int EXPONENT_MIN = -900;
    private static final int COARSENINGS_MAX = 4;
    private static final double ROOM_AFTER_COARSENING = 0.9;

    private final SlotMemory memory;
    private final int at;
    private final int cells;
    private final int capacity;

    SeenValues(SlotMemory memory, int capacity) {
        this.memory = memory;
        this.capacity = capacity;
        this.at = memory.allocate(bytes(capacity));
        this.cells = at + 8;
    }

    static int bytes(int capacity) {
        return 8 + 4 * capacity;
    }

    /** Distance from a finite value to the nearest value seen; 0 inside an occupied cell, and while nothing was seen. */
    double distance(double value) {
        int count = memory.getInt(at);
        if (count == 0) {
            return 0;
        }
        double width = width(memory.getInt(at + 4));
        double position = Math.floor(value / width);
        int next = firstNotBelow(position, count);
        double distance = Double.POSITIVE_INFINITY;
        if (next < count) {
            int cell = cell(next);
            if (cell == position) {
                return 0;
            }
            distance = (cell + 0.5) * width - value;
        }
        if (next > 0) {
            distance = Math.min(distance, value - (cell(next - 1) + 0.5) * width);
        }
        return distance;
    }

    /** Adds a finite value. */
    void learn(double value) {
        int count = memory.getInt(at);
        int exponent = memory.getInt(at + 4);
        if (count == 0) {
            exponent = value == 0 ? -FIRST_BITS : Math.max(EXPONENT_MIN, Math.getExponent(value) - FIRST_BITS);
            memory.putInt(at + 4, exponent);
        }
        double position = Math.floor(value / width(exponent));
        for (int i = 0; i < COARSENINGS_MAX && Math.abs(position) > CELL_MAX; i++) {
            coarsen();
            position = Math.floor(value / width(++exponent));
        }
        position = Math.max(-CELL_MAX, Math.min(CELL_MAX, position));
        count = memory.getInt(at);
        int next = firstNotBelow(position, count);
        if (next < count && cell(next) == position) {
            return;
        }
        memory.move(cells + 4 * next, cells + 4 * next + 4, 4 * (count - next));
        memory.putInt(cells + 4 * next, (int) position);
        memory.putInt(at, ++count);
        if (count == capacity) {
            while (memory.getInt(at) > ROOM_AFTER_COARSENING * capacity) {
                coarsen();
            }
        }
    }

    /** Number of occupied cells. */
    int count() {
        return memory.getInt(at);
    }

    private void coarsen() {
        int count = memory.getInt(at);
        int kept = 0;
        int last = 0;
        for (int i = 0; i < count; i++) {
            int cell = cell(i) >> 1;
            if (kept == 0 || cell != last) {
                memory.putInt(cells + 4 * kept++, cell);
                last = cell;
            }
        }
        memory.putInt(at, kept);
        memory.putInt(at + 4, memory.getInt(at + 4) + 1);
    }

    private int firstNotBelow(double position, int count) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cell(middle) < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int cell(int index) {
        return memory.getInt(cells + 4 * index);
    }

    private static double width(int exponent) {
        return Math.scalb(1.0, exponent);
    }
}
