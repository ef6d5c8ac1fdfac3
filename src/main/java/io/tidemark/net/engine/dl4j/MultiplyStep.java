package io.tidemark.net.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Multiplies what arrives by what a mark kept, element by element. */
final class MultiplyStep implements TapeStep {
    private final INDArray arrives;
    private final INDArray kept;
    private final INDArray product;
    private final Runnable backward;

    MultiplyStep(Tape tape, TapeSlot in, TapeSlot mark, TapeSlot out) {
        arrives = in.values().part(0, out.length());
        kept = mark.values().part(0, out.length());
        product = out.values().part(0, out.length());
        if (!tape.trains()) {
            backward = () -> {};
            return;
        }
        INDArray dArrives = in.trained().part(0, out.length());
        INDArray dKept = mark.trained().part(0, out.length());
        INDArray dProduct = out.trained().part(0, out.length());
        backward = () -> {
            dProduct.muli(arrives, dArrives);
            dKept.addi(dArrives);
            dProduct.muli(kept, dArrives);
        };
    }

    @Override
    public void forward() {
        arrives.muli(kept, product);
    }

    @Override
    public void backward() {
        backward.run();
    }
}
