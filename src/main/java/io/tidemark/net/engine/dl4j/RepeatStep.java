package io.tidemark.net.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies a vector into every step of a step-major sequence. */
final class RepeatStep implements TapeStep {
    private final INDArray vector;
    private final INDArray[] steps;
    private final Runnable backward;

    RepeatStep(Tape tape, TapeSlot in, TapeSlot out) {
        vector = in.values().part(0, in.length());
        steps = parts(out, out.values());
        if (tape.trains()) {
            INDArray gradient = in.trained().part(0, in.length());
            INDArray[] gradients = parts(out, out.trained());
            backward = () -> {
                gradient.assign(gradients[0]);
                for (int t = 1; t < gradients.length; t++) gradient.addi(gradients[t]);
            };
        } else {
            backward = () -> {};
        }
    }

    private static INDArray[] parts(TapeSlot slot, Block block) {
        INDArray[] parts = new INDArray[slot.places()];
        int length = slot.features() * slot.samples();
        for (int t = 0; t < parts.length; t++) parts[t] = block.part((long) t * length, length);
        return parts;
    }

    @Override
    public void forward() {
        for (INDArray step : steps) step.assign(vector);
    }

    @Override
    public void backward() {
        backward.run();
    }
}
