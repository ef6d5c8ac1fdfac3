package io.tidemark.learn.tuning;

/**
 * What a search varies about one network's training; the architecture stays as declared, so that any worker can score with the
 * result.
 *
 * @param learningRate of the declared optimiser; in (0, 1]
 * @param batch samples in a step; in [1, 4096]
 * @param weightDecay L2 penalty on the weights; in [0, 1]
 */
public record Hyperparameters(double learningRate, int batch, double weightDecay) {
    public Hyperparameters {
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw new IllegalArgumentException("learning rate must be in (0, 1], but was " + learningRate);
        }
        if (batch < 1 || batch > 4096) {
            throw new IllegalArgumentException("batch must be in [1, 4096], but was " + batch);
        }
        if (!(weightDecay >= 0 && weightDecay <= 1)) {
            throw new IllegalArgumentException("weight decay must be in [0, 1], but was " + weightDecay);
        }
    }
}
