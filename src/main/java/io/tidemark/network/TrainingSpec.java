package io.tidemark.network;

/**
 * @param loss what training lowers
 * @param learningRate of Adam; in (0, 1]
 * @param batch samples in a step; in [1, 4096]
 */
public record TrainingSpec(Loss loss, double learningRate, int batch) {
    /** Losses are means over every element. */
    public enum Loss {
        MSE,
        MAE,
        SMOOTH_L1,
        QUANTILE
    }
}
