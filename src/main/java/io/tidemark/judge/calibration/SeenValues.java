package io.tidemark.judge.calibration;

import io.tidemark.judge.slots.SlotMemory;

/**
 * Which values a signal has ever had, in bounded memory, and how far a value is from the nearest of them.
 *
 * <p>Values are kept as the occupied cells of a grid whose cells are 2<sup>e</sup> wide; {@value #BLOCK} neighbouring cells share a block, one bit each, and
 * the occupied blocks are sorted. The first grid is so fine that values are practically exact. Whenever the blocks no longer fit, the
 * grid becomes twice as coarse. So every value ever learnt lies within half a cell of a kept one, memory is spent on occupied regions
 * only, and one value far away costs one block and at most {@value #COARSENINGS_MAX} doublings.
 *
 * <pre>
 *   count i4 | exponent e i4 | (block b i4, cells u4) × capacity, ascending; bit i of block b is [(32b+i)·2^e, (32b+i+1)·2^e)
 * </pre>
 */
final class SeenValues {
    // Where each part of the state above lies, in bytes.
    private static final int EXPONENT_AT = 4;
    private static final int BLOCKS_AT = 8;
    static final int BLOCK_BYTES = 8;

    private static final int BLOCK = 32;
    private static final int BLOCK_SHIFT = 5;
    private static final long CELL_MAX = 1L << 34;
    private static final int FIRST_BITS = 26;
    private static final int EXPONENT_MIN = -900;
    private static final int COARSENINGS_MAX = 4;
    private static final double ROOM_AFTER_COARSENING = 0.9;

    private final SlotMemory memory;
    private final int at;
    private final int blocks;
    private final int capacity;

    /**
     * @param capacity most blocks kept, at least 4
     */
    SeenValues(SlotMemory memory, int capacity) {
        this.memory = memory;
        this.capacity = capacity;
        this.at = memory.allocate(bytes(capacity));
        this.blocks = at + BLOCKS_AT;
    }

    static int bytes(int capacity) {
        return 8 + BLOCK_BYTES * capacity;
    }

    /** Distance from a finite value to the nearest value seen; 0 inside an occupied cell, and while nothing was seen. */
    double distance(double value) {
        int count = memory.getInt(at);
        if (count == 0) {
            return 0;
        }
        double width = width(memory.getInt(at + EXPONENT_AT));
        if (Math.abs(value) > CELL_MAX * width) {
            int outermost = value > 0 ? count - 1 : 0;
            int bit = value > 0 ? highest(bits(outermost)) : lowest(bits(outermost));
            return Math.abs(value - centre(block(outermost), bit, width));
        }
        long cell = cell(value, width);
        int block = (int) (cell >> BLOCK_SHIFT);
        int bit = (int) cell & BLOCK - 1;
        int next = firstNotBelow(block, count);
        int here = next < count && block(next) == block ? bits(next) : 0;
        if ((here >>> bit & 1) != 0) {
            return 0;
        }
        int before = here & (1 << bit) - 1;
        int after = here & ~((1 << bit) - 1);
        int following = here == 0 ? next : next + 1;
        double distance = Double.POSITIVE_INFINITY;
        if (before != 0) {
            distance = value - centre(block, highest(before), width);
        } else if (next > 0) {
            distance = value - centre(block(next - 1), highest(bits(next - 1)), width);
        }
        if (after != 0) {
            distance = Math.min(distance, centre(block, lowest(after), width) - value);
        } else if (following < count) {
            distance = Math.min(distance, centre(block(following), lowest(bits(following)), width) - value);
        }
        return Math.max(0, distance);
    }

    /** Adds a finite value. */
    void learn(double value) {
        if (memory.getInt(at) == 0) {
            memory.putInt(
                    at + EXPONENT_AT,
                    value == 0 ? -FIRST_BITS : Math.max(EXPONENT_MIN, Math.getExponent(value) - FIRST_BITS));
        }
        for (int i = 0;
                i < COARSENINGS_MAX && Math.abs(value) > CELL_MAX * width(memory.getInt(at + EXPONENT_AT));
                i++) {
            coarsen();
        }
        long cell = cell(value, width(memory.getInt(at + EXPONENT_AT)));
        int block = (int) (cell >> BLOCK_SHIFT);
        int bit = 1 << (int) cell;
        int count = memory.getInt(at);
        int next = firstNotBelow(block, count);
        if (next < count && block(next) == block) {
            if ((bits(next) & bit) == 0) {
                memory.putInt(blocks + BLOCK_BYTES * next + 4, bits(next) | bit);
            }
            return;
        }
        int place = blocks + BLOCK_BYTES * next;
        memory.move(place, place + BLOCK_BYTES, BLOCK_BYTES * (count - next));
        memory.putInt(place, block);
        memory.putInt(place + 4, bit);
        memory.putInt(at, ++count);
        while (count == capacity && memory.getInt(at) > ROOM_AFTER_COARSENING * capacity) {
            coarsen();
        }
    }

    /** Number of occupied blocks. */
    int count() {
        return memory.getInt(at);
    }

    private void coarsen() {
        int count = memory.getInt(at);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int block = block(i) >> 1;
            int half = mergePairs(bits(i)) << ((block(i) & 1) * BLOCK / 2);
            if (kept > 0 && block(kept - 1) == block) {
                memory.putInt(blocks + BLOCK_BYTES * (kept - 1) + 4, bits(kept - 1) | half);
            } else {
                memory.putInt(blocks + BLOCK_BYTES * kept, block);
                memory.putInt(blocks + BLOCK_BYTES * kept + 4, half);
                kept++;
            }
        }
        memory.putInt(at, kept);
        memory.putInt(at + EXPONENT_AT, memory.getInt(at + EXPONENT_AT) + 1);
    }

    /** Bit i of the result says whether bit 2i or bit 2i + 1 is set; 16 bits. */
    private static int mergePairs(int bits) {
        int merged = (bits | bits >>> 1) & 0x5555_5555;
        merged = (merged | merged >>> 1) & 0x3333_3333;
        merged = (merged | merged >>> 2) & 0x0F0F_0F0F;
        merged = (merged | merged >>> 4) & 0x00FF_00FF;
        return (merged | merged >>> 8) & 0xFFFF;
    }

    private int firstNotBelow(int block, int count) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (block(middle) < block) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int block(int index) {
        return memory.getInt(blocks + BLOCK_BYTES * index);
    }

    private int bits(int index) {
        return memory.getInt(blocks + BLOCK_BYTES * index + 4);
    }

    private static int highest(int bits) {
        return BLOCK - 1 - Integer.numberOfLeadingZeros(bits);
    }

    private static int lowest(int bits) {
        return Integer.numberOfTrailingZeros(bits);
    }

    private static double centre(int block, int bit, double width) {
        return ((long) block * BLOCK + bit + 0.5) * width;
    }

    /** The cell of a value; values beyond the grid fall into its outermost cells. */
    private static long cell(double value, double width) {
        return (long) Math.max(-CELL_MAX, Math.min(CELL_MAX - 1, Math.floor(value / width)));
    }

    private static double width(int exponent) {
        return Math.scalb(1.0, exponent);
    }
}
