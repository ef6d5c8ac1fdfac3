package io.tidemark.image.detect;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Few points that lie near all points: each next one is the point farthest from those chosen so far (Gonzalez 1985; for memory
 * banks Roth et al., Towards total recall in industrial anomaly detection, 2022). No point is then farther from the
 * chosen ones than twice the best possible. Costs points·chosen·dimensions multiply-adds.
 */
public final class Coreset {
    private Coreset() {}

    /**
     * The chosen points' indices in the order of their choice; all of them when there are no more than {@code size}.
     *
     * @param points {@code [point, dimension]}
     * @param count points, at least 1
     * @param size points to choose, at least 1
     * @param seed of the first point
     */
    public static int[] of(float[] points, int count, int dimensions, int size, long seed) {
        if (count < 1 || size < 1) {
            throw new IllegalArgumentException(
                    "a coreset needs at least 1 point and a size of at least 1, but has " + count + " and " + size);
        }
        if (count <= size) {
            int[] all = new int[count];
            Arrays.setAll(all, i -> i);
            return all;
        }
        // Dimension by dimension, so that the inner loop runs over neighbouring points and vectorises.
        float[] columns = new float[count * dimensions];
        for (int p = 0; p < count; p++) {
            for (int d = 0; d < dimensions; d++) columns[d * count + p] = points[p * dimensions + d];
        }
        float[] nearest = new float[count];
        Arrays.fill(nearest, Float.POSITIVE_INFINITY);
        float[] distances = new float[count];
        int[] chosen = new int[size];
        int next = new SplittableRandom(seed).nextInt(count);
        for (int i = 0; i < size; i++) {
            chosen[i] = next;
            Arrays.fill(distances, 0);
            for (int d = 0; d < dimensions; d++) {
                addSquares(columns, d * count, count, points[next * dimensions + d], distances);
            }
            next = 0;
            for (int p = 0; p < count; p++) {
                if (distances[p] < nearest[p]) nearest[p] = distances[p];
                if (nearest[p] > nearest[next]) next = p;
            }
        }
        return chosen;
    }

    /** Adds the squared distances of neighbouring values to one value. */
    static void addSquares(float[] values, int from, int count, float value, float[] distances) {
        for (int p = 0; p < count; p++) {
            float d = values[from + p] - value;
            distances[p] += d * d;
        }
    }
}
