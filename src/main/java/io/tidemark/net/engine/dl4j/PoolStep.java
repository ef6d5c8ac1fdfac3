package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.Resampling;

/** The largest, or the mean, of each group of floats that a table of {@link Gathering} names. */
final class PoolStep extends RearrangingStep {
    private final int[] source;
    private final int size;
    private final boolean max;
    private final int[] chosen;

    /** @param size floats in a group */
    PoolStep(Tape tape, int[] source, int size, Resampling.Pool.Kind kind, TapeSlot in, TapeSlot out) {
        super(tape, in, out);
        this.source = source;
        this.size = size;
        this.max = kind == Resampling.Pool.Kind.MAX;
        this.chosen = new int[outputs];
    }

    @Override
    void forward(float[] from, float[] to) {
        int groups = source.length / size;
        for (int at = 0; at < outputs; at++) {
            int base = at / groups * inputSize;
            to[at] = max ? largest(from, at, base, at % groups * size) : mean(from, base, at % groups * size);
        }
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
    void backward(float[] from, float[] to) {
        int groups = source.length / size;
        for (int at = 0; at < outputs; at++) {
            if (max) {
                to[chosen[at]] += from[at];
                continue;
            }
            int base = at / groups * inputSize;
            int group = at % groups * size;
            float share = from[at] / size;
            for (int i = 0; i < size; i++) to[base + source[group + i]] += share;
        }
    }
}
