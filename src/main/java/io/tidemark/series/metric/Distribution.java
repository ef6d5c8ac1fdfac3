package io.tidemark.series.metric;

/**
 * Many values, counted in buckets or told by quantiles.
 *
 * @param count how many
 * @param sum of them; NaN: unknown
 * @param min NaN: unknown
 * @param max NaN: unknown
 * @param bounds upper ends of the buckets but the last, ascending; empty: there are no buckets
 * @param counts of each bucket, one more than bounds; empty: there are none
 * @param ranks of known quantiles; in [0, 1]
 * @param quantiles values at those ranks
 */
public record Distribution(
        double count,
        double sum,
        double min,
        double max,
        double[] bounds,
        double[] counts,
        double[] ranks,
        double[] quantiles) {
    private static final double[] NONE = {};

    /** Without buckets. */
    static Distribution of(double count, double sum, double[] ranks, double[] quantiles) {
        return new Distribution(count, sum, Double.NaN, Double.NaN, NONE, NONE, ranks, quantiles);
    }

    /** In buckets. */
    static Distribution of(double count, double sum, double min, double max, double[] bounds, double[] counts) {
        boolean fit = counts.length == bounds.length + 1;
        return new Distribution(count, sum, min, max, fit ? bounds : NONE, fit ? counts : NONE, NONE, NONE);
    }

    /** The arithmetic mean; NaN when it is unknown. */
    public double mean() {
        return count > 0 ? sum / count : Double.NaN;
    }

    /**
     * The value below which a share of all lies: as it was told, or on a straight line through the bucket that holds it. NaN when it is unknown.
     *
     * @param rank in [0, 1]
     */
    public double quantile(double rank) {
        for (int i = 0; i < ranks.length; i++) if (Math.abs(ranks[i] - rank) < 1e-9) return quantiles[i];
        double all = 0;
        for (double each : counts) all += each;
        if (all <= 0) return Double.NaN;
        double wanted = rank * all;
        double below = 0;
        int bucket = 0;
        while (bucket < counts.length - 1 && below + counts[bucket] < wanted) below += counts[bucket++];
        double lower = bucket == 0 ? lowest() : bounds[bucket - 1];
        double upper = bucket == bounds.length ? highest() : bounds[bucket];
        double share = counts[bucket] == 0 ? 0 : (wanted - below) / counts[bucket];
        double value = lower + (upper - lower) * share;
        if (!Double.isNaN(min)) value = Math.max(min, value);
        return Double.isNaN(max) ? value : Math.min(max, value);
    }

    /** Where the first bucket begins: at the smallest value, or at 0 for values that are not negative. */
    private double lowest() {
        if (!Double.isNaN(min)) return min;
        return bounds.length == 0 ? Double.NaN : Math.min(0, bounds[0]);
    }

    /** Where the last bucket ends: at the largest value, or where it begins, which is all that is known. */
    private double highest() {
        if (!Double.isNaN(max)) return max;
        return bounds.length == 0 ? Double.NaN : bounds[bounds.length - 1];
    }
}
