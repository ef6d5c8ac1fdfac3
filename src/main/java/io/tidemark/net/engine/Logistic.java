package io.tidemark.net.engine;

/**
 * The last step of scoring a network that is trained by binary cross-entropy on raw outputs: its reconstruction is their logistic
 * function. The same in every engine; {@link io.tidemark.net.network.Network#reconstructsByLogistic()} says for which networks.
 */
public final class Logistic {
    private Logistic() {}

    /** Replaces the first {@code count} values z by 1 / (1 + e^−z). */
    public static void apply(float[] values, int count) {
        for (int i = 0; i < count; i++) values[i] = (float) (1 / (1 + Math.exp(-values[i])));
    }
}
