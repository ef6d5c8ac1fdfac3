package io.tidemark.judge.calibration;

import io.tidemark.judge.slots.SlotMemory;

/**
 * One error of a series, say the mean error of a network over all features, calibrated as it is and smoothed.
 *
 * <p>A new model version has errors of another size, which its first errors tell (see {@link SwapRatio}): they are judged at half weight and teach
 * nothing. Then the calibration goes on where the version before left off.
 *
 * <pre>
 *   network i8 | version i4 | worth f4 | gain f4 | smoothed f4 | begun i4 | what the swap ratio keeps
 * </pre>
 */
final class ErrorMember {
    // Where each part of the state above lies, in bytes.
    private static final int VERSION_AT = 8;
    private static final int WORTH_AT = 12;
    private static final int GAIN_AT = 16;
    private static final int SMOOTHED_AT = 20;
    private static final int BEGUN_AT = 24;
    private static final int SWAP_AT = 28;
    private static final int HEADER_BYTES = SWAP_AT + SwapRatio.BYTES;

    private static final double TRIAL_WEIGHT = 0.5;
    private static final double TAIL_LEAST = 1e-300;

    static final int BYTES = HEADER_BYTES + 2 * TailHistogram.BYTES_OF_MEMBER;

    private final SlotMemory memory;
    private final int at;
    private final double rate;
    private final TailHistogram fast;
    private final TailHistogram slow;
    private final SwapRatio swap;

    private double error;
    private double smoothed;
    private double fastSurprise;
    private double fastWeight;
    private double slowSurprise;
    private double probeSurprise;
    private double weight;

    /** @param ratioLeast the least that errors on trial are multiplied by; 0: whatever their own median says */
    ErrorMember(SlotMemory memory, double smoothingSpan, int memorySamples, double ratioLeast) {
        this.memory = memory;
        this.at = memory.allocate(HEADER_BYTES);
        this.rate = 2 / (smoothingSpan + 1);
        fast = TailHistogram.ofMember(memory, memorySamples);
        slow = TailHistogram.ofMember(memory, memorySamples);
        swap = new SwapRatio(memory, at + SWAP_AT, fast, memorySamples, ratioLeast);
    }

    long network() {
        return memory.getLong(at);
    }

    int version() {
        return memory.getInt(at + VERSION_AT);
    }

    /** What was learnt of this member beside the others, in [−1, 1]; 0 at first (see {@link MemberWeights}). */
    double worth() {
        return memory.getFloat(at + WORTH_AT);
    }

    void worth(double worth) {
        memory.putFloat(at + WORTH_AT, (float) worth);
    }

    /** Takes this place for a network, forgetting the one before. */
    void assign(long network, int version) {
        memory.clear(at, BYTES);
        memory.putLong(at, network);
        memory.putInt(at + VERSION_AT, version);
    }

    /** Puts a new version of the network on trial; a trial that is under way goes on. */
    void swap(int version) {
        memory.putInt(at + VERSION_AT, version);
        worth(MemberWeights.KEPT_AT_SWAP * worth());
        if (fast.weight() >= TailHistogram.SAMPLES_NEEDED) swap.begin();
    }

    /** Judges an error that is at least 0; NaN is no error at this step. */
    void judge(double rawError) {
        judge(rawError, Double.NaN);
    }

    /** @param rawProbe the error on a copy of the step with a small anomaly in it; NaN where there is none; nothing is learnt from it */
    void judge(double rawError, double rawProbe) {
        error = rawError * gain();
        double judged = onTrial() ? error * swap.ratio() : error;
        if (Double.isNaN(judged)) {
            fastSurprise = 0;
            slowSurprise = 0;
            probeSurprise = Double.NaN;
            weight = 0;
            return;
        }
        double bounded = Math.min(judged, fast.ceiling());
        boolean first = memory.getInt(at + BEGUN_AT) == 0;
        smoothed = first
                ? bounded
                : memory.getFloat(at + SMOOTHED_AT) + rate * (bounded - memory.getFloat(at + SMOOTHED_AT));
        memory.putFloat(at + SMOOTHED_AT, (float) smoothed);
        memory.putInt(at + BEGUN_AT, 1);
        fastWeight = fast.weight();
        fastSurprise = fast.surprise(judged);
        slowSurprise = slow.surprise(smoothed);
        probeSurprise = Double.isNaN(rawProbe) ? Double.NaN : fast.surprise(rawProbe * gain());
        weight = onTrial() ? TRIAL_WEIGHT : 1;
    }

    /** Learns the error last judged. */
    void learn() {
        if (Double.isNaN(error)) {
            return;
        }
        boolean teaches = !onTrial();
        if (!swap.isIdle()) memory.putFloat(at + GAIN_AT, (float) swap.learn(error, gain()));
        if (teaches) {
            fast.learn(error);
            slow.learn(smoothed);
        }
    }

    double fastSurprise() {
        return fastSurprise;
    }

    /** How often a normal step has so large an error, in (0, 1]; NaN while too few are known. */
    double tailProbability() {
        return weight == 0 || fastWeight < TailHistogram.SAMPLES_NEEDED
                ? Double.NaN
                : Math.max(TAIL_LEAST, Math.pow(10, -fastSurprise));
    }

    double slowSurprise() {
        return slowSurprise;
    }

    /** Surprise of the error on a probe; NaN where there was none. */
    double probeSurprise() {
        return probeSurprise;
    }

    /** The error last judged, in units of the first version; NaN when there was none. */
    double error() {
        return error;
    }

    /** The larger surprise of the two time scales. */
    double surprise() {
        return Math.max(fastSurprise, slowSurprise);
    }

    /** Weight at this step before what was learnt of the member: 1, less on trial, 0 without an error. */
    double weight() {
        return weight;
    }

    /** The raw error of the present version that so large a share of the errors exceeds; NaN while too few are known. */
    double usualError(double share) {
        double ratio = onTrial() ? swap.ratio() : 1;
        return fast.weight() < TailHistogram.SAMPLES_NEEDED ? Double.NaN : fast.quantile(share) / (gain() * ratio);
    }

    /** What the present version's errors are multiplied by; stored as 0 while it is 1. */
    private double gain() {
        float gain = memory.getFloat(at + GAIN_AT);
        return gain == 0 ? 1 : gain;
    }

    /** Whether the present version's size of errors is still being measured. */
    boolean onTrial() {
        return swap.onTrial();
    }
}
