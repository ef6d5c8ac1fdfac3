package io.tidemark.judge.evidence;

import io.tidemark.judge.slots.SlotMemory;

/**
 * How rarely a series has episodes as severe: the return level of a severity, log10 of the steps between two such episodes.
 *
 * <p>Severe steps come in bursts, so it is bursts that are counted: peaks over a threshold, declustered by {@value #QUIET_STEPS} quiet steps, their
 * number a Poisson rate and their excess exponential, each with a weak prior (peaks over threshold; Davison and Smith 1990).
 *
 * <pre>
 *   episodes f4 | sum of excesses f4 | steps f4 | peak f4 | quiet steps i4 | weight of the present episode f4
 * </pre>
 */
final class EpisodeCalibration {
    // Where each part of the state above lies, in bytes.
    private static final int EXCESSES_AT = 4;
    private static final int STEPS_AT = 8;
    private static final int PEAK_AT = 12;
    private static final int QUIET_AT = 16;
    private static final int WEIGHT_AT = 20;

    private static final int BYTES = 24;
    /** Severity that an episode begins at. */
    private static final double BEGINS_AT = 1.5;

    private static final int QUIET_STEPS = 20;
    private static final double MEMORY_STEPS = 20_000;
    private static final double PRIOR_EPISODES = 3;
    private static final double PRIOR_EXCESS = 0.6;
    private static final double EXCESS_MAX = 4;
    /** Weight of an episode that was an alert, which is what the usual ones are to be told from. */
    private static final double ALERT_WEIGHT = 0.15;

    private static final double LN10 = Math.log(10);

    private final SlotMemory memory;
    private final int at;

    EpisodeCalibration(SlotMemory memory) {
        this.memory = memory;
        at = memory.allocate(BYTES);
    }

    /** log10 of the steps between two episodes that reach so high a severity; 0 for a severity of 0. */
    double returnLevel(double severity) {
        double episodes = memory.getFloat(at);
        double steps = memory.getFloat(at + STEPS_AT);
        double rarity = -Math.log10((episodes + 1) / (steps + Math.pow(10, BEGINS_AT)));
        if (severity <= BEGINS_AT) {
            return Math.max(0, severity) * rarity / BEGINS_AT;
        }
        double excess =
                (memory.getFloat(at + EXCESSES_AT) + PRIOR_EPISODES * PRIOR_EXCESS) / (episodes + PRIOR_EPISODES);
        return rarity + (severity - BEGINS_AT) / (excess * LN10);
    }

    /** @param alert whether this step was an alert of a kind that is not usual in this series */
    void learn(double severity, boolean alert) {
        memory.putFloat(at + STEPS_AT, memory.getFloat(at + STEPS_AT) + 1);
        float peak = memory.getFloat(at + PEAK_AT);
        if (alert) {
            memory.putFloat(at + WEIGHT_AT, 1);
        }
        if (severity >= BEGINS_AT) {
            memory.putInt(at + QUIET_AT, 0);
            memory.putFloat(at + PEAK_AT, (float) Math.max(peak, severity));
        } else if (peak > 0) {
            int quiet = memory.getInt(at + QUIET_AT) + 1;
            memory.putInt(at + QUIET_AT, quiet);
            if (quiet >= QUIET_STEPS) {
                count(peak);
            }
        }
        if (memory.getFloat(at + STEPS_AT) > MEMORY_STEPS) {
            for (int i = 0; i < 12; i += 4) {
                memory.putFloat(at + i, memory.getFloat(at + i) * 0.5f);
            }
        }
    }

    private void count(float peak) {
        double weight = memory.getFloat(at + WEIGHT_AT) > 0 ? ALERT_WEIGHT : 1;
        double excess = Math.min(peak, BEGINS_AT + EXCESS_MAX) - BEGINS_AT;
        memory.putFloat(at, (float) (memory.getFloat(at) + weight));
        memory.putFloat(at + EXCESSES_AT, (float) (memory.getFloat(at + EXCESSES_AT) + weight * excess));
        memory.putFloat(at + PEAK_AT, 0);
        memory.putFloat(at + WEIGHT_AT, 0);
    }
}
