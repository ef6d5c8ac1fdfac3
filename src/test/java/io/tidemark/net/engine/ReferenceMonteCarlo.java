package io.tidemark.net.engine;

import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.MonteCarlo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The textbook formulas of {@link MonteCarlo}, of one sample.
 *
 * @param x what enters
 * @param quantiles of the network's output
 * @param sample its place in the batch
 * @param random numbers of the training step, null while scoring
 */
@SuppressWarnings("ArrayRecordComponent")
record ReferenceMonteCarlo(
        double[] x,
        List<Double> quantiles,
        BoundLayer layer,
        int sample,
        @Nullable CounterRandom random) implements MonteCarlo.Cases<double[]> {
    /** Standard normal deviates below which a share lies; the tests ask for no others. */
    private static double deviate(double share) {
        return share == 0.5 ? 0 : share == 0.1 ? -1.2815515655446004 : share == 0.9 ? 1.2815515655446004 : Double.NaN;
    }

    @Override
    public double[] dropout(MonteCarlo.Dropout dropout) {
        double[] y = new double[dropout.passes() * x.length];
        float rate = (float) dropout.rate();
        for (int i = 0; i < y.length; i++) {
            float uniform = random == null
                    ? CounterRandom.of(0, "passes", 0).uniform(i)
                    : random.uniform((long) sample * y.length + i);
            y[i] = uniform < rate ? 0 : x[i % x.length] / (1 - rate);
        }
        return y;
    }

    @Override
    public double[] predictive(MonteCarlo.Predictive predictive) {
        int n = layer.outputSize();
        int passes = x.length / n;
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            if (random != null) {
                y[i] = x[(int) Math.floor(random.uniform((long) sample * n + i) * passes) * n + i];
                continue;
            }
            y[i] = mean(i, n, passes);
            if (quantiles.isEmpty()) continue;
            int q = i % quantiles.size();
            int median = i - q + quantiles.indexOf(0.5);
            double variance = 0;
            for (int p = 0; p < passes; p++) {
                variance += Math.pow(x[p * n + median] - mean(median, n, passes), 2) / passes;
            }
            y[i] += deviate(quantiles.get(q)) * Math.sqrt(variance);
        }
        return y;
    }

    private double mean(int i, int n, int passes) {
        double mean = 0;
        for (int p = 0; p < passes; p++) mean += x[p * n + i] / passes;
        return mean;
    }
}
