package io.tidemark.model.inference;

import java.util.Arrays;
import java.util.Comparator;

/**
 * How a challenger's errors compare with the champion's on the same samples: the last {@link #PAIRS} of them. Owned by one thread.
 */
public final class Shadow {
    /** Pairs that are compared. */
    public static final int PAIRS = 512;

    private final double[] challenger = new double[PAIRS];
    private final double[] champion = new double[PAIRS];
    private long seen;

    /** Takes one sample that both have scored. */
    public void add(double challengerError, double championError) {
        int at = (int) (seen++ % PAIRS);
        challenger[at] = challengerError;
        champion[at] = championError;
    }

    /** Samples compared so far. */
    public long samples() {
        return seen;
    }

    private int size() {
        return (int) Math.min(seen, PAIRS);
    }

    /** Median error of the challenger over that of the champion: below 1 it expects better. NaN before the first pair. */
    public double ratio() {
        int n = size();
        if (n == 0) return Double.NaN;
        double[] a = Arrays.copyOf(challenger, n);
        double[] b = Arrays.copyOf(champion, n);
        Arrays.sort(a);
        Arrays.sort(b);
        return a[n / 2] == b[n / 2] ? 1 : a[n / 2] / b[n / 2];
    }

    /**
     * Spearman's rank correlation of the two errors: 1 when both find the same samples strange. NaN before the third pair, or when
     * all errors of one are equal.
     */
    public double agreement() {
        int n = size();
        if (n < 3) return Double.NaN;
        double[] a = ranks(challenger, n);
        double[] b = ranks(champion, n);
        double mean = (n - 1) / 2.0;
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < n; i++) {
            ab += (a[i] - mean) * (b[i] - mean);
            aa += (a[i] - mean) * (a[i] - mean);
            bb += (b[i] - mean) * (b[i] - mean);
        }
        return aa == 0 || bb == 0 ? Double.NaN : ab / Math.sqrt(aa * bb);
    }

    /** Ranks from 0, ties sharing their mean. */
    private static double[] ranks(double[] values, int n) {
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        double[] ranks = new double[n];
        for (int from = 0; from < n; ) {
            int to = from;
            while (to < n && values[order[to]] == values[order[from]]) to++;
            for (int i = from; i < to; i++) ranks[order[i]] = (from + to - 1) / 2.0;
            from = to;
        }
        return ranks;
    }
}
