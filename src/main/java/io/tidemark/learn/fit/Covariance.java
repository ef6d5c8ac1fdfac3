package io.tidemark.learn.fit;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** Principal components from the whole covariance. */
final class Covariance {
    /** The most values of an input whose covariance is held: 8 MiB. */
    static final int VALUES_MAX = 1024;

    private static final double MULTIPLICATIONS_MAX = 2e10;
    private static final int BLOCK = 8;

    private Covariance() {}

    static PrincipalComponents of(ExampleSet examples, int count) {
        int n = examples.inputSize();
        ExampleSet used = examples.thinned((int) Math.min(Integer.MAX_VALUE, 2 * MULTIPLICATIONS_MAX / n / n));
        double[] mean = mean(used);
        DMatrixRMaj covariance = of(used, mean);
        double total = 0;
        for (int i = 0; i < n; i++) total += covariance.get(i, i);
        Eigen eigen = Eigen.of(covariance, count);
        return new PrincipalComponents(mean, eigen.vectors(), eigen.values(), total);
    }

    static double[] mean(ExampleSet examples) {
        int n = examples.inputSize();
        double[] mean = new double[n];
        float[] input = new float[n];
        float[] target = new float[examples.targetSize()];
        for (int e = 0; e < examples.size(); e++) {
            examples.copy(e, input, target, 0);
            for (int i = 0; i < n; i++) mean[i] += input[i];
        }
        for (int i = 0; i < n; i++) mean[i] /= examples.size();
        return mean;
    }

    private static DMatrixRMaj of(ExampleSet examples, double[] mean) {
        int n = mean.length;
        double[][] sums = new double[n][n];
        double[][] rows = new double[BLOCK][n];
        float[] input = new float[n];
        float[] target = new float[examples.targetSize()];
        for (int from = 0; from < examples.size(); from += BLOCK) {
            for (int b = 0; b < BLOCK; b++) {
                Arrays.fill(rows[b], 0);
                if (from + b >= examples.size()) continue;
                examples.copy(from + b, input, target, 0);
                for (int i = 0; i < n; i++) rows[b][i] = input[i] - mean[i];
            }
            for (int i = 0; i < n; i++) accumulate(sums[i], i, rows);
        }
        DMatrixRMaj covariance = new DMatrixRMaj(n, n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double value = sums[i][j] / examples.size();
                covariance.set(i, j, value);
                covariance.set(j, i, value);
            }
        }
        return covariance;
    }

    /** Eight rows at a time, so that a sum is read and written once for eight products. */
    private static void accumulate(double[] sums, int i, double[][] rows) {
        double[] r0 = rows[0];
        double[] r1 = rows[1];
        double[] r2 = rows[2];
        double[] r3 = rows[3];
        double[] r4 = rows[4];
        double[] r5 = rows[5];
        double[] r6 = rows[6];
        double[] r7 = rows[7];
        double x0 = r0[i];
        double x1 = r1[i];
        double x2 = r2[i];
        double x3 = r3[i];
        double x4 = r4[i];
        double x5 = r5[i];
        double x6 = r6[i];
        double x7 = r7[i];
        for (int j = 0; j <= i; j++) {
            sums[j] += x0 * r0[j]
                    + x1 * r1[j]
                    + x2 * r2[j]
                    + x3 * r3[j]
                    + x4 * r4[j]
                    + x5 * r5[j]
                    + x6 * r6[j]
                    + x7 * r7[j];
        }
    }

    /**
     * Leading eigenvectors of a symmetric matrix.
     *
     * @param vectors one in each row
     * @param values descending, at least 0
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Eigen(double[][] vectors, double[] values) {
        static Eigen of(DMatrixRMaj symmetric, int count) {
            EigenDecomposition_F64<DMatrixRMaj> decomposition =
                    DecompositionFactory_DDRM.eig(symmetric.numRows, true, true);
            if (!decomposition.decompose(symmetric.copy())) {
                throw new IllegalArgumentException(
                        "the covariance has no eigenvectors that can be computed; are there values that are not finite?");
            }
            Integer[] order = new Integer[symmetric.numRows];
            Arrays.setAll(order, i -> i);
            Arrays.sort(
                    order,
                    Comparator.comparingDouble(
                            (Integer i) -> -decomposition.getEigenvalue(i).getReal()));
            double[][] vectors = new double[count][];
            double[] values = new double[count];
            for (int c = 0; c < count; c++) {
                DMatrixRMaj vector = Objects.requireNonNull(decomposition.getEigenVector(order[c]));
                vectors[c] = signed(vector.data.clone());
                values[c] = Math.max(0, decomposition.getEigenvalue(order[c]).getReal());
            }
            return new Eigen(vectors, values);
        }
    }

    /** With the sign that makes the largest entry positive. */
    static double[] signed(double[] vector) {
        double largest = 0;
        for (double v : vector) if (Math.abs(v) > Math.abs(largest)) largest = v;
        if (largest < 0) for (int i = 0; i < vector.length; i++) vector[i] = -vector[i];
        return vector;
    }
}
