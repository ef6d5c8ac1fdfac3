package io.tidemark.judge.calibration;

import io.tidemark.judge.slots.SlotMemory;

/**
 * Which steps stand out enough to be announced: those more severe than every step of a declared share of the series' life, less so the more
 * often something alike was announced before.
 *
 * <p>The window is remembered as the maxima of {@value #BLOCKS} blocks that grow with the series' age; announcements are counted in bins of severity, each 10 %
 * wider than the one before.
 *
 * <pre>
 *   steps i4 | block i4 | steps in block i4 | unused i4 | block maxima f4 × 32, a ring | announcements i4 × 64
 * </pre>
 */
final class RecordRule {
    // Where each part of the state above lies, in bytes.
    private static final int BLOCK_AT = 4;
    private static final int STEPS_IN_BLOCK_AT = 8;
    private static final int MAXIMA_AT = 16;

    private static final int BLOCKS = 32;
    private static final int BINS = 64;
    private static final double BIN_LOG = Math.log(1.1);
    private static final double SEVERITY_MIN = 0.25;
    private static final double ALIKE = 0.7;

    static final int BYTES = 16 + 4 * BLOCKS + 4 * BINS;

    private final SlotMemory memory;
    private final int at;
    private final int announced;
    private final int stepsMin;
    private final double share;
    private final double habituation;

    RecordRule(SlotMemory memory, CalibrationSpec spec) {
        this.memory = memory;
        this.at = memory.allocate(BYTES);
        this.announced = at + MAXIMA_AT + 4 * BLOCKS;
        this.stepsMin = spec.alerts().recordStepsMin();
        this.share = spec.alerts().recordShare();
        this.habituation = spec.alerts().habituation();
    }

    /** Takes the severity of a step; returns what of it is announced, at least 0. While an alert is open nothing more is announced. */
    double announce(double exactSeverity, double weight, boolean alertOpen) {
        float severity = (float) exactSeverity;
        boolean record = !alertOpen && severity > SEVERITY_MIN && severity > maximum();
        remember(severity);
        if (!record) {
            return 0;
        }
        double announcedSeverity = severity - weight * habituation * Math.log10(1 + alike(severity * ALIKE));
        int bin = announced + 4 * bin(severity);
        memory.putInt(bin, memory.getInt(bin) + 1);
        return Math.max(0, announcedSeverity);
    }

    private double maximum() {
        float maximum = 0;
        for (int i = 0; i < BLOCKS; i++) {
            maximum = Math.max(maximum, memory.getFloat(at + MAXIMA_AT + 4 * i));
        }
        return maximum;
    }

    private void remember(float severity) {
        int steps = memory.getInt(at);
        int block = memory.getInt(at + BLOCK_AT);
        int inBlock = memory.getInt(at + STEPS_IN_BLOCK_AT);
        double window = Math.max(stepsMin, share * steps);
        if (inBlock >= window / (BLOCKS - 1)) {
            block = (block + 1) % BLOCKS;
            inBlock = 0;
            memory.putInt(at + BLOCK_AT, block);
            memory.putFloat(at + MAXIMA_AT + 4 * block, 0);
        }
        int maximum = at + MAXIMA_AT + 4 * block;
        memory.putFloat(maximum, Math.max(memory.getFloat(maximum), severity));
        memory.putInt(at, Math.min(steps + 1, Integer.MAX_VALUE - 1));
        memory.putInt(at + STEPS_IN_BLOCK_AT, inBlock + 1);
    }

    private long alike(double from) {
        long sum = 0;
        for (int i = bin(from); i < BINS; i++) {
            sum += memory.getInt(announced + 4 * i);
        }
        return sum;
    }

    private static int bin(double severity) {
        int bin = (int) (Math.log(Math.max(severity, SEVERITY_MIN) / SEVERITY_MIN) / BIN_LOG);
        return Math.min(bin, BINS - 1);
    }
}
