package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.CounterRandom;
import io.tidemark.net.engine.NoisyLevels;

/** Lays a sample at every noise level one behind another, each with its level at the end, in Java. */
final class NoiseLevelsStep implements TapeStep {
    private final Tape tape;
    private final String name;
    private final NoisyLevels levels;
    private final TapeSlot in;
    private final TapeSlot out;
    private final int size;
    private final float[] clean;
    private final float[] noise;
    private final float[] noisy;

    /**
     * @param in sample-major
     * @param out a column for each level, of one float more than a sample has
     */
    NoiseLevelsStep(Tape tape, int layer, NoisyLevels levels, TapeSlot in, TapeSlot out) {
        this.tape = tape;
        this.name = NoiseStep.name(layer);
        this.levels = levels;
        this.in = in;
        this.out = out;
        this.size = out.features() - 1;
        this.clean = new float[in.length()];
        this.noise = new float[levels.levels() * in.length()];
        this.noisy = new float[out.length()];
        int once = levels.levels() * size;
        for (int i = 0; i < once; i++) noise[i] = levels.whileScoring(i);
        for (int i = once; i < noise.length; i++) noise[i] = noise[i - once];
    }

    @Override
    public void forward() {
        in.values().get(clean, 0, 0, clean.length);
        if (tape.trains()) {
            CounterRandom random = CounterRandom.of(tape.seed(), name, tape.step());
            for (int i = 0; i < noise.length; i++) noise[i] = levels.whileTraining(random, i);
        }
        for (int column = 0; column < out.columns(); column++) {
            int level = column % levels.levels();
            int from = column / levels.levels() * size;
            int to = column * (size + 1);
            for (int v = 0; v < size; v++) {
                noisy[to + v] = levels.kept(level) * clean[from + v] + noise[column * size + v];
            }
            noisy[to + size] = levels.deviation(level);
        }
        out.values().put(noisy, 0, 0, noisy.length);
    }

    @Override
    public void backward() {
        out.trained().get(noisy, 0, 0, noisy.length);
        float[] slopes = new float[clean.length];
        for (int column = 0; column < out.columns(); column++) {
            float kept = levels.kept(column % levels.levels());
            int to = column / levels.levels() * size;
            int from = column * (size + 1);
            for (int v = 0; v < size; v++) slopes[to + v] += kept * noisy[from + v];
        }
        in.trained().put(slopes, 0, 0, slopes.length);
    }
}
