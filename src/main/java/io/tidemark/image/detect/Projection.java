package io.tidemark.image.detect;

import java.util.SplittableRandom;

/**
 * The directions in which vectors differ most (principal components), by orthogonal iteration over their covariance
 * (Golub and Van Loan, Matrix Computations, section 8.2). Computing costs count·dimensions² and 24·dimensions²·components
 * multiply-adds; the same vectors give the same bits.
 *
 * @param dimensions floats of a vector; in [1, 4096]
 * @param components kept directions; in [1, dimensions]
 * @param mean of the vectors, {@code [dimension]}
 * @param directions orthonormal, {@code [component, dimension]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Projection(int dimensions, int components, float[] mean, float[] directions) {
    private static final int ITERATIONS = 24;

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
        float[] mean = new float[dimensions];
        double[] covariance = covariance(vectors, count, dimensions, mean);
        double[][] basis = new double[kept][dimensions];
        SplittableRandom start = new SplittableRandom(1);
        for (double[] direction : basis) {
            for (int i = 0; i < dimensions; i++) direction[i] = start.nextDouble() - 0.5;
        }
        orthonormalise(basis);
        for (int i = 0; i < ITERATIONS; i++) {
            for (int k = 0; k < kept; k++) basis[k] = product(covariance, basis[k]);
            orthonormalise(basis);
        }
        float[] directions = new float[kept * dimensions];
        for (int k = 0; k < kept; k++) {
            for (int i = 0; i < dimensions; i++) directions[k * dimensions + i] = (float) basis[k][i];
        }
        return new Projection(dimensions, kept, mean, directions);
    }

    private static double[] covariance(float[] vectors, int count, int dimensions, float[] mean) {
        double[] sums = new double[dimensions];
        for (int v = 0; v < count; v++) {
            for (int i = 0; i < dimensions; i++) sums[i] += vectors[v * dimensions + i];
        }
        for (int i = 0; i < dimensions; i++) mean[i] = (float) (sums[i] / count);
        double[] covariance = new double[dimensions * dimensions];
        double[] centred = new double[dimensions];
        for (int v = 0; v < count; v++) {
            for (int i = 0; i < dimensions; i++) centred[i] = vectors[v * dimensions + i] - mean[i];
            for (int i = 0; i < dimensions; i++) {
                double c = centred[i];
                if (c == 0) continue;
                int line = i * dimensions;
                for (int j = 0; j < dimensions; j++) covariance[line + j] += c * centred[j];
            }
        }
        return covariance;
    }

    private static double[] product(double[] matrix, double[] vector) {
        int n = vector.length;
        double[] out = new double[n];
        for (int i = 0; i < n; i++) {
            double c = vector[i];
            int line = i * n;
            for (int j = 0; j < n; j++) out[j] += c * matrix[line + j];
        }
        return out;
    }

    /** Gram and Schmidt, twice; a direction without variance becomes the first axis that is not yet spanned. */
    private static void orthonormalise(double[][] basis) {
        for (int k = 0; k < basis.length; k++) {
            double before = Math.sqrt(dot(basis[k], basis[k]));
            removeEarlier(basis, k);
            double length = Math.sqrt(dot(basis[k], basis[k]));
            for (int axis = 0; length <= 1e-9 * before || length == 0; axis++) {
                basis[k] = new double[basis[k].length];
                basis[k][axis] = 1;
                before = 1e3;
                removeEarlier(basis, k);
                length = Math.sqrt(dot(basis[k], basis[k]));
            }
            for (int i = 0; i < basis[k].length; i++) basis[k][i] /= length;
        }
    }

    private static void removeEarlier(double[][] basis, int k) {
        for (int pass = 0; pass < 2; pass++) {
            for (int earlier = 0; earlier < k; earlier++) {
                double along = dot(basis[k], basis[earlier]);
                for (int i = 0; i < basis[k].length; i++) basis[k][i] -= along * basis[earlier][i];
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
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
