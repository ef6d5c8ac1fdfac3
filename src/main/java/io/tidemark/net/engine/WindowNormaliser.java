package io.tidemark.net.engine;

import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.Normalisation;

/**
 * Makes windows relative as a network's {@link Normalisation} says, and what the network makes of them absolute again. The level and
 * scale of a slot hold from {@link #window} until the next window in the same slot. Nothing is allocated for a window. Owned by
 * one thread.
 */
public final class WindowNormaliser {
    private final boolean last;
    private final boolean scaled;
    private final int features;
    private final int window;
    /** Rows that level and scale are taken from, from the first. */
    private final int known;

    private final int targetSize;
    private final int quantiles;
    private final float[] level;
    private final float[] scale;

    /** @param capacity slots; at least 1 */
    public WindowNormaliser(Network network, int capacity) {
        NetworkSpec spec = network.spec();
        this.last = spec.normalisation().level() == Normalisation.Level.LAST;
        this.scaled = spec.normalisation().scale() == Normalisation.Scale.WINDOW;
        this.features = network.features();
        this.window = spec.window();
        this.known = spec.kind() == NetworkSpec.Kind.FORECASTER ? window : window - 1;
        this.targetSize = network.targets().get(0).size();
        this.quantiles = Math.max(1, spec.forecast().quantiles().size());
        this.level = new float[capacity * features];
        this.scale = new float[capacity * features];
    }

    /**
     * Takes level and scale of a window and writes it relative to them.
     *
     * @param raw {@code [slot, step, feature]}
     * @param into of the same shape; may be the same array
     */
    public void window(float[] raw, float[] into, int slot) {
        int from = slot * window * features;
        for (int f = 0; f < features; f++) {
            float l = last ? raw[from + (known - 1) * features + f] : mean(raw, from + f);
            level[slot * features + f] = l;
            scale[slot * features + f] = scaled ? deviation(raw, from + f) : 1f;
        }
        relative(raw, into, from, window, slot);
    }

    /**
     * Writes a target relative to the level and scale of its slot's window.
     *
     * @param raw {@code [slot, step, feature]}
     * @param into of the same shape; may be the same array
     */
    public void target(float[] raw, float[] into, int slot) {
        relative(raw, into, slot * targetSize, targetSize / features, slot);
    }

    /**
     * Turns a slot's output back, in place.
     *
     * @param output {@code [slot, step, feature]} or {@code [slot, step, feature, quantile]}
     */
    public void absolute(float[] output, int slot) {
        int at = slot * targetSize * quantiles;
        for (int r = 0; r < targetSize / features; r++) {
            for (int f = 0; f < features; f++) {
                float l = level[slot * features + f];
                float s = scale[slot * features + f];
                for (int q = 0; q < quantiles; q++, at++) output[at] = l + s * output[at];
            }
        }
    }

    private void relative(float[] raw, float[] into, int from, int rows, int slot) {
        int at = from;
        for (int r = 0; r < rows; r++) {
            for (int f = 0; f < features; f++, at++) {
                into[at] = (raw[at] - level[slot * features + f]) / scale[slot * features + f];
            }
        }
    }

    private float mean(float[] raw, int first) {
        double sum = 0;
        for (int r = 0; r < known; r++) sum += raw[first + r * features];
        return (float) (sum / known);
    }

    private float deviation(float[] raw, int first) {
        double mean = mean(raw, first);
        double squares = 0;
        for (int r = 0; r < known; r++) {
            double d = raw[first + r * features] - mean;
            squares += d * d;
        }
        return Math.max(Normalisation.SCALE_MIN, (float) Math.sqrt(squares / known));
    }
}
