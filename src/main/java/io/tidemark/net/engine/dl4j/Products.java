package io.tidemark.net.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Matrix products over column-major views, written into memory that is there already. */
final class Products {
    private Products() {}

    /** {@code out = aᵀ b}. */
    static void transposedTimes(INDArray a, INDArray b, INDArray out) {
        Nd4j.gemm(a, b, out, true, false, 1, 0);
    }

    /** {@code out += aᵀ b}. */
    static void addTransposedTimes(INDArray a, INDArray b, INDArray out) {
        Nd4j.gemm(a, b, out, true, false, 1, 1);
    }

    /** {@code out = a b}. */
    static void times(INDArray a, INDArray b, INDArray out) {
        Nd4j.gemm(a, b, out, false, false, 1, 0);
    }

    /** {@code out += a b}. */
    static void addTimes(INDArray a, INDArray b, INDArray out) {
        Nd4j.gemm(a, b, out, false, false, 1, 1);
    }

    /** {@code out = a bᵀ}. */
    static void timesTransposed(INDArray a, INDArray b, INDArray out) {
        Nd4j.gemm(a, b, out, false, true, 1, 0);
    }

    /** {@code out += a bᵀ}. */
    static void addTimesTransposed(INDArray a, INDArray b, INDArray out) {
        Nd4j.gemm(a, b, out, false, true, 1, 1);
    }

    /** Adds a vector {@code [feature]} to every row of row-major {@code [column, feature]}. */
    static CustomOp addBias(INDArray rows, INDArray bias) {
        return DynamicCustomOp.builder("biasadd")
                .addInputs(rows, bias)
                .addOutputs(rows)
                .build();
    }
}
