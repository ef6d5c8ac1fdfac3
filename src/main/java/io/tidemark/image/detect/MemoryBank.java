package io.tidemark.image.detect;

import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.NetworkState.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * Normal vectors that were seen, and how far another one is from the nearest of them: patches of an image, windows of a
 * series, or codes of a network. Vectors are projected on their principal components and thinned to a coreset.
 *
 * <p>Works when normal vectors recur nearly alike. Fails when one that was learnt was itself an anomaly (the coreset keeps what lies
 * far out), and with dimensions of very unlike scale: scale them first.
 *
 * <p>Holds {@code capacity · components + dimensions · (components + 1)} floats; a distance costs as many multiply-adds.
 * Immutable, so any number of threads may ask it.
 */
public final class MemoryBank {
    /** Vectors compared at once; the distances of a block stay in the nearest cache. */
    private static final int BLOCK = 512;

    /**
     * @param components kept directions; in [1, 256]
     * @param capacity the most vectors kept; in [1, 65536]
     */
    public record Settings(int components, int capacity) {
        public Settings {
            if (components < 1 || components > 256) {
                throw new IllegalArgumentException("bank.components must be in [1, 256], but was " + components);
            }
            if (capacity < 1 || capacity > 65536) {
                throw new IllegalArgumentException("bank.capacity must be in [1, 65536], but was " + capacity);
            }
        }
    }

    private final Projection projection;
    private final int count;
    /** {@code [component, vector]}. */
    private final float[] columns;

    private MemoryBank(Projection projection, int count, float[] columns) {
        this.projection = projection;
        this.count = count;
        this.columns = columns;
    }

    /**
     * The bank of some vectors.
     *
     * @param vectors {@code [vector, dimension]}, finite
     * @param count vectors, at least 1
     * @param seed of the coreset
     */
    public static MemoryBank of(Settings settings, float[] vectors, int count, int dimensions, long seed) {
        Projection projection = Projection.of(vectors, count, dimensions, settings.components);
        int components = projection.components();
        float[] points = new float[count * components];
        for (int v = 0; v < count; v++) projection.project(vectors, v * dimensions, points, v * components);
        int[] chosen = Coreset.of(points, count, components, settings.capacity, seed);
        float[] columns = new float[chosen.length * components];
        for (int i = 0; i < chosen.length; i++) {
            for (int k = 0; k < components; k++) {
                columns[k * chosen.length + i] = points[chosen[i] * components + k];
            }
        }
        return new MemoryBank(projection, chosen.length, columns);
    }

    /** Floats of a vector. */
    public int dimensions() {
        return projection.dimensions();
    }

    /** Vectors kept. */
    public int count() {
        return count;
    }

    /**
     * The distance from a vector to the nearest kept one within the kept directions, with what lies outside of them:
     * √(nearest² + residual²); 0 for a vector that was learnt and lies within the directions.
     *
     * @param vectors array that holds the vector from {@code from}
     */
    public float distance(float[] vectors, int from) {
        int components = projection.components();
        float[] coordinates = new float[components];
        float residual = projection.project(vectors, from, coordinates, 0);
        float[] distances = new float[Math.min(BLOCK, count)];
        float nearest = Float.POSITIVE_INFINITY;
        for (int start = 0; start < count; start += BLOCK) {
            int length = Math.min(BLOCK, count - start);
            Arrays.fill(distances, 0);
            for (int k = 0; k < components; k++) {
                Coreset.addSquares(columns, k * count + start, length, coordinates[k], distances);
            }
            for (int i = 0; i < length; i++) nearest = Math.min(nearest, distances[i]);
        }
        return (float) Math.sqrt(nearest + residual);
    }

    /** Adds the bank to the tensors of a state, each name behind a prefix such as {@code bank/}. */
    public void save(String prefix, Map<String, Tensor> tensors) {
        int components = projection.components();
        tensors.put(prefix + "mean", new Tensor(new int[] {projection.dimensions()}, projection.mean()));
        tensors.put(
                prefix + "directions",
                new Tensor(new int[] {components, projection.dimensions()}, projection.directions()));
        tensors.put(prefix + "vectors", new Tensor(new int[] {components, count}, columns));
    }

    /** @throws EngineException when the state has no bank behind the prefix, or a damaged one */
    public static MemoryBank load(NetworkState state, String prefix) {
        Tensor mean = state.tensor(prefix + "mean");
        Tensor directions = state.tensor(prefix + "directions");
        Tensor vectors = state.tensor(prefix + "vectors");
        int dimensions = mean.values().length;
        if (directions.shape().length != 2
                || directions.shape()[1] != dimensions
                || vectors.shape().length != 2
                || vectors.shape()[0] != directions.shape()[0]
                || vectors.shape()[1] < 1) {
            throw new EngineException(
                    "the memory bank " + prefix + " has tensors that do not fit each other; the state is damaged");
        }
        Projection projection = new Projection(dimensions, directions.shape()[0], mean.values(), directions.values());
        return new MemoryBank(projection, vectors.shape()[1], vectors.values());
    }
}
