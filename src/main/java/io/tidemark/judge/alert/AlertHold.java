package io.tidemark.judge.alert;

/**
 * Which of two judges an alert listens to: the evidence, or the evidence and the score together.
 *
 * <p>The score looks back over some hundred steps, so that it stays high long after a short and violent fault. An alert for which the evidence
 * has spoken is therefore held by the evidence alone, and the score opens none before it has been low once since the last one. So an alert
 * ends soon after the values are back, and the next fault has an alert of its own.
 *
 * <p>Owned by one thread.
 */
public final class AlertHold {
    private static final int OF_EVIDENCE = 1;
    private static final int SPENT = 2;

    private boolean ofEvidence;
    private boolean spent;

    /**
     * The level that decides at a step.
     *
     * @param both the larger level of the evidence and the score, as a share of the one at which an alert opens
     * @param evidence the same of the evidence alone
     * @param open whether an alert is open before the step
     */
    public double deciding(double both, double evidence, boolean open) {
        if (open) {
            ofEvidence |= evidence >= 1;
            return ofEvidence ? evidence : both;
        }
        ofEvidence = false;
        spent &= both >= AlertSpec.RESOLVE_SHARE;
        return spent ? evidence : both;
    }

    /** Takes what became of the alert at the step. */
    public void after(AlertChange change, double evidence) {
        if (change == AlertChange.OPENED) ofEvidence = evidence >= 1;
        if (change == AlertChange.RESOLVED) spent = true;
    }

    /** Forgets everything. */
    public void clear() {
        ofEvidence = false;
        spent = false;
    }

    /** The state in two bits. */
    public int bits() {
        return (ofEvidence ? OF_EVIDENCE : 0) | (spent ? SPENT : 0);
    }

    /** Goes on from a state. */
    public void restore(int bits) {
        ofEvidence = (bits & OF_EVIDENCE) != 0;
        spent = (bits & SPENT) != 0;
    }
}
