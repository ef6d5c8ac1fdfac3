package io.tidemark.judge.calibration;

import io.tidemark.judge.slots.SlotMemory;

/**
 * Mean of about the last {@code blocks × blockRows} values, from the sums of whole blocks and the one being filled.
 *
 * <pre>
 *   rows seen i4 | unused i4 | block sums f8 × (blocks + 1), a ring
 * </pre>
 */
final class BlockMean {
    // Where each part of the state above lies, in bytes.
    private static final int SUMS_AT = 8;

    private static final int BLOCKS = 10;
    private static final int BLOCK_ROWS = 20;
    private static final int RING = BLOCKS + 1;
    private static final int ROWS_BEFORE_WRAP = 1 << 30;

    static final int BYTES = 8 + 8 * RING;

    private final SlotMemory memory;
    private final int at;

    BlockMean(SlotMemory memory) {
        this.memory = memory;
        this.at = memory.allocate(BYTES);
    }

    /** Mean of the last 200 to 219 values, or of all while there are fewer; NaN before the first. */
    double mean() {
        int rows = memory.getInt(at);
        if (rows == 0) {
            return Double.NaN;
        }
        double sum = 0;
        for (int i = 0; i < RING; i++) {
            sum += memory.getDouble(at + SUMS_AT + 8 * i);
        }
        int held = Math.min(rows, BLOCKS * BLOCK_ROWS + (rows - 1) % BLOCK_ROWS + 1);
        return sum / held;
    }

    void add(double value) {
        int rows = memory.getInt(at);
        int block = at + SUMS_AT + 8 * (rows / BLOCK_ROWS % RING);
        boolean first = rows % BLOCK_ROWS == 0;
        memory.putDouble(block, first ? value : memory.getDouble(block) + value);
        int next = rows + 1;
        memory.putInt(at, next == ROWS_BEFORE_WRAP ? wrapped(next) : next);
    }

    private static int wrapped(int rows) {
        int cycle = BLOCK_ROWS * RING;
        return rows % cycle + cycle;
    }
}
