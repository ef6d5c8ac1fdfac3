package io.tidemark.judge.calibration;

import io.tidemark.judge.slots.SlotMemory;

/**
 * How strange it is that a feature says the very same value again and again: a sensor that has frozen. A value that repeats is neither new
 * nor badly predicted, so no other signal sees it.
 *
 * <p>With a share q of the steps that repeated their predecessor, r repeats in a row are −r·log10 q surprising, were steps independent. They are
 * not: a machine idles for a night. So only what goes beyond twice the longest run learnt counts, and at least {@value #RUN_LEAST} repeats. A run is learnt
 * when it ends in a step that teaches, or once {@value #RUN_TAUGHT} of its steps have taught. Before {@value #STEPS_LEAST} steps were learnt the longest run of a
 * series is not known, and nothing is strange.
 *
 * <pre>
 *   value f8 | repeats in a row i4 | longest run learnt i4 | steps f4 | steps that repeated f4 | run that ended at this step i4
 *   steps of the present run that taught i4
 * </pre>
 */
final class Stillness {
    static final int BYTES = 32;
    private static final int RUN_LEAST = 5;
    private static final int STEPS_LEAST = 500;
    private static final int RUN_TAUGHT = 32;
    private static final double STEPS_MAX = 10_000;

    private final SlotMemory memory;
    private final int at;

    Stillness(SlotMemory memory) {
        this.memory = memory;
        this.at = memory.allocate(BYTES);
    }

    /** Surprise of a value after those before it: 0 for one that differs from its predecessor. */
    double surprise(double value) {
        boolean repeats = memory.getFloat(at + 16) > 0 && value == memory.getDouble(at);
        int before = memory.getInt(at + 8);
        int run = repeats ? Math.min(before + 1, Integer.MAX_VALUE / 4) : 0;
        memory.putDouble(at, value);
        memory.putInt(at + 8, run);
        memory.putInt(at + 24, repeats ? 0 : before);
        if (!repeats) {
            memory.putInt(at + 28, 0);
        }
        int beyond = run - 2 * memory.getInt(at + 12);
        float steps = memory.getFloat(at + 16);
        if (run < RUN_LEAST || beyond <= 0 || steps < STEPS_LEAST) return 0;
        double q = (memory.getFloat(at + 20) + 1) / (steps + 2);
        return -beyond * Math.log10(q);
    }

    /** Learns the value last judged. */
    void learn() {
        int run = memory.getInt(at + 8);
        int taught = Math.min(memory.getInt(at + 28) + 1, RUN_TAUGHT);
        int learnt = taught == RUN_TAUGHT ? run : memory.getInt(at + 24);
        memory.putInt(at + 28, taught);
        memory.putInt(at + 12, Math.max(memory.getInt(at + 12), learnt));
        double steps = memory.getFloat(at + 16);
        double kept = steps < STEPS_MAX ? 1 : 1 - 1 / STEPS_MAX;
        memory.putFloat(at + 16, (float) (kept * steps + 1));
        memory.putFloat(at + 20, (float) (kept * memory.getFloat(at + 20) + (run > 0 ? 1 : 0)));
    }
}
