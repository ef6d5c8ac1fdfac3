package io.tidemark.learn.fit;

import io.tidemark.net.engine.CounterRandom;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;

/** Leading principal components of wide inputs by subspace iteration: the covariance is only ever multiplied by a thin matrix. */
final class Subspace {
    private static final int OVERSAMPLING = 10;
    private static final int ITERATIONS = 6;
    private static final double MULTIPLICATIONS_MAX = 5e9;

    /** Examples for each component at least, whatever they cost. */
    private static final int EXAMPLES_MIN = 4;

    private Subspace() {}

    static PrincipalComponents of(ExampleSet examples, int count) {
        int n = examples.inputSize();
        int width = Math.min(n, count + OVERSAMPLING);
        double work = 2.0 * n * width * (ITERATIONS + 1);
        ExampleSet used = examples.thinned(
                (int) Math.max(EXAMPLES_MIN * width, Math.min(Integer.MAX_VALUE, MULTIPLICATIONS_MAX / work)));
        double[] mean = Covariance.mean(used);
        DMatrixRMaj basis = new DMatrixRMaj(n, width);
        CounterRandom random = CounterRandom.of(1, "subspace", 0);
        for (int i = 0; i < basis.data.length; i++) basis.data[i] = random.normal(i);
        double[] total = new double[1];
        for (int k = 0; k < ITERATIONS; k++) basis = orthonormal(times(used, mean, orthonormal(basis), total));
        DMatrixRMaj product = times(used, mean, basis, total);
        DMatrixRMaj small = new DMatrixRMaj(width, width);
        CommonOps_DDRM.multTransA(basis, product, small);
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < i; j++) {
                double value = (small.get(i, j) + small.get(j, i)) / 2;
                small.set(i, j, value);
                small.set(j, i, value);
            }
        }
        Covariance.Eigen eigen = Covariance.Eigen.of(small, count);
        double[][] components = new double[count][n];
        for (int c = 0; c < count; c++) {
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int w = 0; w < width; w++) sum += basis.get(i, w) * eigen.vectors()[c][w];
                components[c][i] = sum;
            }
            Covariance.signed(components[c]);
        }
        return new PrincipalComponents(mean, components, eigen.values(), total[0]);
    }

    private static DMatrixRMaj orthonormal(DMatrixRMaj matrix) {
        QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr(matrix.numRows, matrix.numCols);
        qr.decompose(matrix.copy());
        return qr.getQ(null, true);
    }

    /** Covariance times a thin matrix; the sum of the variances of all values goes into {@code total}. */
    private static DMatrixRMaj times(ExampleSet examples, double[] mean, DMatrixRMaj thin, double[] total) {
        int n = thin.numRows;
        int width = thin.numCols;
        DMatrixRMaj product = new DMatrixRMaj(n, width);
        double[] code = new double[width];
        float[] input = new float[n];
        float[] target = new float[examples.targetSize()];
        double squares = 0;
        for (int e = 0; e < examples.size(); e++) {
            examples.copy(e, input, target, 0);
            Arrays.fill(code, 0);
            for (int i = 0; i < n; i++) {
                double x = input[i] - mean[i];
                squares += x * x;
                for (int w = 0; w < width; w++) code[w] += x * thin.data[i * width + w];
            }
            for (int i = 0; i < n; i++) {
                double x = (input[i] - mean[i]) / examples.size();
                for (int w = 0; w < width; w++) product.data[i * width + w] += x * code[w];
            }
        }
        total[0] = squares / examples.size();
        return product;
    }
}
