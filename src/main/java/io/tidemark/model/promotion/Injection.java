package io.tidemark.model.promotion;

import java.util.Arrays;
import java.util.Random;

/** Anomalies that are put into recorded rows, to see who finds them. Seeded: the same series, kind and seed give the same rows. */
public enum Injection {
    /** One row far off. */
    SPIKE(1),
    /** A stretch that lies higher or lower. */
    LEVEL_SHIFT(30),
    /** A stretch that moves away slowly. */
    DRIFT(50),
    /** A stretch that trembles. */
    NOISE(30),
    /** A stretch that stands still. */
    FLATLINE(40),
    /** A stretch that runs at twice its pace. */
    SEASON_CHANGE(40);

    private static final double SMALLEST = 3;
    private static final double LARGEST = 6;

    private final int rows;

    Injection(int rows) {
        this.rows = rows;
    }

    /**
     * Puts anomalies into the rows of a series, about one for every 150 rows, each on a random half of the features and three to
     * six of their standard deviations large.
     *
     * @param from rows before this one stay as they are
     */
    public Recording.Injected<ReplayedSeries> into(ReplayedSeries series, int from, long seed) {
        float[][] values = new float[series.rows()][];
        for (int i = 0; i < values.length; i++) values[i] = series.values()[i].clone();
        boolean[] anomalous = new boolean[values.length];
        Random random = new Random(seed * 31 + ordinal());
        double[] deviations = deviations(series.values());
        int gap = Math.max(150, 3 * rows);
        for (int at = from + random.nextInt(gap / 2 + 1);
                at + rows <= values.length;
                at += gap / 2 + random.nextInt(gap)) {
            boolean any = false;
            for (int f = 0; f < deviations.length; f++) {
                boolean last = f == deviations.length - 1;
                if (!random.nextBoolean() && (any || !last)) continue;
                any = true;
                double size = deviations[f] * (SMALLEST + (LARGEST - SMALLEST) * random.nextDouble());
                change(series.values(), values, at, f, random.nextBoolean() ? size : -size, random);
            }
            Arrays.fill(anomalous, at, at + rows, true);
        }
        return new Recording.Injected<>(series.with(values), anomalous);
    }

    private void change(float[][] from, float[][] to, int at, int f, double size, Random random) {
        for (int k = 0; k < rows; k++) {
            double value = from[at + k][f];
            to[at + k][f] = (float)
                    switch (this) {
                        case SPIKE, LEVEL_SHIFT -> value + size;
                        case DRIFT -> value + size * (k + 1) / rows;
                        case NOISE -> value + size / 2 * random.nextGaussian();
                        case FLATLINE -> from[at][f];
                        case SEASON_CHANGE -> from[Math.min(from.length - 1, at + 2 * k)][f];
                    };
        }
    }

    private static double[] deviations(float[][] values) {
        int features = values[0].length;
        double[] deviations = new double[features];
        for (int f = 0; f < features; f++) {
            double mean = 0;
            for (float[] row : values) mean += row[f] / values.length;
            double square = 0;
            for (float[] row : values) square += (row[f] - mean) * (row[f] - mean) / values.length;
            deviations[f] = Math.sqrt(square);
        }
        return deviations;
    }
}
