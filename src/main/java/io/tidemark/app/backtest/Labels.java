package io.tidemark.app.backtest;

import io.tidemark.learn.evaluation.Ranking;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** What rankings of labelled rows come to, and what they are held against. */
public final class Labels {
    private Labels() {}

    /** How uniform random numbers rank the same rows: what a figure must be held against. */
    public static Ranking random(boolean[] labels, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] scores = new double[labels.length];
        Arrays.setAll(scores, i -> random.nextDouble());
        return Ranking.of(scores, labels);
    }

    /** The mean of several rankings; NaN ones, of files without anomalies, are passed over. */
    public static Ranking mean(List<Ranking> rankings) {
        List<Ranking> known = rankings.stream()
                .filter(r -> !Double.isNaN(r.averagePrecision()))
                .toList();
        return new Ranking(
                known.stream().mapToInt(Ranking::rows).sum(),
                known.stream().mapToInt(Ranking::anomalies).sum(),
                known.stream().mapToDouble(Ranking::averagePrecision).average().orElse(Double.NaN),
                known.stream().mapToDouble(Ranking::aucRoc).average().orElse(Double.NaN),
                known.stream().mapToDouble(Ranking::bestF1).average().orElse(Double.NaN));
    }
}
