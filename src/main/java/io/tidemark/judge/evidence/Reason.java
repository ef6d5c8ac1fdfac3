package io.tidemark.judge.evidence;

/** Why a step is as strange as it is: its strongest evidence. Overwritten by every step; owned by one thread. */
public final class Reason {
    /** No feature: the series as a whole. */
    public static final int NO_FEATURE = -1;

    private EvidenceKind kind = EvidenceKind.POINT;
    private Signal signal = Signal.WHOLE;
    private int feature = NO_FEATURE;
    private double amount = Double.NaN;

    /** Sets all of it. */
    public Reason set(EvidenceKind kind, Signal signal, int feature, double amount) {
        this.kind = kind;
        this.signal = signal;
        this.feature = feature;
        this.amount = amount;
        return this;
    }

    /** Takes over another's. */
    public Reason set(Reason other) {
        return set(other.kind, other.signal, other.feature, other.amount);
    }

    /** Nothing is known. */
    public Reason clear() {
        return set(EvidenceKind.POINT, Signal.WHOLE, NO_FEATURE, Double.NaN);
    }

    /** The kind that makes most of the severity. */
    public EvidenceKind kind() {
        return kind;
    }

    /** The signal of the feature that speaks most for the kind; {@link Signal#WHOLE} where no feature does. */
    public Signal signal() {
        return signal;
    }

    /** The feature, counted from 0, or {@link #NO_FEATURE}. */
    public int feature() {
        return feature;
    }

    /** Whether {@link #amount} is a difference from what was expected, in the feature's own unit. */
    public boolean isDifference() {
        return switch (signal) {
            case ERROR, ERROR_BY_TIME, LEVEL_8, LEVEL_32, LEVEL_128, SEASON, RELATION, RELATION_MEAN -> true;
            case SIZE, RUN, MOTION, VALUE, FIRST_CHANGE, OUTSIDE, WHOLE -> false;
        };
    }

    /** Whether it is that a value stands still, which deviates from nothing. */
    public boolean isStandstill() {
        return signal == Signal.RUN || signal == Signal.MOTION;
    }

    /**
     * How much: for errors, levels, seasons and relations the signed difference from what was expected, in the feature's own units; for a run
     * its steps; for little motion the mean of its last moves, in the same units; for the size of errors how many times the usual; NaN where there is no
     * number.
     */
    public double amount() {
        return amount;
    }
}
