package io.tidemark.judge.evidence;

import io.tidemark.judge.slots.SlotMemory;
import java.util.Arrays;

/**
 * The largest surprise of each {@link EvidenceKind} at a step, calibrated once more among its own past, so that kinds with many signals, or wild ones, speak no
 * louder; and how severe the step is by all of them.
 */
final class Kinds {
    private static final int KINDS = EvidenceKind.count();
    private static final double TAIL_SHARE = 0.03;
    private static final int TAILS_FROM = 250;
    /** A kind's surprise among its own past is at most so far above the one of its strongest signal: few samples cannot promise more. */
    private static final double CALIBRATED_ABOVE = 0.5;
    /** Weights of the kinds: real series come by levels most easily, and a network that still learns is often wrong. */
    private static final double[] WEIGHTS = weights();

    /** Bytes of the tails of all kinds. */
    static final int BYTES = KINDS * (Tail.BYTES + 7);

    private final Severities severities;
    private final Habits habits;
    private final double othersShare;
    /** Whether a network's error may be the strongest kind: in a narrow series the values say more. */
    private final boolean networksLead;

    private final Tail[] tails = new Tail[KINDS];
    private final boolean[] present = new boolean[KINDS];
    private int strongest;

    private static double[] weights() {
        double[] weights = new double[KINDS];
        Arrays.fill(weights, 1);
        weights[EvidenceKind.LEVEL.ordinal()] = 0.75;
        weights[EvidenceKind.NETWORK.ordinal()] = 0.5;
        weights[EvidenceKind.NETWORK_SMOOTHED.ordinal()] = 0.5;
        return weights;
    }

    /** Claims its part of a memory. */
    Kinds(SlotMemory memory, EvidenceSpec spec, Severities severities, Habits habits) {
        this.severities = severities;
        this.habits = habits;
        othersShare = spec.othersShare();
        networksLead = spec.networksLead();
        for (int i = 0; i < KINDS; i++) {
            tails[i] = new Tail(memory, TAIL_SHARE, 0, spec.memorySteps());
        }
    }

    /** Begins a step with the kinds that features speak of. @param related whether they are held against each other */
    void begin(boolean related) {
        Arrays.fill(present, false);
        for (int i = 0; i <= EvidenceKind.SEASON.ordinal(); i++) {
            present[i] = i != EvidenceKind.RELATION.ordinal() || related;
        }
    }

    /** Brings what a kind says of the series as a whole; NaN where it says nothing. */
    void bring(EvidenceKind kind, double surprise) {
        if (!Double.isNaN(surprise)) {
            present[kind.ordinal()] = true;
            severities.raise(kind, surprise);
        }
    }

    /** The severity of the step: the strongest kind, and a share of what others say beyond 1, less log10 of the number of kinds. */
    double severity() {
        double best = 0;
        double sum = 0;
        int count = 0;
        strongest = 0;
        for (int i = 0; i < KINDS; i++) {
            if (!present[i]) {
                continue;
            }
            count++;
            double surprise = surprise(i);
            if (surprise > best && (networksLead || !EvidenceKind.of(i).isOfNetworks())) {
                best = surprise;
                strongest = i;
            }
            sum += Math.max(0, surprise - 1);
        }
        double others = Math.max(0, sum - Math.max(0, best - 1));
        return best + othersShare * others - Math.log10(Math.max(1, count));
    }

    /** The strongest kind of the step whose severity was asked for last. */
    int strongest() {
        return strongest;
    }

    /** What a kind says of the step, among its own past and by its weight. */
    private double surprise(int kind) {
        double raw = severities.surprise[kind];
        double surprise = Math.min(tails[kind].surprise(raw), raw + CALIBRATED_ABOVE);
        if (surprise > 1) {
            surprise = Math.max(0, surprise - habits.lowersBy(severities.source(kind)));
        }
        return surprise * WEIGHTS[kind];
    }

    /** Learns the step, unless the series has had too few for its signals to say anything. */
    void learn(int rows) {
        if (rows <= TAILS_FROM) {
            return;
        }
        for (int i = 0; i < KINDS; i++) {
            if (present[i]) {
                tails[i].learn(severities.surprise[i]);
            }
        }
    }
}
