package io.tidemark.model.promotion;

import java.util.Map;
import java.util.TreeMap;

/**
 * How a model did on the replayed rows.
 *
 * @param steps steps judged, after the calibration's warm-up
 * @param alerts alerts that opened on the rows as they were, but for labelled anomalies
 * @param tails share of these steps whose tail probability is below 0.05
 * @param medianError median of the aggregated error, in scale units
 * @param ranking average precision of the error at finding each kind of injected anomaly, by its name; in [0, 1]
 * @param labelled average precision of the error at finding the rows that people have called anomalies; in [0, 1], NaN without any
 * @param labelledRows these rows
 * @param nanosPerSample time of a forward pass for each sample
 */
public record Contender(
        long steps,
        int alerts,
        double tails,
        double medianError,
        Map<String, Double> ranking,
        double labelled,
        int labelledRows,
        double nanosPerSample) {
    public Contender {
        ranking = Map.copyOf(ranking);
    }

    /** Mean of the average precision over the kinds; NaN without any. */
    public double meanRanking() {
        return ranking.values().stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    }

    /** The figures by name, each after a word such as {@code challenger-}. */
    Map<String, Double> figures(String prefix) {
        Map<String, Double> figures = new TreeMap<>();
        figures.put(prefix + "steps", (double) steps);
        figures.put(prefix + "alerts", (double) alerts);
        figures.put(prefix + "tails", tails);
        figures.put(prefix + "error", medianError);
        figures.put(prefix + "ranking", meanRanking());
        figures.put(prefix + "nanos", nanosPerSample);
        figures.put(prefix + "labelled-rows", (double) labelledRows);
        if (labelledRows > 0) figures.put(prefix + "labelled", labelled);
        ranking.forEach((kind, ap) -> figures.put(prefix + kind, ap));
        return figures;
    }
}
