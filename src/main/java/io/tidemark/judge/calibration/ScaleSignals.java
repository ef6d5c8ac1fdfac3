package io.tidemark.judge.calibration;

import io.tidemark.judge.slots.SlotMemory;

/**
 * The value signals of one feature in one scale, each judged by its novelty: V the value, D the value less the mean of the previous
 * 200 rows, S its lasting deviation from the hour of the day.
 */
final class ScaleSignals {
    /** Signals in a scale. */
    static final int SIGNALS = 3;

    private final Novelty value;
    private final Novelty drift;
    private final Novelty season;
    private final BlockMean recent;
    private final HourProfile profile;

    ScaleSignals(SlotMemory memory, int capacity, int memorySamples) {
        recent = new BlockMean(memory);
        profile = new HourProfile(memory);
        value = new Novelty(memory, capacity, memorySamples);
        drift = new Novelty(memory, capacity, memorySamples);
        season = new Novelty(memory, capacity, memorySamples);
    }

    static int bytes(int capacity) {
        return BlockMean.BYTES + HourProfile.BYTES + SIGNALS * Novelty.bytes(capacity);
    }

    /** Sum of the surprises of a value, each less the floor. */
    double surprise(long timeMs, double x, double floor) {
        double mean = recent.mean();
        recent.add(x);
        double sum = Math.max(0, value.surprise(x) - floor);
        sum += Math.max(0, drift.surprise(Double.isNaN(mean) ? 0 : x - mean) - floor);
        sum += Math.max(0, season.surprise(profile.add(timeMs, x)) - floor);
        return sum;
    }

    /** Learns the value last judged. */
    void learn() {
        value.learn();
        drift.learn();
        season.learn();
    }
}
