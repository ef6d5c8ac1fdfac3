package io.tidemark.network;

/**
 * How a network is trained; the optimiser is Adam (Kingma and Ba 2015) with β₁ 0.9, β₂ 0.999 and ε 1e-8.
 *
 * @param loss what training lowers
 * @param learningRate of Adam; in (0, 1]
 * @param batch samples in a step; in [1, 4096]
 */
public record TrainingSpec(Loss loss, double learningRate, int batch) {
    /** Losses are weighted means over every element; d is output minus target. */
    public enum Loss {
        /** d². */
        MSE,
        /** |d|; its slope at 0 is 0. */
        MAE,
        /** √(d² + 0.01): quadratic near 0, linear far away (Charbonnier et al. 1994). */
        SMOOTH_L1,
        /** Pinball loss of each quantile (Koenker and Bassett 1978), a mean over quantiles too. */
        QUANTILE,
        /**
         * −t·log σ(z) − (1 − t)·log(1 − σ(z)) for a raw output z (a logit) and a target t in [0, 1], σ being the logistic
         * function, which is applied to a reconstruction after scoring.
         */
        BINARY_CROSS_ENTROPY
    }

    public TrainingSpec {
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw new IllegalArgumentException("training.learning-rate must be in (0, 1], but was " + learningRate);
        }
        if (batch < 1 || batch > 4096) {
            throw new IllegalArgumentException("training.batch must be in [1, 4096], but was " + batch);
        }
    }

    /** The same with another batch. */
    public TrainingSpec withBatch(int samples) {
        return new TrainingSpec(loss, learningRate, samples);
    }

    /** The same with another learning rate. */
    public TrainingSpec withLearningRate(double rate) {
        return new TrainingSpec(loss, rate, batch);
    }
}
