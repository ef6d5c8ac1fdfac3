package io.tidemark.image.detect;

import io.tidemark.learn.fit.ArrayExamples;
import io.tidemark.learn.fit.PrincipalComponents;

/**
 * The directions in which vectors differ most ({@link PrincipalComponents}); the same vectors give the same bits.
 *
 * @param dimensions floats of a vector; in [1, 4096]
 * @param components kept directions; in [1, dimensions]
 * @param mean of the vectors, {@code [dimension]}
 * @param directions orthonormal, {@code [component, dimension]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Projection(int dimensions, int components, float[] mean, float[] directions) {
    public Projection {
        if (dimensions < 1 || dimensions > 4096 || components < 1 || components > dimensions) {
            throw new IllegalArgumentException("a projection needs dimensions in [1, 4096] and components in"
                    + " [1, dimensions], but has " + dimensions + " and " + components);
        }
        if (mean.length != dimensions || directions.length != components * dimensions) {
            throw new IllegalArgumentException("a projection of " + dimensions + " dimensions to " + components
                    + " does not fit " + mean.length + " means and " + directions.length + " directions");
        }
    }

    /**
     * The projection of vectors on their own principal components.
     *
     * @param vectors {@code [vector, dimension]}
     * @param count vectors, at least 1
     * @param components wanted; fewer are kept when a vector has fewer dimensions
     */
    public static Projection of(float[] vectors, int count, int dimensions, int components) {
        int kept = Math.min(components, dimensions);
        PrincipalComponents found = PrincipalComponents.of(new ArrayExamples(vectors, dimensions, count), kept);
        float[] mean = new float[dimensions];
        float[] directions = new float[kept * dimensions];
        for (int i = 0; i < dimensions; i++) {
            mean[i] = (float) found.mean()[i];
            for (int k = 0; k < kept; k++) directions[k * dimensions + i] = (float) found.components()[k][i];
        }
        return new Projection(dimensions, kept, mean, directions);
    }

    /**
     * Writes a vector's coordinates along the components.
     *
     * @param vectors array that holds the vector from {@code from}
     * @param coordinates receives {@code [component]} from {@code to}
     * @return the squared length of what the components leave out
     */
    public float project(float[] vectors, int from, float[] coordinates, int to) {
        float rest = 0;
        float[] centred = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            centred[i] = vectors[from + i] - mean[i];
            rest += centred[i] * centred[i];
        }
        for (int k = 0; k < components; k++) {
            float sum = 0;
            int line = k * dimensions;
            for (int i = 0; i < dimensions; i++) sum += centred[i] * directions[line + i];
            coordinates[to + k] = sum;
            rest -= sum * sum;
        }
        return Math.max(0, rest);
    }
}
