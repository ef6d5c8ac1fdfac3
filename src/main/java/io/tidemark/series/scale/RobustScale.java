package io.tidemark.series.scale;

import io.tidemark.series.sample.Wire;
import java.util.Arrays;

/**
 * A running location and scale of each feature of one series, which outliers move little.
 *
 * <p><b>Start.</b> The first {@value #START} values of a feature are kept: location is their median, scale 1.4826 times their
 * median absolute deviation, or, where more than half of them are equal, their mean absolute deviation.
 *
 * <p><b>Then.</b> With n values seen and α = max(1/n, 1/memory), a value's deviation d counts at most as the limit k of scale
 * units: z = clip(d / scale, ±k), location += α · z · scale and scale² ·= 1 + α (z² − 1): an exponentially weighted mean and
 * standard deviation of clipped values (Huber, <i>Robust estimation of a location parameter</i>, 1964). On normal values the
 * scale is the standard deviation, 1 % low.
 *
 * <p><b>Lasting change.</b> k is {@value #CLIP} and doubles with every {@value #PATIENCE} values in a row beyond it, so that a
 * spike or a short incident moves little while a new level is learnt in the end: once the memory is full, 100 rows of an incident far
 * outside widen the scale by about half, and after some 500 rows the incident counts in full.
 *
 * <p>Missing values (NaN) teach nothing. Cost: about 10 ns a value; 24 bytes of state a feature, and 128 more until the start
 * is over. Works for values whose spread changes slowly against the memory; for values that are constant but for rare
 * spikes the declared floor decides. One thread.
 */
public final class RobustScale {
    /** Values that location and scale start from. */
    static final int START = 16;
    /** Scale units beyond which a deviation counts no more. */
    static final double CLIP = 3;
    /** Values in a row beyond the limit that double it. */
    static final int PATIENCE = 32;

    private static final double MAD_TO_SIGMA = 1.4826;
    private static final int RUN_MAX = 30 * PATIENCE;

    private final int features;
    private final double floor;
    private final int memory;
    private final int[] counts;
    private final double[] location;
    /** Without the floor; 0 while all values were equal. */
    private final double[] spread;
    /** Values in a row beyond the limit. */
    private final int[] runs;
    /** {@code [feature, START]}: the first values, sorted; those of features past their start are no longer used. */
    private final double[] first;

    private final double[] deviations = new double[START];

    /**
     * @param floor the smallest scale, in the features' own units, or of values below 1 as a share of them; above 0
     * @param memory values that location and scale look back over; at least 10
     */
    public RobustScale(int features, double floor, int memory) {
        if (!(floor > 0)) throw new IllegalArgumentException("floor must be above 0, but was " + floor);
        if (memory < 10) throw new IllegalArgumentException("memory must be at least 10, but was " + memory);
        this.features = features;
        this.floor = floor;
        this.memory = memory;
        counts = new int[features];
        location = new double[features];
        spread = new double[features];
        runs = new int[features];
        first = new double[features * START];
    }

    /** What a value is measured from; NaN before the first one. */
    public double location(int feature) {
        return counts[feature] == 0 ? Double.NaN : location[feature];
    }

    /**
     * What a deviation is measured in: at least the floor, or, for values that are smaller than 1, that share of their size, so that a feature
     * is seen in whatever unit it comes.
     */
    public double scale(int feature) {
        double size = Math.abs(location[feature]) + spread[feature];
        double least = size > 0 && size < 1 ? floor * size : floor;
        return Math.max(Math.max(least, Double.MIN_NORMAL), spread[feature]);
    }

    /** Values learnt from; saturates at the largest int. */
    public int count(int feature) {
        return counts[feature];
    }

    /** Learns one value of a feature; NaN teaches nothing. */
    public void learn(int feature, double value) {
        if (Double.isNaN(value)) return;
        int n = counts[feature];
        if (n < START) start(feature, value, n);
        else follow(feature, value, n);
        if (n < Integer.MAX_VALUE) counts[feature] = n + 1;
    }

    private void start(int feature, double value, int n) {
        int from = feature * START;
        int at = Arrays.binarySearch(first, from, from + n, value);
        if (at < 0) at = -at - 1;
        System.arraycopy(first, at, first, at + 1, from + n - at);
        first[at] = value;
        double median = median(first, from, n + 1);
        double sum = 0;
        for (int i = 0; i <= n; i++) {
            deviations[i] = Math.abs(first[from + i] - median);
            sum += deviations[i];
        }
        Arrays.sort(deviations, 0, n + 1);
        double mad = MAD_TO_SIGMA * median(deviations, 0, n + 1);
        location[feature] = median;
        spread[feature] = mad > 0 ? mad : sum / (n + 1);
    }

    private static double median(double[] sorted, int from, int n) {
        int middle = from + n / 2;
        return n % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
    }

    private void follow(int feature, double value, int n) {
        double alpha = Math.max(1.0 / (n + 1), 1.0 / memory);
        double scale = scale(feature);
        double z = (value - location[feature]) / scale;
        double limit = CLIP;
        if (Math.abs(z) > CLIP) {
            int run = Math.min(RUN_MAX, runs[feature] + 1);
            runs[feature] = run;
            limit = Math.scalb(CLIP, run / PATIENCE);
            z = Math.max(-limit, Math.min(limit, z));
        } else {
            runs[feature] = 0;
        }
        location[feature] += alpha * z * scale;
        spread[feature] = scale * Math.sqrt(1 + alpha * (z * z - 1));
    }

    /** Appends the state; the same bytes make the same state. */
    public void write(Wire wire) {
        for (int f = 0; f < features; f++) {
            wire.i32(counts[f]).i32(runs[f]).f64(location[f]).f64(spread[f]);
            if (counts[f] < START) wire.doubles(first, f * START, counts[f]);
        }
    }

    /** Replaces the state by one that was written for as many features. */
    public void read(Wire wire) {
        for (int f = 0; f < features; f++) {
            counts[f] = wire.i32();
            runs[f] = wire.i32();
            location[f] = wire.f64();
            spread[f] = wire.f64();
            if (counts[f] < START) wire.readDoubles(first, f * START, counts[f]);
        }
    }
}
