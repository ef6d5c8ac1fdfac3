package io.tidemark.net.engine;

import io.tidemark.net.network.MonteCarlo;
import java.util.List;

/** The numbers of {@link MonteCarlo}'s layers, the same on every engine. */
public final class DroppedPasses {
    /** What scoring draws the dropped values from, whatever the seed and the layer. */
    private static final CounterRandom FIXED = CounterRandom.of(0, "passes", 0);

    private final float rate;
    private final float kept;

    public DroppedPasses(MonteCarlo.Dropout layer) {
        this.rate = (float) layer.rate();
        this.kept = 1 / (1 - rate);
    }

    /**
     * What a value is multiplied by while training: 0 or 1/(1 − rate).
     *
     * @param random the numbers of the layer's training step
     * @param element place in {@code [sample, pass, value]}
     */
    public float whileTraining(CounterRandom random, int element) {
        return random.uniform(element) < rate ? 0f : kept;
    }

    /**
     * The same of every sample while scoring.
     *
     * @param element place in {@code [pass, value]}
     */
    public float whileScoring(int element) {
        return whileTraining(FIXED, element);
    }

    /** Standard deviations of the passes that each quantile is moved by; 0 alone where there are no quantiles. */
    public static float[] shifts(List<Double> quantiles) {
        if (quantiles.isEmpty()) return new float[1];
        float[] shifts = new float[quantiles.size()];
        for (int q = 0; q < shifts.length; q++) shifts[q] = (float) CounterRandom.normalQuantile(quantiles.get(q));
        return shifts;
    }

    /** The quantile whose passes tell how much they disagree. */
    public static int median(List<Double> quantiles) {
        return Math.max(0, quantiles.indexOf(0.5));
    }
}
