package io.tidemark.learn.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * VUS-PR: the area under the precision-recall curve for incidents whose edges are soft, averaged over how soft they are.
 *
 * <p>For a buffer of ℓ rows, a row at a distance d ≤ ℓ/2 from an incident has the label √(1 − d/ℓ). Recall is held against the mean of the
 * hard and the soft labels, and is multiplied by the share of the incidents that are met at all. Source: Paparrizos, Boniol, Palpanas, Tsay,
 * Elmore, Franklin, "Volume Under the Surface", PVLDB 15 (11), 2022.
 */
public final class VolumeUnderSurface {
    /** The widest buffer in rows that figures are made with. */
    public static final int BUFFER_ROWS = 100;

    private static final int THRESHOLDS = 250;

    private VolumeUnderSurface() {}

    /**
     * Rates scores.
     *
     * @param scores higher is stranger; NaN counts as the lowest
     * @param labels true where a row is anomalous, the same length
     * @param buffer the widest buffer in rows, at least 0; each from 0 to it counts the same
     * @return in [0, 1]; NaN without anomalies
     */
    public static double pr(double[] scores, boolean[] labels, int buffer) {
        if (scores.length != labels.length) {
            throw new IllegalArgumentException(scores.length + " scores do not fit " + labels.length + " labels");
        }
        if (buffer < 0) throw new IllegalArgumentException("a buffer must be at least 0 rows, but was " + buffer);
        List<int[]> incidents = runs(labels);
        if (incidents.isEmpty()) return Double.NaN;
        int rows = scores.length;
        double[] known = new double[rows];
        Arrays.setAll(known, i -> Double.isNaN(scores[i]) ? Double.NEGATIVE_INFINITY : scores[i]);
        int[] order = java.util.stream.IntStream.range(0, rows)
                .boxed()
                .sorted((a, b) -> Double.compare(known[b], known[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] ends = thresholds(known, order);
        double sum = 0;
        for (int width = 0; width <= buffer; width++) sum += area(known, order, ends, labels, incidents, width);
        return sum / (buffer + 1);
    }

    /** For each threshold, how many rows lie at or above it; ascending. */
    private static int[] thresholds(double[] scores, int[] order) {
        int[] ends = new int[THRESHOLDS];
        for (int i = 0; i < THRESHOLDS; i++) {
            int at = (int) ((long) i * (order.length - 1) / (THRESHOLDS - 1));
            while (at + 1 < order.length && scores[order[at + 1]] == scores[order[at]]) at++;
            ends[i] = at + 1;
        }
        return ends;
    }

    private static double area(
            double[] scores, int[] order, int[] ends, boolean[] labels, List<int[]> incidents, int width) {
        double[] soft = soft(labels, incidents, width);
        boolean[] met = new boolean[soft.length];
        for (int i = 0; i < met.length; i++) met[i] = soft[i] > 0;
        double[] highest = runs(met).stream()
                .mapToDouble(
                        run -> Arrays.stream(scores, run[0], run[1] + 1).max().orElseThrow())
                .toArray();
        double hard = 0;
        double weight = 0;
        for (int i = 0; i < soft.length; i++) {
            if (labels[i]) hard++;
            weight += soft[i];
        }
        double positives = (hard + weight) / 2;
        double area = 0;
        double before = 0;
        double hits = 0;
        int taken = 0;
        for (int end : ends) {
            while (taken < end) hits += soft[order[taken++]];
            double threshold = scores[order[end - 1]];
            double exist = 0;
            for (double high : highest) if (high >= threshold) exist++;
            double recall = Math.min(1, hits / positives) * exist / highest.length;
            area += (recall - before) * hits / end;
            before = recall;
        }
        return area;
    }

    private static double[] soft(boolean[] labels, List<int[]> incidents, int width) {
        double[] soft = new double[labels.length];
        for (int i = 0; i < soft.length; i++) soft[i] = labels[i] ? 1 : 0;
        for (int[] run : incidents) {
            for (int d = 1; d <= width / 2; d++) {
                double label = Math.sqrt(1 - (double) d / width);
                if (run[0] - d >= 0) soft[run[0] - d] = Math.min(1, soft[run[0] - d] + label);
                if (run[1] + d < soft.length) soft[run[1] + d] = Math.min(1, soft[run[1] + d] + label);
            }
        }
        return soft;
    }

    /** First and last row of each run of true. */
    private static List<int[]> runs(boolean[] labels) {
        List<int[]> runs = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            if (!labels[i]) continue;
            int from = i;
            while (i + 1 < labels.length && labels[i + 1]) i++;
            runs.add(new int[] {from, i});
        }
        return runs;
    }
}
