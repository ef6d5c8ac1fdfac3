package io.tidemark.net.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Adds what a mark kept to what arrives. */
final class AddStep implements TapeStep {
    private final INDArray arrives;
    private final INDArray kept;
    private final INDArray sum;
    private final Runnable backward;

    AddStep(Tape tape, TapeSlot in, TapeSlot mark, TapeSlot out) {
        arrives = in.values().part(0, out.length());
        kept = mark.values().part(0, out.length());
        sum = out.values().part(0, out.length());
        if (!tape.trains()) {
            backward = () -> {};
            return;
        }
        INDArray dArrives = in.trained().part(0, out.length());
        INDArray dKept = mark.trained().part(0, out.length());
        INDArray dSum = out.trained().part(0, out.length());
        backward = () -> {
            dArrives.assign(dSum);
            dKept.addi(dSum);
        };
    }

    @Override
    public void forward() {
        arrives.addi(kept, sum);
    }

    @Override
    public void backward() {
        backward.run();
    }
}
