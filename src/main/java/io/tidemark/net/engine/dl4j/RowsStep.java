package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.CounterRandom;
import io.tidemark.net.engine.NoisyLevels;
import java.util.Arrays;

/** From several rows of a sample to one: each value of a row drawn at random while training, what a subclass says while scoring. */
abstract class RowsStep implements TapeStep {
    private final Tape tape;
    private final String name;
    private final TapeSlot in;
    private final TapeSlot out;
    private final int size;
    private final int[] drawn;
    private final float[] values;
    /** {@code [sample, row, value]}. */
    final float[] rows;
    /** Rows of a sample. */
    final int count;

    /** @param in a column for each row */
    RowsStep(Tape tape, int layer, TapeSlot in, TapeSlot out) {
        this.tape = tape;
        this.name = NoiseStep.name(layer);
        this.in = in;
        this.out = out;
        this.count = in.places();
        this.size = in.features();
        this.rows = new float[in.length()];
        this.values = new float[out.length()];
        this.drawn = new int[out.length()];
    }

    /** Before values are asked for. */
    abstract void begin();

    /** A value of the output while scoring, by its place in {@code [sample, value]}. */
    abstract float value(int element);

    /** Where a value of {@code [sample, value]} lies in a row. */
    final int at(int element, int row) {
        return (element / size * count + row) * size + element % size;
    }

    @Override
    public final void forward() {
        in.values().get(rows, 0, 0, rows.length);
        if (tape.trains()) {
            CounterRandom random = CounterRandom.of(tape.seed(), name, tape.step());
            for (int i = 0; i < values.length; i++) {
                drawn[i] = at(i, NoisyLevels.drawn(random, i, count));
                values[i] = rows[drawn[i]];
            }
        } else {
            begin();
            for (int i = 0; i < values.length; i++) values[i] = value(i);
        }
        out.values().put(values, 0, 0, values.length);
    }

    @Override
    public final void backward() {
        out.trained().get(values, 0, 0, values.length);
        Arrays.fill(rows, 0f);
        for (int i = 0; i < values.length; i++) rows[drawn[i]] = values[i];
        in.trained().put(rows, 0, 0, rows.length);
    }
}
