package io.tidemark.net.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Adds the same constants to every sample of a sample-major sequence; the gradient passes unchanged, in the same memory. */
final class PositionStep implements TapeStep {
    private final INDArray from;
    private final INDArray constants;
    private final INDArray to;

    /** @param values one sample's constants, {@code [step, feature]} */
    PositionStep(Tape tape, float[] values, TapeSlot in, TapeSlot out) {
        Block block = tape.block(values.length);
        for (int sample = 0; sample < in.samples(); sample++) {
            block.put(values, 0, (long) sample * values.length, values.length);
        }
        from = in.values().part(0, in.length());
        constants = block.part(0, in.length());
        to = out.values().part(0, in.length());
    }

    @Override
    public void forward() {
        from.addi(constants, to);
    }

    @Override
    public void backward() {
        // out shares the gradients of in
    }
}
