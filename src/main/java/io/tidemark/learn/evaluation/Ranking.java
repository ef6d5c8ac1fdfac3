package io.tidemark.learn.evaluation;

import java.util.Arrays;
import java.util.Comparator;

/**
 * How well scores rank labelled rows, with ties counted as one threshold.
 *
 * @param rows labelled rows
 * @param anomalies rows labelled 1
 * @param averagePrecision Σ (recall step · precision) over descending thresholds; in [0, 1]
 * @param aucRoc probability that an anomalous row scores above a normal one, ties half; in [0, 1]
 * @param bestF1 the largest plain F1 over all thresholds, without point adjustment; in [0, 1]
 */
public record Ranking(int rows, int anomalies, double averagePrecision, double aucRoc, double bestF1) {

    /**
     * Rates scores.
     *
     * @param scores higher is stranger; NaN counts as the lowest
     * @param labels true where a row is anomalous, the same length
     */
    public static Ranking of(double[] scores, boolean[] labels) {
        if (scores.length != labels.length) {
            throw new IllegalArgumentException(scores.length + " scores do not fit " + labels.length + " labels");
        }
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                Comparator.comparingDouble((Integer i) -> lowestIfNaN(scores[i]))
                        .reversed());
        int positives = 0;
        for (boolean label : labels) if (label) positives++;
        long negatives = (long) scores.length - positives;
        double ap = 0;
        double area = 0;
        double best = 0;
        long tp = 0;
        long fp = 0;
        for (int from = 0; from < order.length; ) {
            double threshold = lowestIfNaN(scores[order[from]]);
            long tpBefore = tp;
            long fpBefore = fp;
            while (from < order.length && lowestIfNaN(scores[order[from]]) == threshold) {
                if (labels[order[from++]]) tp++;
                else fp++;
            }
            ap += (tp - tpBefore) * (double) tp / (tp + fp);
            area += (fp - fpBefore) * (tpBefore + (tp - tpBefore) / 2.0);
            best = Math.max(best, 2.0 * tp / (tp + fp + positives));
        }
        return new Ranking(
                scores.length,
                positives,
                positives == 0 ? Double.NaN : ap / positives,
                positives == 0 || negatives == 0 ? Double.NaN : area / ((double) positives * negatives),
                positives == 0 ? Double.NaN : best);
    }

    private static double lowestIfNaN(double score) {
        return Double.isNaN(score) ? Double.NEGATIVE_INFINITY : score;
    }
}
