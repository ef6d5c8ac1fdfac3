package io.tidemark.judge.calibration;

import io.tidemark.judge.evidence.Reason;
import java.util.Arrays;

/**
 * What a series' calibration says of one step. Overwritten by every step; owned by the caller's thread.
 *
 * <p>While {@link #isWarmingUp()} only the counts and the teaching gate mean anything.
 */
public final class Verdict {
    /** Whether a step may teach, and why not. */
    public enum Teaching {
        /** The step may teach. */
        ALLOWED,
        /** Nothing was measured, or a value was filled in. */
        FILLED,
        /** The step is in the declared most surprising share. */
        SURPRISING,
        ALERT_OPEN
    }

    final float[] shares;
    boolean warmingUp;
    int samplesSeen;
    int samplesNeeded;
    double score;
    double alertScore;
    double tailProbability;
    double fastScore;
    double smoothedScore;
    double severity;
    double returnLevel;
    double evidenceLevel;
    final Reason reason = new Reason();
    boolean surprising;
    Teaching teaching = Teaching.ALLOWED;

    /** An empty verdict on series with this many features. */
    public Verdict(int features) {
        shares = new float[features];
        clear();
    }

    void clear() {
        warmingUp = true;
        score = Double.NaN;
        alertScore = Double.NaN;
        tailProbability = Double.NaN;
        fastScore = Double.NaN;
        smoothedScore = Double.NaN;
        severity = 0;
        returnLevel = 0;
        evidenceLevel = 0;
        reason.clear();
        surprising = false;
        teaching = Teaching.ALLOWED;
        Arrays.fill(shares, 0);
    }

    /** Whether too few steps were seen for a score. */
    public boolean isWarmingUp() {
        return warmingUp;
    }

    /** Steps of this series so far, this one included; stops counting at two thousand million. */
    public int samplesSeen() {
        return samplesSeen;
    }

    /** Steps needed for the first score. */
    public int samplesNeeded() {
        return samplesNeeded;
    }

    /** Continuous score in [0, 1), higher is stranger: both time scales together. */
    public double score() {
        return score;
    }

    /** Score in [0, 1) under the alert policy: 0 unless the step is a record, and lower the more alike came before. */
    public double alertScore() {
        return alertScore;
    }

    /** How often a normal step of this series is this strange; in (0, 1], lower is stranger. */
    public double tailProbability() {
        return tailProbability;
    }

    /** Score in [0, 1) of this step alone. */
    public double fastScore() {
        return fastScore;
    }

    /** Score in [0, 1) of the last steps together. */
    public double smoothedScore() {
        return smoothedScore;
    }

    /** log10 of the steps between two episodes of this series as severe as this step; 0 while too few steps are known. */
    public double returnLevel() {
        return returnLevel;
    }

    /** {@link #returnLevel} by the evidence alone, without the score. */
    public double evidenceLevel() {
        return evidenceLevel;
    }

    /** Why the step is as strange as it is; overwritten by the next step. */
    public Reason reason() {
        return reason;
    }

    /** Share of a feature in the score, in [0, 1]; the shares add up to 1, or to 0 when nothing was measured. */
    public float share(int feature) {
        return shares[feature];
    }

    /** All shares, in the order of the features: this verdict's own array, read until the next step. */
    public float[] shares() {
        return shares;
    }

    public Teaching teaching() {
        return teaching;
    }

    public boolean mayTeach() {
        return teaching == Teaching.ALLOWED;
    }
}
