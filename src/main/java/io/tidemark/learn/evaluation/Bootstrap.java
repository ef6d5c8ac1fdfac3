package io.tidemark.learn.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The mean of a figure over series, and where it could as well lie had other series of the same sort been measured.
 *
 * @param series how many series have the figure
 * @param mean their mean; NaN without series, as below
 * @param low 2.5 % of the resampled means lie below it
 * @param high 2.5 % of the resampled means lie above it
 */
public record Bootstrap(int series, double mean, double low, double high) {
    private static final int RESAMPLES = 2000;

    /**
     * Resamples series with replacement.
     *
     * @param figures one for each series; NaN ones are passed over
     * @param seed of the resampling: the same figures and seed give the same interval
     */
    public static Bootstrap of(double[] figures, long seed) {
        double[] known = Arrays.stream(figures).filter(f -> !Double.isNaN(f)).toArray();
        if (known.length == 0) return new Bootstrap(0, Double.NaN, Double.NaN, Double.NaN);
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double sum = 0;
            for (int j = 0; j < known.length; j++) sum += known[random.nextInt(known.length)];
            means[i] = sum / known.length;
        }
        Arrays.sort(means);
        int tail = RESAMPLES / 40;
        double mean = Arrays.stream(known).average().orElseThrow();
        return new Bootstrap(known.length, mean, means[tail], means[RESAMPLES - 1 - tail]);
    }
}
