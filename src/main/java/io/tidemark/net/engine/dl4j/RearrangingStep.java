package io.tidemark.net.engine.dl4j;

import java.util.Arrays;

/** A step in Java whose every float that leaves comes from floats of the same sample that a table of {@link Gathering} names. */
abstract class RearrangingStep implements TapeStep {
    private final TapeSlot in;
    private final TapeSlot out;
    private final Scratch scratch;
    /** Floats of a sample that enter. */
    final int inputSize;
    /** Floats of all samples that leave. */
    final int outputs;

    RearrangingStep(Tape tape, TapeSlot in, TapeSlot out) {
        this.in = in;
        this.out = out;
        scratch = tape.scratch();
        inputSize = in.features() * in.places();
        outputs = out.length();
    }

    /** Writes the first {@link #outputs} of {@code to}. */
    abstract void forward(float[] from, float[] to);

    /** Adds the slopes of what left to {@code to}, which is zero at first. */
    abstract void backward(float[] from, float[] to);

    @Override
    public final void forward() {
        float[] entering = scratch.first(in.length());
        float[] leaving = scratch.second(outputs);
        in.values().get(entering, 0, 0, in.length());
        forward(entering, leaving);
        out.values().put(leaving, 0, 0, outputs);
    }

    @Override
    public final void backward() {
        float[] entering = scratch.first(in.length());
        float[] leaving = scratch.second(outputs);
        out.trained().get(leaving, 0, 0, outputs);
        Arrays.fill(entering, 0, in.length(), 0f);
        backward(leaving, entering);
        in.trained().put(entering, 0, 0, in.length());
    }
}
