package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.CounterRandom;
import io.tidemark.net.engine.NoisyLevels;
import java.util.Arrays;

/** From a column for each noise level to a sample: a drawn level's value while training, the levels' mean error while scoring. */
final class DenoisedStep implements TapeStep {
    private final Tape tape;
    private final String name;
    private final TapeSlot in;
    private final TapeSlot mark;
    private final TapeSlot out;
    private final int levels;
    private final int size;
    private final float[] rows;
    private final float[] clean;
    private final float[] values;
    private final int[] drawn;

    /**
     * @param in a column for each level
     * @param mark the clean sample
     */
    DenoisedStep(Tape tape, int layer, TapeSlot in, TapeSlot mark, TapeSlot out) {
        this.tape = tape;
        this.name = NoiseStep.name(layer);
        this.in = in;
        this.mark = mark;
        this.out = out;
        this.levels = in.places();
        this.size = in.features();
        this.rows = new float[in.length()];
        this.clean = new float[out.length()];
        this.values = new float[out.length()];
        this.drawn = new int[out.length()];
    }

    @Override
    public void forward() {
        in.values().get(rows, 0, 0, rows.length);
        if (tape.trains()) {
            CounterRandom random = CounterRandom.of(tape.seed(), name, tape.step());
            for (int i = 0; i < values.length; i++) {
                drawn[i] = at(i, NoisyLevels.drawn(random, i, levels));
                values[i] = rows[drawn[i]];
            }
        } else {
            mark.values().get(clean, 0, 0, clean.length);
            for (int i = 0; i < values.length; i++) values[i] = clean[i] + meanError(i);
        }
        out.values().put(values, 0, 0, values.length);
    }

    /** Where a value of {@code [sample, value]} lies at a level. */
    private int at(int element, int level) {
        return (element / size * levels + level) * size + element % size;
    }

    private float meanError(int element) {
        float sum = 0;
        float away = 0;
        for (int level = 0; level < levels; level++) {
            float error = rows[at(element, level)] - clean[element];
            sum += error;
            away += Math.abs(error);
        }
        return Math.signum(sum) * away / levels;
    }

    @Override
    public void backward() {
        out.trained().get(values, 0, 0, values.length);
        Arrays.fill(rows, 0f);
        for (int i = 0; i < values.length; i++) rows[drawn[i]] = values[i];
        in.trained().put(rows, 0, 0, rows.length);
    }
}
