package io.tidemark.judge.evidence;

import java.util.Arrays;

/** The largest surprise of each kind at one step, and which feature, signal and direction it comes from. Overwritten by every step. */
final class Severities {
    private static final int SOURCES_OF_FEATURE = 64;

    final double[] surprise = new double[EvidenceKind.count()];
    private final int[] source = new int[EvidenceKind.count()];

    void clear() {
        Arrays.fill(surprise, 0);
        Arrays.fill(source, 0);
    }

    /** Raises a kind of the series as a whole. */
    void raise(EvidenceKind kind, double by) {
        raise(kind, by, 0);
    }

    /** Raises a kind; the source is one of {@link #source(int, int, boolean)}. */
    void raise(EvidenceKind kind, double by, int from) {
        int i = kind.ordinal();
        if (by > surprise[i]) {
            surprise[i] = by;
            source[i] = from;
        }
    }

    /** The source of a kind's surprise; with 0 for the series as a whole, and told apart by kind. */
    int source(int kind) {
        return source[kind] == 0 ? -1 - kind : source[kind];
    }

    /** The feature of a kind's surprise, counted from 1; 0 for the series as a whole. */
    int feature(int kind) {
        return source[kind] / SOURCES_OF_FEATURE;
    }

    /** The signal of a kind's surprise; {@link Signal#WHOLE} for the series as a whole. */
    Signal signal(int kind) {
        return source[kind] == 0 ? Signal.WHOLE : Signal.of(source[kind] % SOURCES_OF_FEATURE / 2);
    }

    /** The source for a feature, counted from 0, one of its signals, in [0, 32), and a direction. */
    static int source(int feature, int signal, boolean up) {
        return (feature + 1) * SOURCES_OF_FEATURE + signal * 2 + (up ? 0 : 1);
    }
}
