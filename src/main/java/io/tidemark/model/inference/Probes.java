package io.tidemark.model.inference;

import io.tidemark.judge.calibration.Observation;
import io.tidemark.net.engine.CounterRandom;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import java.util.ArrayList;
import java.util.List;

/**
 * Small anomalies put into copies of a few samples, so that the verdict can see, without labels, which of several networks notices
 * what in a series.
 *
 * <ol>
 *   <li>One step in {@value Observation#PROBE_EVERY} of each series has a probe; series take turns. Whether, what kind, where and how large is a function of
 *       series and step: the same sample has the same probe in any batch and any process.
 *   <li>A probe is the sample's window with its newest rows changed: one row jumps, {@value #ROWS} rows lie off, {@value #ROWS} rows tremble, or
 *       {@value #STILL_ROWS} rows stand still. From one feature to half of them are changed, by {@value #SMALLEST} to
 *       {@value #LARGEST} scale units.
 *   <li>Frames, samples with filled rows and samples that failed have none.
 * </ol>
 *
 * <p>Owned by the {@link BatchScorer}'s thread.
 */
final class Probes {
    private static final int EVERY = Observation.PROBE_EVERY;
    private static final int ROWS = 8;
    private static final int STILL_ROWS = 16;
    private static final double SMALLEST = 1.5;
    private static final double LARGEST = 6;

    private enum Kind {
        SPIKE(1),
        SHIFT(ROWS),
        NOISE(ROWS),
        FLATLINE(STILL_ROWS);

        private final int rows;

        Kind(int rows) {
            this.rows = rows;
        }
    }

    private static final Kind[] KINDS = Kind.values();

    private final Wire wire = Wire.writer(4096);
    private final List<PendingSample> pool = new ArrayList<>();
    private float[] window = new float[0];

    /** Whether a sample has a probe. */
    static boolean isDue(PendingSample sample) {
        Step step = sample.step;
        return Math.floorMod(step.step + step.series.hashCode(), EVERY) == 0
                && sample.failure.isEmpty()
                && step.filledShare == 0
                && sample.sample.frame() == null
                && sample.sample.rows() > 1;
    }

    /**
     * The probe of a sample; reused by the next batch.
     *
     * @param place among the probes of the batch; from 0 without a gap
     */
    PendingSample of(PendingSample original, int place) {
        Sample sample = original.sample;
        int rows = sample.rows();
        int features = sample.features();
        if (window.length < rows * features) window = new float[rows * features];
        sample.copyRows(rows, 0, window, 0);
        Step step = original.step;
        change(rows, features, CounterRandom.of(step.series.hashCode(), "probe", step.step), step.step);
        if (place == pool.size()) pool.add(new PendingSample());
        PendingSample probe = pool.get(place).read(Sample.encode(wire, step, window, rows));
        probe.step.forecastDue = false;
        return probe;
    }

    private void change(int rows, int features, CounterRandom random, long step) {
        Kind kind = KINDS[(int) Math.floorMod(Math.floorDiv(step, EVERY), KINDS.length)];
        double share = Math.min(0.5, Math.pow(features, random.uniform(0) - 1));
        int always = (int) (random.uniform(1) * features);
        for (int f = 0; f < features; f++) {
            if (f != always && random.uniform(2 + 3L * f) >= share) continue;
            double size = SMALLEST * Math.pow(LARGEST / SMALLEST, random.uniform(3 + 3L * f));
            boolean up = random.uniform(4 + 3L * f) < 0.5;
            change(kind, rows, features, f, (float) (up ? size : -size), random);
        }
    }

    private void change(Kind kind, int rows, int features, int f, float size, CounterRandom random) {
        int first = Math.max(1, rows - kind.rows);
        float still = window[(first - 1) * features + f];
        for (int r = first; r < rows; r++) {
            int at = r * features + f;
            window[at] = switch (kind) {
                case SPIKE, SHIFT -> window[at] + size;
                case NOISE -> window[at] + size * random.normal((1L << 32) + at);
                case FLATLINE -> still;
            };
        }
    }
}
