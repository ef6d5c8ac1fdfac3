package io.tidemark.net.engine;

/**
 * Random numbers as a function of a key and a counter: any draw can be repeated, in any order, by any engine (Salmon et al.,
 * Parallel random numbers: as easy as 1, 2, 3, 2011; the mixing function is SplitMix64's, Steele et al. 2014).
 */
public final class CounterRandom {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** Equally probable intervals of a normal number. */
    private static final int INTERVALS = 4096;

    /** Where the intervals begin; the first and the last have no bound. */
    private static final float[] QUANTILES = new float[INTERVALS];

    static {
        for (int i = 1; i < INTERVALS; i++) QUANTILES[i] = (float) normalQuantile((double) i / INTERVALS);
    }

    private final long key;

    private CounterRandom(long key) {
        this.key = key;
    }

    /** The stream of numbers that belongs to a seed, a name such as {@code param/1.dense/weight}, and a step. */
    public static CounterRandom of(long seed, String name, long step) {
        long key = mix(seed + GOLDEN);
        for (int i = 0; i < name.length(); i++) key = mix(key ^ (name.charAt(i) + GOLDEN));
        return new CounterRandom(mix(key ^ mix(step + GOLDEN)));
    }

    /** 64 random bits. */
    public long bits(long index) {
        return mix(key + index * GOLDEN);
    }

    /** Uniform in [0, 1), on a grid of 2⁻²⁴. */
    public float uniform(long index) {
        return (bits(index) >>> 40) * 0x1p-24f;
    }

    /**
     * Normal with mean 0 and variance 1: the inverse of the distribution function at a uniform number, linear within each of
     * 4,096 equally probable intervals and exact beyond ±3.48. A draw costs no more than its random bits, for noise draws one for
     * each value of a batch.
     */
    public float normal(long index) {
        long bits = bits(index);
        int interval = (int) (bits >>> 52);
        if (interval == 0 || interval == INTERVALS - 1) return (float) normalQuantile(((bits >>> 11) + 0.5) * 0x1p-53);
        float from = QUANTILES[interval];
        return from + ((bits >>> 28) & 0xFFFFFF) * 0x1p-24f * (QUANTILES[interval + 1] - from);
    }

    /** The normal number below which a share p in (0, 1) lies, by Acklam's rational approximation (2003; relative error 1.2e-9). */
    static double normalQuantile(double p) {
        double q = p - 0.5;
        if (Math.abs(q) > 0.47575) {
            double t = StrictMath.sqrt(-2 * StrictMath.log(q < 0 ? p : 1 - p));
            double tail = polynomial(
                            t,
                            -7.784894002430293e-03,
                            -3.223964580411365e-01,
                            -2.400758277161838e+00,
                            -2.549732539343734e+00,
                            4.374664141464968e+00,
                            2.938163982698783e+00)
                    / polynomial(
                            t,
                            7.784695709041462e-03,
                            3.224671290700398e-01,
                            2.445134137142996e+00,
                            3.754408661907416e+00,
                            1);
            return q < 0 ? tail : -tail;
        }
        double r = q * q;
        return q
                * polynomial(
                        r,
                        -3.969683028665376e+01,
                        2.209460984245205e+02,
                        -2.759285104469687e+02,
                        1.383577518672690e+02,
                        -3.066479806614716e+01,
                        2.506628277459239e+00)
                / polynomial(
                        r,
                        -5.447609879822406e+01,
                        1.615858368580409e+02,
                        -1.556989798598866e+02,
                        6.680131188771972e+01,
                        -1.328068155288572e+01,
                        1);
    }

    /** Σ of coefficients times powers of x, highest first. */
    private static double polynomial(double x, double... coefficients) {
        double sum = 0;
        for (double coefficient : coefficients) sum = sum * x + coefficient;
        return sum;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
