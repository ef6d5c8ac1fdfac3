package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.CounterRandom;

/**
 * Draws {@code μ + e^(v/2)·ε} from means and log variances; backward adds the slope of their divergence from a standard normal.
 * Only on a tape that trains.
 */
final class LatentStep implements TapeStep {
    private final Tape tape;
    private final String name;
    private final double divergence;
    private final TapeSlot mean;
    private final TapeSlot logVariance;
    private final TapeSlot out;
    private final float[] means;
    private final float[] logVariances;
    private final float[] spread;
    private final float[] values;

    /** @param divergence the divergence's weight for one sample of this tape's batch */
    LatentStep(Tape tape, int layer, double divergence, TapeSlot mean, TapeSlot logVariance, TapeSlot out) {
        this.tape = tape;
        this.name = NoiseStep.name(layer);
        this.divergence = divergence;
        this.mean = mean;
        this.logVariance = logVariance;
        this.out = out;
        means = new float[out.length()];
        logVariances = new float[out.length()];
        spread = new float[out.length()];
        values = new float[out.length()];
    }

    @Override
    public void forward() {
        mean.values().get(means, 0, 0, means.length);
        logVariance.values().get(logVariances, 0, 0, means.length);
        CounterRandom random = CounterRandom.of(tape.seed(), name, tape.step());
        for (int i = 0; i < values.length; i++) {
            spread[i] = (float) Math.exp(0.5 * logVariances[i]) * random.normal(i);
            values[i] = means[i] + spread[i];
        }
        out.values().put(values, 0, 0, values.length);
    }

    @Override
    public void backward() {
        out.trained().get(values, 0, 0, values.length);
        for (int i = 0; i < values.length; i++) {
            means[i] = (float) (values[i] + divergence * means[i]);
            logVariances[i] = (float) (0.5 * (values[i] * spread[i] + divergence * Math.expm1(logVariances[i])));
        }
        mean.trained().put(means, 0, 0, means.length);
        logVariance.trained().put(logVariances, 0, 0, means.length);
    }
}
