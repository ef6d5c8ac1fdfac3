package io.tidemark.net.engine;

import io.tidemark.net.network.Diffusion;
import org.jspecify.annotations.Nullable;

/**
 * The textbook formulas of {@link Diffusion}, of one sample.
 *
 * @param x what enters
 * @param clean the sample that the mark kept, empty where there is none
 * @param sample its place in the batch
 * @param random numbers of the training step, null while scoring
 */
@SuppressWarnings("ArrayRecordComponent")
record ReferenceDiffusion(
        double[] x, double[] clean, int sample, @Nullable CounterRandom random) implements Diffusion.Cases<double[]> {
    @Override
    public double[] noiseLevels(Diffusion.NoiseLevels layer) {
        int levels = layer.deviations().size();
        int n = x.length;
        double[] y = new double[levels * (n + 1)];
        for (int level = 0; level < levels; level++) {
            double deviation = layer.deviations().get(level);
            for (int i = 0; i < n; i++) {
                int draw = level * n + i;
                double normal = random == null
                        ? CounterRandom.of(0, "noise levels", 0).normal(draw)
                        : random.normal((long) sample * levels * n + draw);
                y[level * (n + 1) + i] = Math.sqrt(1 - deviation * deviation) * x[i] + deviation * normal;
            }
            y[level * (n + 1) + n] = deviation;
        }
        return y;
    }

    @Override
    public double[] denoised(Diffusion.Denoised layer) {
        int n = clean.length;
        int levels = x.length / n;
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            if (random != null) {
                int level = (int) Math.floor(random.uniform((long) sample * n + i) * levels);
                y[i] = x[level * n + i];
                continue;
            }
            double mean = 0;
            double meanError = 0;
            for (int level = 0; level < levels; level++) {
                mean += x[level * n + i] / levels;
                meanError += Math.abs(x[level * n + i] - clean[i]) / levels;
            }
            y[i] = mean > clean[i] ? clean[i] + meanError : clean[i] - meanError;
        }
        return y;
    }
}
