package io.tidemark.judge.evidence;

import java.util.Arrays;

/** The largest surprise of each kind at one step, and the feature and signal that gave it. Overwritten by every step. */
final class Severities {
    final double[] surprise = new double[Kind.count()];
    final int[] feature = new int[Kind.count()];
    final double[] signal = new double[Kind.count()];

    void clear() {
        Arrays.fill(surprise, 0);
        Arrays.fill(feature, -1);
        Arrays.fill(signal, 0);
    }

    void raise(Kind kind, int ofFeature, double by, double ofSignal) {
        int i = kind.ordinal();
        if (by > surprise[i]) {
            surprise[i] = by;
            feature[i] = ofFeature;
            signal[i] = ofSignal;
        }
    }
}
