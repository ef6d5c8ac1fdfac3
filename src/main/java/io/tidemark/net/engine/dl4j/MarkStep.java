package io.tidemark.net.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies values so that what follows may change them in place, and sums the gradients of both uses. */
final class MarkStep implements TapeStep {
    private final INDArray from;
    private final INDArray to;
    private final Runnable clear;
    private final Runnable sum;

    /** @param kept the same values as {@code in}, with gradients of their own, to which later steps add theirs */
    MarkStep(Tape tape, TapeSlot in, TapeSlot kept, TapeSlot out) {
        from = in.values().part(0, in.length());
        to = out.values().part(0, out.length());
        if (!tape.trains()) {
            clear = () -> {};
            sum = () -> {};
            return;
        }
        INDArray dIn = in.trained().part(0, in.length());
        INDArray dKept = kept.trained().part(0, in.length());
        INDArray dOut = out.trained().part(0, in.length());
        clear = () -> dKept.assign(0f);
        sum = () -> {
            dIn.assign(dOut);
            dIn.addi(dKept);
        };
    }

    @Override
    public void forward() {
        to.assign(from);
        clear.run();
    }

    @Override
    public void backward() {
        sum.run();
    }
}
