package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.Resampling;

/** The largest, or the mean, of each group of floats that a table of {@link Gathering} names. Runs in Java. */
final class PoolStep implements TapeStep {
    private final TapeSlot in;
    private final TapeSlot out;
    private final int[] source;
    private final int size;
    private final boolean max;
    private final int inputSize;
    private final Scratch scratch;
    private final int[] chosen;

    /** @param size floats in a group */
    PoolStep(Tape tape, int[] source, int size, Resampling.Pool.Kind kind, TapeSlot in, TapeSlot out) {
        this.in = in;
        this.out = out;
        this.source = source;
        this.size = size;
        this.max = kind == Resampling.Pool.Kind.MAX;
        this.inputSize = in.features() * in.places();
        this.scratch = tape.scratch();
        this.chosen = new int[out.length()];
    }

    @Override
    public void forward() {
        float[] inputs = scratch.first(in.length());
        float[] outputs = scratch.second(out.length());
        in.values().get(inputs, 0, 0, in.length());
        int groups = source.length / size;
        for (int at = 0; at < out.length(); at++) {
            int base = at / groups * inputSize;
            outputs[at] = max ? largest(inputs, at, base, at % groups * size) : mean(inputs, base, at % groups * size);
        }
        out.values().put(outputs, 0, 0, out.length());
    }

    /** The first of equals, as PyTorch takes. */
    private float largest(float[] inputs, int at, int base, int group) {
        int best = base + source[group];
        for (int i = 1; i < size; i++) {
            int next = base + source[group + i];
            if (inputs[next] > inputs[best] || Float.isNaN(inputs[next])) best = next;
        }
        chosen[at] = best;
        return inputs[best];
    }

    private float mean(float[] inputs, int base, int group) {
        float sum = 0;
        for (int i = 0; i < size; i++) sum += inputs[base + source[group + i]];
        return sum / size;
    }

    @Override
    public void backward() {
        float[] inputs = scratch.first(in.length());
        float[] outputs = scratch.second(out.length());
        out.trained().get(outputs, 0, 0, out.length());
        java.util.Arrays.fill(inputs, 0, in.length(), 0f);
        int groups = source.length / size;
        for (int at = 0; at < out.length(); at++) {
            if (max) {
                inputs[chosen[at]] += outputs[at];
                continue;
            }
            int base = at / groups * inputSize;
            int group = at % groups * size;
            float share = outputs[at] / size;
            for (int i = 0; i < size; i++) inputs[base + source[group + i]] += share;
        }
        in.trained().put(inputs, 0, 0, in.length());
    }
}
