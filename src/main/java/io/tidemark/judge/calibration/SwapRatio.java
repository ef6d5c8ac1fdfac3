package io.tidemark.judge.calibration;

import io.tidemark.judge.slots.SlotMemory;

/**
 * What the errors of a new model version are multiplied by, so that half of them lie above the median of the version before.
 *
 * <ol>
 *   <li>On trial: the first {@value #TRIAL_SAMPLES} errors are kept. Their median so far gives the ratio; the first {@value #TRIAL_SAMPLES_MIN} give
 *       none, or the least one where that is set.
 *   <li>Settling: they were consecutive ones, and a network that errs by the hour has shown one hour of it. So all errors since the swap are
 *       counted on, in bins of a quarter of an octave about the trial's median, and their median gives the ratio, until as many were counted as
 *       the calibration remembers. Where a least ratio is set the trial's ratio stays: what is seen then may be an incident.
 * </ol>
 *
 * <pre>
 *   1 + samples on trial, −(samples since the swap) while it settles, 0 otherwise i4 | on trial: errors, sorted f4 × 32
 *                                                                                   | settling: the median before f4, lowest bin i4, counts f4 × 30
 * </pre>
 */
final class SwapRatio {
    private static final int TRIAL_SAMPLES = 32;
    private static final int TRIAL_SAMPLES_MIN = 4;

    private static final int SAMPLES_AT = 4;
    private static final int BEFORE_AT = SAMPLES_AT;
    private static final int LOWEST_AT = SAMPLES_AT + 4;
    private static final int COUNTS_AT = SAMPLES_AT + 8;
    private static final int BINS = TRIAL_SAMPLES - 2;
    /** Leaves a float's sign, exponent and two bits of its mantissa. */
    private static final int BIN_SHIFT = 21;

    static final int BYTES = SAMPLES_AT + 4 * TRIAL_SAMPLES;

    private final SlotMemory memory;
    private final int at;
    private final TailHistogram calibration;
    private final int settlingSamples;
    private final double least;

    /**
     * @param at where its {@value #BYTES} bytes lie
     * @param calibration of the errors, which goes on over versions
     * @param settlingSamples errors since the swap that are counted
     * @param least what it never falls below; 0: whatever the medians say
     */
    SwapRatio(SlotMemory memory, int at, TailHistogram calibration, int settlingSamples, double least) {
        this.memory = memory;
        this.at = at;
        this.calibration = calibration;
        this.settlingSamples = settlingSamples;
        this.least = least;
    }

    /** Puts a new version on trial; a trial that is under way goes on. */
    void begin() {
        if (!onTrial()) memory.putInt(at, 1);
    }

    boolean onTrial() {
        return memory.getInt(at) > 0;
    }

    /** Neither on trial nor settling: it stays what it is. */
    boolean isIdle() {
        return memory.getInt(at) == 0;
    }

    /** Of the trial so far: NaN while too few are on trial, 1 when either median is 0. */
    double ratio() {
        int count = memory.getInt(at) - 1;
        if (count < TRIAL_SAMPLES_MIN) return least > 0 ? least : Double.NaN;
        double before = calibration.median();
        double now = 0.5 * (sample((count - 1) / 2) + sample(count / 2));
        return before > 0 && now > 0 ? Math.max(least, before / now) : 1;
    }

    /**
     * Counts an error, on trial or settling.
     *
     * @param error in the units of the calibration: the network's own, times the gain
     * @param gain in use at present
     * @return the gain from now on
     */
    double learn(double error, double gain) {
        if (onTrial()) return learnOnTrial(error, gain);
        int since = -memory.getInt(at);
        count(error / gain);
        memory.putInt(at, since < settlingSamples ? -(since + 1) : 0);
        return memory.getFloat(at + BEFORE_AT) / median(since + 1);
    }

    private double learnOnTrial(double error, double gain) {
        int count = memory.getInt(at);
        insertSorted(count - 1, (float) error);
        memory.putInt(at, count + 1);
        if (count < TRIAL_SAMPLES) return gain;
        double ratio = ratio();
        memory.putInt(at, 0);
        double median = calibration.median();
        if (least == 0 && median > 0 && sample(TRIAL_SAMPLES / 2 - 1) > 0) settle(gain, median);
        return gain * ratio;
    }

    /** Counts the errors of the trial in bins about their median. */
    private void settle(double gain, double median) {
        float[] trial = new float[TRIAL_SAMPLES];
        for (int i = 0; i < TRIAL_SAMPLES; i++) trial[i] = (float) (sample(i) / gain);
        memory.clear(at + SAMPLES_AT, 4 * TRIAL_SAMPLES);
        memory.putFloat(at + BEFORE_AT, (float) median);
        int middle = TailHistogram.bin(trial[TRIAL_SAMPLES / 2], BIN_SHIFT);
        memory.putInt(at + LOWEST_AT, Math.max(1, middle - BINS / 2));
        for (float error : trial) count(error);
        memory.putInt(at, -TRIAL_SAMPLES);
    }

    private void count(double error) {
        int number = TailHistogram.bin(error, BIN_SHIFT) - memory.getInt(at + LOWEST_AT);
        int bin = Math.max(0, Math.min(BINS - 1, number));
        int place = at + COUNTS_AT + 4 * bin;
        memory.putFloat(place, memory.getFloat(place) + 1);
    }

    /** The median of the errors counted. */
    private double median(int samples) {
        double below = 0;
        int bin = 0;
        float count = memory.getFloat(at + COUNTS_AT);
        while (bin < BINS - 1 && below + count < 0.5 * samples) {
            below += count;
            bin++;
            count = memory.getFloat(at + COUNTS_AT + 4 * bin);
        }
        int number = memory.getInt(at + LOWEST_AT) + bin;
        double low = TailHistogram.lower(number, BIN_SHIFT);
        return low + (TailHistogram.lower(number + 1, BIN_SHIFT) - low) * Math.min(1, (0.5 * samples - below) / count);
    }

    private void insertSorted(int count, float sample) {
        int i = count;
        while (i > 0 && sample(i - 1) > sample) {
            memory.putFloat(at + SAMPLES_AT + 4 * i, sample(i - 1));
            i--;
        }
        memory.putFloat(at + SAMPLES_AT + 4 * i, sample);
    }

    private float sample(int index) {
        return memory.getFloat(at + SAMPLES_AT + 4 * index);
    }
}
