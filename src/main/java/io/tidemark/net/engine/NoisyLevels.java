package io.tidemark.net.engine;

import io.tidemark.net.network.Diffusion;

/** The numbers of {@link Diffusion}'s layers, the same on every engine. */
public final class NoisyLevels {
    /** What scoring draws its noise from, whatever the seed and the layer. */
    private static final CounterRandom FIXED = CounterRandom.of(0, "noise levels", 0);

    private final float[] deviations;
    private final float[] kept;
    private final int values;

    /** @param values floats of one sample at one level */
    public NoisyLevels(Diffusion.NoiseLevels layer, int values) {
        int levels = layer.deviations().size();
        this.values = values;
        this.deviations = new float[levels];
        this.kept = new float[levels];
        for (int level = 0; level < levels; level++) {
            double deviation = layer.deviations().get(level);
            deviations[level] = (float) deviation;
            kept[level] = (float) Math.sqrt(1 - deviation * deviation);
        }
    }

    public int levels() {
        return deviations.length;
    }

    /** Standard deviation of a level's noise; in (0, 1). */
    public float deviation(int level) {
        return deviations[level];
    }

    /** What a level's clean values are multiplied by; in (0, 1). */
    public float kept(int level) {
        return kept[level];
    }

    /**
     * Noise of a batch while training.
     *
     * @param random the numbers of the layer's training step
     * @param element place in {@code [sample, level, value]}
     */
    public float whileTraining(CounterRandom random, int element) {
        return deviations[element / values % deviations.length] * random.normal(element);
    }

    /**
     * Noise of every sample while scoring.
     *
     * @param element place in {@code [level, value]}
     */
    public float whileScoring(int element) {
        return deviations[element / values] * FIXED.normal(element);
    }

    /**
     * The level that a training step takes a value from.
     *
     * @param random the numbers of the layer's training step
     * @param element place in {@code [sample, value]}
     * @param levels at least 1
     */
    public static int drawn(CounterRandom random, int element, int levels) {
        return (int) (random.uniform(element) * levels);
    }
}
