package io.tidemark.net.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Takes the last step of a step-major sequence. */
final class LastStepStep implements TapeStep {
    private final INDArray from;
    private final INDArray to;
    private final Runnable backward;

    LastStepStep(Tape tape, TapeSlot in, TapeSlot out) {
        long offset = (long) in.length() - out.length();
        from = in.values().part(offset, out.length());
        to = out.values().part(0, out.length());
        if (tape.trains()) {
            INDArray all = in.trained().part(0, in.length());
            INDArray last = in.trained().part(offset, out.length());
            INDArray gradient = out.trained().part(0, out.length());
            backward = () -> {
                all.assign(0f);
                last.assign(gradient);
            };
        } else {
            backward = () -> {};
        }
    }

    @Override
    public void forward() {
        to.assign(from);
    }

    @Override
    public void backward() {
        backward.run();
    }
}
