package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.CounterRandom;

/** Dropout or Gaussian noise on sample-major values, drawn in Java by seed, layer, training step and element. */
final class NoiseStep implements TapeStep {
    private final Tape tape;
    private final TapeSlot in;
    private final TapeSlot out;
    private final String name;
    private final boolean dropout;
    private final float strength;
    private final float[] values;
    private final float[] factors;

    /**
     * @param strength probability of dropping a value, or the noise's standard deviation
     */
    NoiseStep(Tape tape, int layer, boolean dropout, double strength, TapeSlot in, TapeSlot out) {
        this.tape = tape;
        this.in = in;
        this.out = out;
        this.name = name(layer);
        this.dropout = dropout;
        this.strength = (float) strength;
        this.values = new float[in.length()];
        this.factors = new float[in.length()];
    }

    /** The name that a layer's draws are made by, the same on every engine. */
    static String name(int layer) {
        return "noise/" + layer;
    }

    @Override
    public void forward() {
        in.values().get(values, 0, 0, values.length);
        CounterRandom random = CounterRandom.of(tape.seed(), name, tape.step());
        float keep = 1 / (1 - strength);
        for (int i = 0; i < values.length; i++) {
            if (dropout) {
                factors[i] = random.uniform(i) < strength ? 0f : keep;
                values[i] *= factors[i];
            } else {
                factors[i] = 1f;
                values[i] += strength * random.normal(i);
            }
        }
        out.values().put(values, 0, 0, values.length);
    }

    @Override
    public void backward() {
        out.trained().get(values, 0, 0, values.length);
        for (int i = 0; i < values.length; i++) values[i] *= factors[i];
        in.trained().put(values, 0, 0, values.length);
    }
}
