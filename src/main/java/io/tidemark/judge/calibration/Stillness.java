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
    // Where each part of the state above lies, in bytes.
    private static final int RUN_AT = 8;
    private static final int LONGEST_AT = 12;
    private static final int STEPS_AT = 16;
    private static final int REPEATS_AT = 20;
    private static final int ENDED_RUN_AT = 24;
    private static final int TAUGHT_AT = 28;

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
        boolean repeats = memory.getFloat(at + STEPS_AT) > 0 && value == memory.getDouble(at);
        int before = memory.getInt(at + RUN_AT);
        int run = repeats ? Math.min(before + 1, Integer.MAX_VALUE / 4) : 0;
        memory.putDouble(at, value);
        memory.putInt(at + RUN_AT, run);
        memory.putInt(at + ENDED_RUN_AT, repeats ? 0 : before);
        if (!repeats) {
            memory.putInt(at + TAUGHT_AT, 0);
        }
        int beyond = run - 2 * memory.getInt(at + LONGEST_AT);
        float steps = memory.getFloat(at + STEPS_AT);
        if (run < RUN_LEAST || beyond <= 0 || steps < STEPS_LEAST) return 0;
        double q = (memory.getFloat(at + REPEATS_AT) + 1) / (steps + 2);
        return -beyond * Math.log10(q);
    }

    /** Learns the value last judged. */
    void learn() {
        int run = memory.getInt(at + RUN_AT);
        int taught = Math.min(memory.getInt(at + TAUGHT_AT) + 1, RUN_TAUGHT);
        int learnt = taught == RUN_TAUGHT ? run : memory.getInt(at + ENDED_RUN_AT);
        memory.putInt(at + TAUGHT_AT, taught);
        memory.putInt(at + LONGEST_AT, Math.max(memory.getInt(at + LONGEST_AT), learnt));
        double steps = memory.getFloat(at + STEPS_AT);
        double kept = steps < STEPS_MAX ? 1 : 1 - 1 / STEPS_MAX;
        memory.putFloat(at + STEPS_AT, (float) (kept * steps + 1));
        memory.putFloat(at + REPEATS_AT, (float) (kept * memory.getFloat(at + REPEATS_AT) + (run > 0 ? 1 : 0)));
    }
}
