package io.tidemark.judge.calibration;

import io.tidemark.judge.slots.SlotMemory;
import org.jspecify.annotations.Nullable;

/**
 * The value signals of one feature in two scales: as it is, and compressed to asinh(x/unit) with unit = 0.3 · mean |x| of its first
 * {@value #UNIT_ROWS} values, where small values count as much as large ones. With one scale it is the compressed one. Beside them stands its
 * {@link Stillness}, which has no scale.
 *
 * <pre>
 *   rows i4 | unused i4 | sum of |x| f8 | unit f8
 * </pre>
 */
final class FeatureSignals {
    // Where each part of the state above lies, in bytes.
    private static final int SUM_AT = 8;
    private static final int UNIT_AT = 16;

    private static final int UNIT_ROWS = 20;
    private static final double UNIT_SHARE = 0.3;
    private static final double VALUE_MAX = 1e100;
    private static final int BYTES = 24;

    private final SlotMemory memory;
    private final Stillness stillness;
    private final double cap;
    private final int at;
    private final @Nullable ScaleSignals plain;
    private final ScaleSignals compressed;
    private final double floor;
    private double unit;
    private double still;

    FeatureSignals(SlotMemory memory, int scales, int blocks, int memorySamples, double floor, double cap) {
        this.memory = memory;
        this.at = memory.allocate(BYTES);
        this.floor = floor;
        this.cap = cap;
        stillness = new Stillness(memory);
        plain = scales == 2 ? new ScaleSignals(memory, blocks, memorySamples) : null;
        compressed = new ScaleSignals(memory, blocks, memorySamples);
    }

    /** Most blocks for the values seen of each signal that fit into so many bytes; less than 0 when not even the rest fits. */
    static int blocks(int bytes, int scales) {
        int forBlocks = (bytes - BYTES - Stillness.BYTES) / scales - ScaleSignals.bytes(0);
        return Math.floorDiv(forBlocks, SeenValues.BLOCK_BYTES * ScaleSignals.SIGNALS);
    }

    /** How surprising it is that the value last judged repeats those before it, less the floor. */
    double stillness() {
        return still;
    }

    /** Sum of the surprises of a value, each less the floor; without its stillness. */
    double surprise(long timeMs, double rawValue) {
        double x = Math.max(-VALUE_MAX, Math.min(VALUE_MAX, rawValue));
        still = Math.max(0, Math.min(cap, stillness.surprise(x)) - floor);
        double sum = 0;
        if (plain != null) {
            sum += plain.surprise(timeMs, x, floor);
        }
        unit = memory.getDouble(at + UNIT_AT);
        if (unit > 0) {
            sum += compressed.surprise(timeMs, asinh(x / unit), floor);
        } else {
            measureUnit(Math.abs(x));
        }
        return sum;
    }

    /** Learns the value last judged. */
    void learn() {
        stillness.learn();
        if (plain != null) {
            plain.learn();
        }
        if (unit > 0) {
            compressed.learn();
        }
    }

    private void measureUnit(double magnitude) {
        int rows = memory.getInt(at) + 1;
        double sum = memory.getDouble(at + SUM_AT) + magnitude;
        memory.putInt(at, rows);
        memory.putDouble(at + SUM_AT, sum);
        if (rows >= UNIT_ROWS && sum > 0) {
            memory.putDouble(at + UNIT_AT, UNIT_SHARE * sum / rows);
        }
    }

    private static double asinh(double x) {
        double magnitude = Math.abs(x);
        double y =
                magnitude > 1e8 ? Math.log(2 * magnitude) : Math.log(magnitude + Math.sqrt(magnitude * magnitude + 1));
        return x < 0 ? -y : y;
    }
}
