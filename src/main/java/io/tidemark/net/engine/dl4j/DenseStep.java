package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** {@code z = W x + b} for every column. */
final class DenseStep implements TapeStep {
    private final INDArray x;
    private final INDArray z;
    private final INDArray weight;
    private final CustomOp bias;
    private final Gradients gradients;

    /** What only training needs. */
    private interface Gradients {
        void compute();
    }

    /** What happens to the gradient of what enters. */
    enum Input {
        /** Nothing before it is trained, so that it needs none. */
        UNTRAINED,
        /** It is written. */
        TRAINED,
        /** It is added to what a step that comes later on the tape has written. */
        ADDS
    }

    /** @param prefix of the names of weight and bias in the layer, such as {@code mean_} */
    DenseStep(Tape tape, BoundLayer layer, String prefix, TapeSlot in, TapeSlot out, Input input) {
        this(
                tape,
                layer,
                prefix,
                tape.weight(layer.parameter(prefix + "weight"), in.features(), out.features()),
                in,
                out,
                input);
    }

    /** @param weight column-major {@code [in, out]} to compute with in place of the layer's, which its gradient belongs to */
    DenseStep(Tape tape, BoundLayer layer, String prefix, INDArray weight, TapeSlot in, TapeSlot out, Input input) {
        BoundLayer.Parameter w = layer.parameter(prefix + "weight");
        BoundLayer.Parameter b = layer.parameter(prefix + "bias");
        x = in.matrix();
        z = out.matrix();
        this.weight = weight;
        INDArray rows = out.values().rows(0, out.columns(), out.features());
        bias = Products.addBias(rows, tape.vector(b));
        gradients = tape.trains() ? gradients(tape, w, b, in, out, input) : () -> {};
    }

    private Gradients gradients(
            Tape tape, BoundLayer.Parameter w, BoundLayer.Parameter b, TapeSlot in, TapeSlot out, Input input) {
        INDArray dz = out.gradientMatrix();
        INDArray dw = tape.weightGradient(w, in.features(), out.features());
        INDArray db = tape.weightGradient(b, out.features(), 1);
        INDArray ones = tape.ones(out.columns());
        Gradients weights = () -> {
            Products.timesTransposed(x, dz, dw);
            Products.times(dz, ones, db);
        };
        if (input == Input.UNTRAINED) return weights;
        INDArray dx = in.gradientMatrix();
        return () -> {
            weights.compute();
            if (input == Input.ADDS) Products.addTimes(weight, dz, dx);
            else Products.times(weight, dz, dx);
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
