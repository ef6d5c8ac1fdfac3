package io.tidemark.learn.tuning;

/**
 * Where a useful learning rate lies (Smith, Cyclical learning rates for training neural networks, 2017): the rate grows
 * geometrically from step to step, and the loss first falls and then explodes. The pick is a tenth of the rate at which the
 * smoothed loss was lowest.
 */
public final class RangeTest {
    private static final double LOWEST = 1e-5;
    private static final double HIGHEST = 0.3;
    private static final double SMOOTHING = 0.8;
    /** Above this multiple of the lowest smoothed loss nothing is learnt any more. */
    private static final double EXPLODED = 4;

    private RangeTest() {}

    /**
     * The rates that a test tries.
     *
     * @param steps how many; at least 2
     */
    public static double[] rates(int steps) {
        if (steps < 2) throw new IllegalArgumentException("a range test needs at least 2 steps, but got " + steps);
        double[] rates = new double[steps];
        double ratio = Math.log(HIGHEST / LOWEST) / (steps - 1);
        for (int i = 0; i < steps; i++) rates[i] = LOWEST * Math.exp(ratio * i);
        return rates;
    }

    /**
     * The rate to search around.
     *
     * @param losses of each rate's step; NaN after a divergence
     * @param otherwise the rate when the losses say nothing, such as the declared one
     */
    public static double pick(double[] rates, double[] losses, double otherwise) {
        double smoothed = Double.NaN;
        double lowest = Double.POSITIVE_INFINITY;
        double at = Double.NaN;
        for (int i = 0; i < rates.length; i++) {
            if (!Double.isFinite(losses[i])) break;
            smoothed = i == 0 ? losses[i] : SMOOTHING * smoothed + (1 - SMOOTHING) * losses[i];
            if (smoothed > EXPLODED * lowest) break;
            if (smoothed < lowest) {
                lowest = smoothed;
                at = rates[i];
            }
        }
        boolean neverFell = !(at > rates[0]);
        return neverFell ? otherwise : Math.max(LOWEST, at / 10);
    }
}
