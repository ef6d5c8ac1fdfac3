package io.tidemark.calibration;

/**
 * One error of a series, say the mean error of a network over all features, calibrated as it is and smoothed.
 *
 * <p>A new model version has errors of another size. Its first {@value #TRIAL_SAMPLES} errors are put on trial: they are judged by the calibration of
 * the version before, at half weight, and teach nothing. Then the errors are multiplied by the ratio of the medians, and go on where the
 * version before left off.
 *
 * <pre>
 *   network i8 | version i8 | gain f4 | smoothed f4 | samples i4 | trial samples i4 | trial errors f4 × 32
 * </pre>
 */
final class ErrorMember {
    private static final int TRIAL_SAMPLES = 32;
    private static final int HEADER_BYTES = 32 + 4 * TRIAL_SAMPLES;
    private static final double TRIAL_WEIGHT = 0.5;

    static final int BYTES = HEADER_BYTES + 2 * TailHistogram.BYTES;

    private final SlotMemory memory;
    private final int at;
    private final double rate;
    private final TailHistogram fast;
    private final TailHistogram slow;

    private double error;
    private double smoothed;
    private double fastSurprise;
    private double slowSurprise;
    private double weight;

    ErrorMember(SlotMemory memory, double smoothingSpan, int memorySamples) {
        this.memory = memory;
        this.at = memory.allocate(HEADER_BYTES);
        this.rate = 2 / (smoothingSpan + 1);
        fast = new TailHistogram(memory, memorySamples, memorySamples);
        slow = new TailHistogram(memory, memorySamples, memorySamples);
    }

    long network() {
        return memory.getLong(at);
    }

    long version() {
        return memory.getLong(at + 8);
    }

    /** Takes this place for a network, forgetting the one before. */
    void assign(long network, long version) {
        memory.clear(at, BYTES);
        memory.putLong(at, network);
        memory.putLong(at + 8, version);
    }

    /** Puts a new version of the network on trial. */
    void swap(long version) {
        boolean known = fast.weight() >= TailHistogram.SAMPLES_NEEDED;
        memory.putLong(at + 8, version);
        memory.putInt(at + 28, known ? 1 : 0);
    }

    /** Judges an error that is at least 0; NaN is no error at this step. */
    void judge(double rawError) {
        if (Double.isNaN(rawError)) {
            error = Double.NaN;
            fastSurprise = 0;
            slowSurprise = 0;
            weight = 0;
            return;
        }
        error = rawError * gain();
        boolean first = memory.getInt(at + 24) == 0;
        smoothed = first ? error : memory.getFloat(at + 20) + rate * (error - memory.getFloat(at + 20));
        memory.putFloat(at + 20, (float) smoothed);
        memory.putInt(at + 24, 1);
        fastSurprise = fast.surprise(error);
        slowSurprise = slow.surprise(smoothed);
        weight = onTrial() ? TRIAL_WEIGHT : 1;
    }

    /** Learns the error last judged. */
    void learn() {
        if (Double.isNaN(error)) {
            return;
        }
        if (onTrial()) {
            putOnTrial();
        } else {
            fast.learn(error);
            slow.learn(smoothed);
        }
    }

    double fastSurprise() {
        return fastSurprise;
    }

    double slowSurprise() {
        return slowSurprise;
    }

    /** Weight among the members at this step: 1, less on trial, 0 without an error. */
    double weight() {
        return weight;
    }

    /** The raw error that so large a share of the errors learnt exceeds; NaN while too few are known. */
    double usualError(double share) {
        return fast.weight() < TailHistogram.SAMPLES_NEEDED ? Double.NaN : fast.quantile(share) / gain();
    }

    /** What the present version's errors are multiplied by; stored as 0 while it is 1. */
    private double gain() {
        float gain = memory.getFloat(at + 16);
        return gain == 0 ? 1 : gain;
    }

    private boolean onTrial() {
        return memory.getInt(at + 28) > 0;
    }

    private void putOnTrial() {
        int position = memory.getInt(at + 28) - 1;
        insertSorted(position, (float) error);
        if (position + 1 < TRIAL_SAMPLES) {
            memory.putInt(at + 28, position + 2);
            return;
        }
        memory.putInt(at + 28, 0);
        double before = fast.median();
        double now = 0.5 * (trial(TRIAL_SAMPLES / 2 - 1) + trial(TRIAL_SAMPLES / 2));
        if (before > 0 && now > 0) {
            double ratio = before / now;
            memory.putFloat(at + 16, (float) (gain() * ratio));
            memory.putFloat(at + 20, (float) (memory.getFloat(at + 20) * ratio));
        }
    }

    private void insertSorted(int count, float sample) {
        int i = count;
        while (i > 0 && trial(i - 1) > sample) {
            memory.putFloat(at + 32 + 4 * i, trial(i - 1));
            i--;
        }
        memory.putFloat(at + 32 + 4 * i, sample);
    }

    private float trial(int index) {
        return memory.getFloat(at + 32 + 4 * index);
    }
}
