package io.tidemark.judge.evidence;

import io.tidemark.judge.slots.SlotMemory;

/** The tails of a feature's signals, upper and lower apart where a signal is told apart above and below what is usual. */
final class SignalTails {
    private static final double TAIL_SHARE = 0.05;
    private static final double SHAPE_MAX = 0.3;
    /** What it counts that a value hardly moves at an end of its range: a machine that idles is no frozen sensor. */
    private static final double STILL_AT_AN_END = 0.6;
    /** Repeats from which on a run longer than all before is told by the rarity of a repeat: two alike are a report sent twice. */
    private static final int RUN_LEAST = 3;

    private static final int ONE_SIDED = 3;

    private final Tail[] upper;
    private final Tail[] lower;

    /** Claims its part of a memory, for the first so many signals. */
    SignalTails(SlotMemory memory, int signals, double memorySamples) {
        upper = new Tail[signals];
        lower = new Tail[signals];
        for (int i = 0; i < signals; i++) {
            upper[i] = new Tail(memory, TAIL_SHARE, SHAPE_MAX, memorySamples);
            if (Signal.of(i).twoSided) {
                lower[i] = new Tail(memory, TAIL_SHARE, SHAPE_MAX, memorySamples);
            }
        }
    }

    /** Bytes that the tails of so many signals take. */
    static int bytes(int signals) {
        return (2 * signals - ONE_SIDED) * (Tail.BYTES + 7 & ~7);
    }

    /**
     * The surprise of a signal, −log10 of how often it is as large.
     *
     * @param atAnEnd whether the value stands at an end of its range
     */
    double surprise(int i, double signal, boolean atAnEnd) {
        Tail tail = signal >= 0 || lower[i] == null ? upper[i] : lower[i];
        double surprise = tail.surprise(Math.abs(signal));
        if (i == Signal.RUN.ordinal() && signal >= RUN_LEAST && !atAnEnd) {
            return Math.max(surprise, tail.surpriseOfRun(signal));
        }
        return i == Signal.MOTION.ordinal() && atAnEnd ? surprise * STILL_AT_AN_END : surprise;
    }

    /** @param most what is more surprising counts as if it were as surprising as this */
    void learn(int i, double signal, double most) {
        upper[i].learn(Math.max(0, signal), most);
        if (lower[i] != null) {
            lower[i].learn(Math.max(0, -signal), most);
        }
    }
}
