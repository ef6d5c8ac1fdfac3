package io.tidemark.engine.dl4j;

import io.tidemark.network.BoundLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** {@code z = W x + b} for every column. */
final class DenseStep implements Step {
    private final INDArray x;
    private final INDArray z;
    private final INDArray weight;
    private final CustomOp bias;
    private final Gradients gradients;

    /** What only training needs. */
    private interface Gradients {
        void compute();
    }

    /** @param first whether nothing before it is trained, so that its input needs no gradient */
    DenseStep(Tape tape, BoundLayer layer, Slot in, Slot out, boolean first) {
        BoundLayer.Parameter w = layer.parameter("weight");
        BoundLayer.Parameter b = layer.parameter("bias");
        x = in.matrix();
        z = out.matrix();
        weight = tape.weight(w, in.features(), out.features());
        INDArray rows = out.values().rows(0, out.columns(), out.features());
        bias = Products.addBias(rows, tape.vector(b));
        gradients = tape.trains() ? gradients(tape, w, b, in, out, first) : () -> {};
    }

    private Gradients gradients(
            Tape tape, BoundLayer.Parameter w, BoundLayer.Parameter b, Slot in, Slot out, boolean first) {
        INDArray dz = out.gradientMatrix();
        INDArray dw = tape.weightGradient(w, in.features(), out.features());
        INDArray db = tape.weightGradient(b, out.features(), 1);
        INDArray ones = tape.ones(out.columns());
        Gradients weights = () -> {
            Products.timesTransposed(x, dz, dw);
            Products.times(dz, ones, db);
        };
        if (first) return weights;
        INDArray dx = in.gradientMatrix();
        return () -> {
            weights.compute();
            Products.times(weight, dz, dx);
        };
    }

    @Override
    public void forward() {
        Products.transposedTimes(weight, x, z);
        Nd4j.getExecutioner().exec(bias);
    }

    @Override
    public void backward() {
        gradients.compute();
    }
}
