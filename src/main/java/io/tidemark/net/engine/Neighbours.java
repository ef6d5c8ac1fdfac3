package io.tidemark.net.engine;

import java.util.Arrays;

/**
 * Which features look at which in a layer {@link io.tidemark.net.network.Attention.GraphAttention}, the same on every engine: each
 * at itself and at those whose vectors have the largest cosine with its own.
 */
public final class Neighbours {
    /** So that a vector of zeros is like none. */
    private static final double LENGTH_LEAST = 1e-30;

    private final int features;
    private final int units;
    private final int count;
    private final int[] chosen;
    private final double[] lengths;
    private final double[] cosines;

    /**
     * @param units values of a feature's vector
     * @param others features besides itself that each looks at, all where there are fewer
     */
    public Neighbours(int features, int units, int others) {
        this.features = features;
        this.units = units;
        this.count = Math.min(features, others + 1);
        this.chosen = new int[features * count];
        this.lengths = new double[features];
        this.cosines = new double[features];
        if (all()) Arrays.setAll(chosen, i -> i % features);
    }

    /** Features that each looks at, itself among them. */
    public int count() {
        return count;
    }

    /** Whether each looks at every feature. */
    public boolean all() {
        return count == features;
    }

    /**
     * Features that each looks at, in ascending order: {@code [feature, count]}, the same array after every call.
     *
     * @param embedding {@code [feature, unit]}
     */
    public int[] of(float[] embedding) {
        if (all()) return chosen;
        for (int i = 0; i < features; i++) lengths[i] = Math.sqrt(product(embedding, i, i));
        for (int i = 0; i < features; i++) choose(embedding, i);
        return chosen;
    }

    private void choose(float[] embedding, int feature) {
        for (int j = 0; j < features; j++) {
            double cosine = product(embedding, feature, j) / Math.max(LENGTH_LEAST, lengths[feature] * lengths[j]);
            cosines[j] = j == feature ? Double.POSITIVE_INFINITY : cosine;
        }
        int at = feature * count;
        for (int k = 0; k < count; k++) {
            int best = 0;
            for (int j = 1; j < features; j++) if (cosines[j] > cosines[best]) best = j;
            chosen[at + k] = best;
            cosines[best] = Double.NEGATIVE_INFINITY;
        }
        Arrays.sort(chosen, at, at + count);
    }

    /** Cosine between the vectors of two features; in [-1, 1]. */
    public double cosine(float[] embedding, int one, int other) {
        double lengths = Math.sqrt(product(embedding, one, one) * product(embedding, other, other));
        return product(embedding, one, other) / Math.max(LENGTH_LEAST, lengths);
    }

    private double product(float[] embedding, int one, int other) {
        double sum = 0;
        for (int u = 0; u < units; u++) sum += (double) embedding[one * units + u] * embedding[other * units + u];
        return sum;
    }
}
