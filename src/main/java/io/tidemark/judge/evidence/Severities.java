package io.tidemark.judge.evidence;

import java.util.Arrays;

/** The largest surprise of each kind at one step. Overwritten by every step. */
final class Severities {
    final double[] surprise = new double[EvidenceKind.count()];

    void clear() {
        Arrays.fill(surprise, 0);
    }

    void raise(EvidenceKind kind, double by) {
        surprise[kind.ordinal()] = Math.max(surprise[kind.ordinal()], by);
    }
}
