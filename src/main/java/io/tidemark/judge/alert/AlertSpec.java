package io.tidemark.judge.alert;

/**
 * When an alert opens, resolves and gives in.
 *
 * @param opensOn which score opens an alert
 * @param openAt an alert opens when that score is at least this; in (0, 1]
 * @param forSteps steps in a row for which it must be; in [1, 10000], and 1 with {@link OpensOn#ALERT_SCORE}, which is high for single steps only
 * @param resolveBelow an alert resolves when the continuous score stays below this; in [0, openAt]
 * @param resolveSteps steps in a row for which it must stay below; in [1, 100000]
 * @param adaptAfterSteps an alert open for so many steps without interruption teaches, so that a lasting shift is learnt; in [1, 10000000]
 */
public record AlertSpec(
        OpensOn opensOn, double openAt, int forSteps, double resolveBelow, int resolveSteps, int adaptAfterSteps) {

    /** The score that opens an alert. */
    public enum OpensOn {
        /** The score under the alert policy (records only, habituating): one alert for each isolated incident. */
        ALERT_SCORE,
        /** The continuous score: for incidents that build up. */
        SCORE,
        /** The return level as a share of the budget's: an alert opens at 1. */
        BUDGET
    }

    /** Share of the budget's return level below which an alert resolves: on a scale of logarithms, the root of the rarity. */
    public static final double RESOLVE_SHARE = 0.5;

    /** The defaults of a threshold. */
    public static final AlertSpec DEFAULT = new AlertSpec(OpensOn.ALERT_SCORE, 0.7, 1, 0.35, 5, 500);

    public AlertSpec {
        if (!(openAt > 0 && openAt <= 1)) {
            throw new IllegalArgumentException("alert.open-at must be in (0, 1], but was " + openAt);
        }
        if (forSteps < 1 || forSteps > 10_000) {
            throw new IllegalArgumentException("alert.for-steps must be in [1, 10000], but was " + forSteps);
        }
        if (opensOn == OpensOn.ALERT_SCORE && forSteps != 1) {
            throw new IllegalArgumentException("alert.for-steps must be 1 while alert.opens-on is alert-score, but was "
                    + forSteps + "; set alert.opens-on to score, which stays high during an incident");
        }
        if (!(resolveBelow >= 0 && resolveBelow <= openAt)) {
            throw new IllegalArgumentException(
                    "alert.resolve-below must be in [0, " + openAt + "] (alert.open-at), but was " + resolveBelow);
        }
        if (resolveSteps < 1 || resolveSteps > 100_000) {
            throw new IllegalArgumentException("alert.resolve-steps must be in [1, 100000], but was " + resolveSteps);
        }
        if (adaptAfterSteps < 1 || adaptAfterSteps > 10_000_000) {
            throw new IllegalArgumentException(
                    "alert.adapt-after must be in [1, 10000000] steps, but was " + adaptAfterSteps);
        }
    }
}
