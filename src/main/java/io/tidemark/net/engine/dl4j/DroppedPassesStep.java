package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.CounterRandom;
import io.tidemark.net.engine.DroppedPasses;

/** Lays a vector several times one behind another, other values dropped each time, in Java. */
final class DroppedPassesStep implements TapeStep {
    private final Tape tape;
    private final String name;
    private final DroppedPasses dropped;
    private final TapeSlot in;
    private final TapeSlot out;
    private final int size;
    private final int passes;
    private final float[] values;
    private final float[] factors;
    private final float[] rows;

    DroppedPassesStep(Tape tape, int layer, DroppedPasses dropped, TapeSlot in, TapeSlot out) {
        this.tape = tape;
        this.name = NoiseStep.name(layer);
        this.dropped = dropped;
        this.in = in;
        this.out = out;
        this.size = out.features();
        this.passes = out.places();
        this.values = new float[in.length()];
        this.rows = new float[out.length()];
        this.factors = new float[out.length()];
        for (int i = 0; i < factors.length; i++) factors[i] = dropped.whileScoring(i % (passes * size));
    }

    @Override
    public void forward() {
        in.values().get(values, 0, 0, values.length);
        if (tape.trains()) {
            CounterRandom random = CounterRandom.of(tape.seed(), name, tape.step());
            for (int i = 0; i < factors.length; i++) factors[i] = dropped.whileTraining(random, i);
        }
        for (int i = 0; i < rows.length; i++) rows[i] = factors[i] * values[i / (passes * size) * size + i % size];
        out.values().put(rows, 0, 0, rows.length);
    }

    @Override
    public void backward() {
        out.trained().get(rows, 0, 0, rows.length);
        float[] slopes = new float[values.length];
        for (int i = 0; i < rows.length; i++) slopes[i / (passes * size) * size + i % size] += factors[i] * rows[i];
        in.trained().put(slopes, 0, 0, slopes.length);
    }
}
