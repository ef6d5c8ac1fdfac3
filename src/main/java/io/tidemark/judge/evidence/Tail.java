package io.tidemark.judge.evidence;

import io.tidemark.judge.slots.SlotMemory;

/**
 * How rare a non-negative quantity is in a series: its surprise, −log10 of its tail probability.
 *
 * <p>Samples are counted in bins that cut every octave in four, {@value #OCTAVES} octaves down from the highest; zeros and smaller samples are known by
 * their number only. Below the quantile u the surprise is read off the counts; beyond it a generalised Pareto distribution goes on, its shape and scale from
 * the first two moments of the excesses (Hosking and Wallis 1987) with a weak prior on the mean excess, so that few samples promise little.
 *
 * <p>A quantity that is nearly always zero has no quantile to begin a tail at: there the surprise is the share of samples as high.
 *
 * <pre>
 *   weight f4 | since fit i4 | top bin i4 | u f4 | tail share f4 | scale f4 | shape f4 | quantiles f4 × 3 | counts u2 × bins, in eighths, top first
 * </pre>
 */
final class Tail {
    // Where each part of the state above lies, in bytes.
    private static final int SINCE_FIT_AT = 4;
    private static final int TOP_AT = 8;
    private static final int THRESHOLD_AT = 12;
    private static final int SHARE_AT = 16;
    private static final int SCALE_AT = 20;
    private static final int SHAPE_AT = 24;
    private static final int QUANTILES_AT = 28;

    /** Samples before anything is surprising. */
    static final int SAMPLES_NEEDED = 50;

    private static final int OCTAVES = 10;
    private static final int BINS = 4 * OCTAVES;
    /** A float's sign, exponent and two bits of its mantissa number the bins. */
    private static final int BIN_SHIFT = 21;
    /** Octaves, in bins, that one sample raises the top by at most: one absurd value cannot wash out the rest. */
    private static final int RISE_MAX = 8;

    private static final int QUANTILES = 3;
    private static final int HEADER_BYTES = 40;

    static final int BYTES = HEADER_BYTES + 2 * BINS;

    /** Parts of a sample that a count is in. */
    private static final float PARTS = 8;

    /** Most samples that a memory may hold, for counts of two bytes. */
    static final int MEMORY_MAX = (int) (65_535 / PARTS) - 1;

    private static final double SURPRISE_MAX = 25;
    /** The prior of the mean excess: as good as so many samples, of this share of u. */
    private static final double PRIOR_SAMPLES = 4;

    private static final double PRIOR_EXCESS = 0.3;
    /** The least mean excess as a share of u: a tail that has ended sharply so far may go on. */
    private static final double EXCESS_LEAST = 0.03;
    /** Excesses at which half of the shape that they show is believed. */
    private static final double SHAPE_SAMPLES = 20;

    /** Samples before a run longer than all before is extrapolated, and how surprising it becomes at most. */
    private static final int RUN_SAMPLES_NEEDED = 300;

    private static final double RUN_SURPRISE_MAX = 12;

    private static final double LN10 = Math.log(10);
    private static final double HALF = -Math.log10(0.5);

    private final SlotMemory memory;
    private final int at;
    private final double tailShare;
    private final double shapeMax;
    private final double memorySamples;

    /**
     * @param tailShare share of the samples beyond u; in (0, 0.1]
     * @param shapeMax largest shape of the tail: 0 is exponential, 0.3 falls as the power −10/3
     * @param memorySamples samples after which all counts are halved
     */
    Tail(SlotMemory memory, double tailShare, double shapeMax, double memorySamples) {
        this.memory = memory;
        this.at = memory.allocate(BYTES);
        this.tailShare = tailShare;
        this.shapeMax = shapeMax;
        this.memorySamples = memorySamples;
    }

    /** Surprise of a sample, in [0, {@value #SURPRISE_MAX}]; 0 while too few are known. */
    double surprise(double sample) {
        double n = memory.getFloat(at);
        if (n < SAMPLES_NEEDED || !(sample > 0)) {
            return 0;
        }
        double u = memory.getFloat(at + THRESHOLD_AT);
        if (u == 0) {
            return Math.min(SURPRISE_MAX, -Math.log10((above(sample) + 0.5) / (n + 1)));
        }
        if (sample >= u) {
            double excess = (sample - u) / memory.getFloat(at + SCALE_AT);
            double shape = memory.getFloat(at + SHAPE_AT);
            double log = shape < 1e-3 ? excess : Math.log1p(shape * excess) / shape;
            return Math.min(SURPRISE_MAX, -Math.log10(memory.getFloat(at + SHARE_AT)) + log / LN10);
        }
        return belowTail(sample, u);
    }

    /** Linear between the quantiles that a half, a quarter and an eighth of the samples exceed, and u. */
    private double belowTail(double sample, double u) {
        double low = 0;
        for (int i = 0; i < QUANTILES; i++) {
            double high = memory.getFloat(at + QUANTILES_AT + 4 * i);
            if (sample < high) {
                return HALF * (i + (sample - low) / (high - low));
            }
            low = high;
        }
        double last = -Math.log10(memory.getFloat(at + SHARE_AT)) - QUANTILES * HALF;
        return QUANTILES * HALF + Math.max(0, last) * (u > low ? (sample - low) / (u - low) : 1);
    }

    /**
     * Surprise of a run of equal values where the samples are such runs, 0 for a value that differs from its predecessor: each repeat beyond twice the
     * longest run counted is as rare as a repeat is, so r of them are −r·log10 q surprising, for a share q of the samples above 0.
     *
     * @return in [0, {@value #RUN_SURPRISE_MAX}]; 0 for a run no longer than that, and while too few are known
     */
    double surpriseOfRun(double run) {
        double n = memory.getFloat(at);
        if (n < RUN_SAMPLES_NEEDED) {
            return 0;
        }
        double repeats = 0;
        int longest = -1;
        for (int i = 0; i < BINS; i++) {
            repeats += count(i);
            if (longest < 0 && count(i) > 0) {
                longest = i;
            }
        }
        double beyond = longest < 0 ? run : run - 2 * lower(memory.getInt(at + TOP_AT) - longest + 1);
        return Math.max(0, Math.min(RUN_SURPRISE_MAX, -beyond * Math.log10((repeats + 1) / (n + 2))));
    }

    /** Weight of the samples above one, half of its own bin included. */
    private double above(double sample) {
        int last = memory.getInt(at + TOP_AT) - bin(sample);
        double above = 0;
        for (int i = 0; i < Math.min(last, BINS); i++) {
            above += count(i);
        }
        return last >= 0 && last < BINS ? above + 0.5 * count(last) : above;
    }

    /** Counts a sample. */
    void learn(double sample) {
        float n = memory.getFloat(at);
        if (sample > 0) {
            countBin(bin(sample), n);
        }
        n++;
        if (n > memorySamples) {
            n *= 0.5f;
            halve();
        }
        memory.putFloat(at, n);
        int since = memory.getInt(at + SINCE_FIT_AT) + 1;
        if (since >= (n < 500 ? 8 : 32)) {
            since = 0;
            fit(n);
        }
        memory.putInt(at + SINCE_FIT_AT, since);
    }

    /**
     * Counts a sample; one that is more surprising than may be counts as a sample of that surprise. So an event that is too strange to be
     * believed still says that there are such events, and not how far they go.
     *
     * @param most largest surprise that teaches; infinite for all
     */
    void learn(double sample, double most) {
        if (most == Double.POSITIVE_INFINITY) {
            learn(sample);
        } else if (memory.getFloat(at) >= SAMPLES_NEEDED) {
            learn(Math.min(sample, sampleOf(most)));
        }
    }

    /** The sample that has a surprise beyond u; infinite where there is no tail. */
    private double sampleOf(double surprise) {
        double u = memory.getFloat(at + THRESHOLD_AT);
        if (u == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double log = (surprise + Math.log10(memory.getFloat(at + SHARE_AT))) * LN10;
        double shape = memory.getFloat(at + SHAPE_AT);
        double excess = shape < 1e-3 ? log : Math.expm1(shape * log) / shape;
        return u + Math.max(0, excess) * memory.getFloat(at + SCALE_AT);
    }

    private void countBin(int bin, float n) {
        int top = memory.getInt(at + TOP_AT);
        if (top == 0) {
            top = bin;
            memory.putInt(at + TOP_AT, top);
        } else if (bin > top) {
            int rise = n < SAMPLES_NEEDED ? bin - top : Math.min(bin - top, RISE_MAX);
            int moved = Math.min(rise, BINS);
            memory.move(at + HEADER_BYTES, at + HEADER_BYTES + 2 * moved, 2 * (BINS - moved));
            memory.clear(at + HEADER_BYTES, 2 * moved);
            top += rise;
            memory.putInt(at + TOP_AT, top);
        }
        int i = Math.max(0, top - bin);
        if (i < BINS) {
            count(i, count(i) + 1);
        }
    }

    private void halve() {
        for (int i = 0; i < BINS; i++) {
            count(i, count(i) * 0.5f);
        }
        int empty = 0;
        while (empty < BINS - 1 && count(empty) == 0) {
            empty++;
        }
        if (empty > 0) {
            memory.move(at + HEADER_BYTES + 2 * empty, at + HEADER_BYTES, 2 * (BINS - empty));
            memory.clear(at + HEADER_BYTES + 2 * (BINS - empty), 2 * empty);
            memory.putInt(at + TOP_AT, memory.getInt(at + TOP_AT) - empty);
        }
    }

    private void fit(double n) {
        int top = memory.getInt(at + TOP_AT);
        double above = 0;
        double beyond = 0;
        int first = -1;
        int quantile = QUANTILES - 1;
        for (int i = 0; i < BINS; i++) {
            above += count(i);
            if (first < 0 && above >= tailShare * n) {
                first = above - count(i) < 3 ? i : i - 1;
                beyond = first == i ? above : above - count(i);
            }
            while (first >= 0 && quantile >= 0 && above >= n * Math.pow(0.5, quantile + 1)) {
                double part = (above - n * Math.pow(0.5, quantile + 1)) / count(i);
                double low = lower(top - i);
                memory.putFloat(at + QUANTILES_AT + 4 * quantile, (float) (low + part * (lower(top - i + 1) - low)));
                quantile--;
            }
        }
        while (quantile >= 0) {
            memory.putFloat(at + QUANTILES_AT + 4 * quantile, 0);
            quantile--;
        }
        if (first < 0) {
            memory.putFloat(at + THRESHOLD_AT, 0);
            return;
        }
        fitTail(n, top, first, beyond);
    }

    private void fitTail(double n, int top, int first, double beyond) {
        double u = lower(top - first);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i <= first; i++) {
            double excess = 0.5 * (lower(top - i) + lower(top - i + 1)) - u;
            sum += count(i) * excess;
            squares += count(i) * excess * excess;
        }
        double prior = PRIOR_EXCESS * u;
        double weight = beyond + PRIOR_SAMPLES;
        double mean = (sum + PRIOR_SAMPLES * prior) / weight;
        double variance = (squares + PRIOR_SAMPLES * 2 * prior * prior) / weight - mean * mean;
        double shown = 0.5 * (1 - mean * mean / Math.max(variance, Double.MIN_NORMAL));
        double shape = Math.max(0, Math.min(shapeMax, shown * beyond / (beyond + SHAPE_SAMPLES)));
        memory.putFloat(at + THRESHOLD_AT, (float) u);
        memory.putFloat(at + SHARE_AT, (float) ((beyond + 0.5) / (n + 1)));
        memory.putFloat(at + SCALE_AT, (float) Math.max(mean * (1 - shape), EXCESS_LEAST * u));
        memory.putFloat(at + SHAPE_AT, (float) shape);
    }

    private float count(int i) {
        return memory.getShort(at + HEADER_BYTES + 2 * i) / PARTS;
    }

    private void count(int i, float count) {
        memory.putShort(at + HEADER_BYTES + 2 * i, (int) (PARTS * count));
    }

    private static int bin(double sample) {
        float bounded = (float) Math.min(Math.max(sample, 1e-30), 1e30);
        return Float.floatToRawIntBits(bounded) >>> BIN_SHIFT;
    }

    private static double lower(int bin) {
        return Float.intBitsToFloat(bin << BIN_SHIFT);
    }
}
