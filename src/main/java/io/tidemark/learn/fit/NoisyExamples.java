package io.tidemark.learn.fit;

import io.tidemark.net.engine.CounterRandom;

/**
 * Examples whose inputs carry Gaussian noise and are clipped to [0, 1], with the clean targets: the task of a denoising network.
 * The noise is a function of seed and index.
 */
public final class NoisyExamples implements ExampleSet {
    private final ExampleSet clean;
    private final float standardDeviation;
    private final long seed;

    /** @param standardDeviation of the noise; in (0, 10] */
    public NoisyExamples(ExampleSet clean, double standardDeviation, long seed) {
        if (!(standardDeviation > 0 && standardDeviation <= 10)) {
            throw new IllegalArgumentException("noise must be in (0, 10], but was " + standardDeviation);
        }
        this.clean = clean;
        this.standardDeviation = (float) standardDeviation;
        this.seed = seed;
    }

    @Override
    public int size() {
        return clean.size();
    }

    @Override
    public int inputSize() {
        return clean.inputSize();
    }

    @Override
    public int targetSize() {
        return clean.targetSize();
    }

    @Override
    public void weigh(int index, float[] weight, int slot) {
        clean.weigh(index, weight, slot);
    }

    @Override
    public void copy(int index, float[] input, float[] target, int slot) {
        clean.copy(index, input, target, slot);
        CounterRandom random = CounterRandom.of(seed, "test-noise", index);
        int at = slot * inputSize();
        for (int i = 0; i < inputSize(); i++) {
            input[at + i] = Math.max(0, Math.min(1, input[at + i] + standardDeviation * random.normal(i)));
        }
    }
}
