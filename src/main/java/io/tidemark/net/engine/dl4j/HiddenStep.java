package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.CounterRandom;
import io.tidemark.net.engine.HiddenBlocks;

/** Sets the values to 0 that {@link HiddenBlocks} hides, on sample-major values. */
final class HiddenStep implements TapeStep {
    private final Tape tape;
    private final String name;
    private final HiddenBlocks blocks;
    private final TapeSlot in;
    private final TapeSlot out;
    private final float[] values;
    private final float[] factors;

    HiddenStep(Tape tape, int layer, HiddenBlocks blocks, TapeSlot in, TapeSlot out) {
        this.tape = tape;
        this.name = NoiseStep.name(layer);
        this.blocks = blocks;
        this.in = in;
        this.out = out;
        values = new float[in.length()];
        factors = new float[in.length()];
        int size = in.length() / in.samples();
        for (int i = 0; i < factors.length; i++) factors[i] = blocks.whileScoring(i % size);
    }

    @Override
    public void forward() {
        if (tape.trains()) {
            CounterRandom random = CounterRandom.of(tape.seed(), name, tape.step());
            for (int i = 0; i < factors.length; i++) factors[i] = blocks.whileTraining(random, i);
        }
        apply(in.values(), out.values());
    }

    private void apply(Block from, Block to) {
        from.get(values, 0, 0, values.length);
        for (int i = 0; i < values.length; i++) values[i] *= factors[i];
        to.put(values, 0, 0, values.length);
    }

    @Override
    public void backward() {
        apply(out.trained(), in.trained());
    }
}
