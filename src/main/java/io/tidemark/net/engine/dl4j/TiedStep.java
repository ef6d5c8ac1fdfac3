package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@code z = Wᵀ x + b} with the weight of an earlier dense layer. That layer's step, which comes later on the way back, writes the
 * weight's gradient; this one's share is added when all are done.
 */
final class TiedStep implements TapeStep {
    private final INDArray x;
    private final INDArray z;
    private final INDArray weight;
    private final CustomOp bias;
    private final Runnable backward;

    /** @param tiedTo the layer whose {@code weight [in of out, in]} is used the other way round */
    TiedStep(Tape tape, BoundLayer layer, BoundLayer tiedTo, TapeSlot in, TapeSlot out) {
        x = in.matrix();
        z = out.matrix();
        weight = tape.weight(tiedTo.parameter("weight"), out.features(), in.features());
        bias = Products.addBias(
                out.values().rows(0, out.columns(), out.features()), tape.vector(layer.parameter("bias")));
        backward = tape.trains() ? backward(tape, layer, tiedTo, in, out) : () -> {};
    }

    private Runnable backward(Tape tape, BoundLayer layer, BoundLayer tiedTo, TapeSlot in, TapeSlot out) {
        INDArray dz = out.gradientMatrix();
        INDArray dx = in.gradientMatrix();
        INDArray db = tape.weightGradient(layer.parameter("bias"), out.features(), 1);
        INDArray ones = tape.ones(out.columns());
        INDArray dw = tape.weightGradient(tiedTo.parameter("weight"), out.features(), in.features());
        tape.afterBackward(() -> Products.addTimesTransposed(dz, x, dw));
        return () -> {
            Products.times(dz, ones, db);
            Products.transposedTimes(weight, dz, dx);
        };
    }

    @Override
    public void forward() {
        Products.times(weight, x, z);
        Nd4j.getExecutioner().exec(bias);
    }

    @Override
    public void backward() {
        backward.run();
    }
}
