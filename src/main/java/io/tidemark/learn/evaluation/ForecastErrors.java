package io.tidemark.learn.evaluation;

/**
 * How far forecasts of one feature lie from what came, beside those of a seasonal naive forecast. One thread.
 *
 * <p>The naive forecast of a value is the newest one that was known when the forecast was issued and lies whole seasons before it. Both are
 * held against the same values, so that the seasonal naive forecast itself has a scaled error of 1.
 */
public final class ForecastErrors {
    private final float[] levels;
    private final double[] losses;
    private long values;
    private long covered;
    private double error;
    private double naiveError;
    private double magnitude;

    /** @param levels of the quantiles that are forecast; ascending, each in (0, 1), at least one */
    public ForecastErrors(float... levels) {
        if (levels.length == 0) throw new IllegalArgumentException("forecasts need at least one quantile");
        for (int i = 0; i < levels.length; i++) {
            if (!(levels[i] > 0 && levels[i] < 1) || i > 0 && levels[i] <= levels[i - 1]) {
                throw new IllegalArgumentException(
                        "levels must ascend within (0, 1), but number " + (i + 1) + " is " + levels[i]);
            }
        }
        this.levels = levels.clone();
        losses = new double[levels.length];
    }

    /**
     * Takes one forecast value and what came; one that misses any part is passed over.
     *
     * @param actual what came, in the feature's units
     * @param quantiles holds the forecast's quantiles, in the same units
     * @param from where they begin in it
     * @param naive the seasonal naive forecast of the same value
     */
    public void add(double actual, double[] quantiles, int from, double naive) {
        int last = from + levels.length - 1;
        double middle = quantiles[from + levels.length / 2];
        if (!Double.isFinite(actual + quantiles[from] + middle + quantiles[last] + naive)) return;
        values++;
        error += Math.abs(actual - middle);
        naiveError += Math.abs(actual - naive);
        magnitude += Math.abs(actual);
        if (actual >= quantiles[from] && actual <= quantiles[last]) covered++;
        for (int i = 0; i < levels.length; i++) {
            double gap = actual - quantiles[from + i];
            losses[i] += 2 * Math.max(levels[i] * gap, (levels[i] - 1) * gap);
        }
    }

    /**
     * Where the naive forecast of a value lies.
     *
     * @param issued row of the newest value that was known
     * @param lead rows ahead, at least 1
     * @param season rows, at least 1
     * @return the row; negative where the series is too short yet
     */
    public static long naiveRow(long issued, int lead, int season) {
        return issued + lead - (long) season * ((lead + season - 1) / season);
    }

    /** Values that were forecast. */
    public long values() {
        return values;
    }

    /** Mean absolute error of the middle quantile, relative to the naive forecast's; NaN where that one has none. */
    public double scaledError() {
        return naiveError == 0 ? Double.NaN : error / naiveError;
    }

    /** Twice the quantile loss, as a mean over the levels, relative to the mean size of the values; NaN without values. */
    public double weightedQuantileLoss() {
        if (magnitude == 0) return Double.NaN;
        double sum = 0;
        for (double loss : losses) sum += loss;
        return sum / losses.length / magnitude;
    }

    /** Share of the values from the lowest to the highest quantile, in [0, 1]; NaN without values. */
    public double coverage() {
        return values == 0 ? Double.NaN : (double) covered / values;
    }
}
