package io.tidemark.judge.outcome;

import io.tidemark.config.Deviations;
import io.tidemark.config.StreamSpec;
import io.tidemark.judge.evidence.Reason;
import io.tidemark.series.sample.Step;

/**
 * Which steps deviate enough, and in the right direction, to count for an alert. Immutable.
 *
 * <ol>
 *   <li>Where no feature says anything of its own, one of the features that stand out most must deviate as the stream declares.
 *   <li>Else the feature that the evidence names decides, by its own rule or the stream's; its deviation is the difference that the evidence
 *       gives, or the one from the expected value where it gives none. A value that stands still deviates from nothing, and counts.
 *   <li>Where the evidence names no feature, or alerts open at a threshold of the score, one of the features with the largest shares must
 *       deviate as declared: those with at least half of the largest, so that a rule of the strongest is not undone by the noise of another.
 *   <li>A feature for which nothing is declared counts, however little it deviates.
 * </ol>
 */
final class DeviationRules {
    private static final float NEARLY_AS_STRONG = 0.5F;

    private final boolean ofFeatures;
    private final StreamSpec.Direction[] directions;
    /** The smallest deviation that counts: in scale units, in the feature's unit, and as a share of the expected value; 0: any. */
    private final double[] scaled;

    private final double[] absolute;
    private final double[] relative;

    /** @param features places of the names that the declaration uses */
    DeviationRules(Deviations declared, FeatureNames features) {
        int count = features.size();
        ofFeatures = !declared.features().isEmpty();
        directions = new StreamSpec.Direction[count];
        scaled = new double[count];
        absolute = new double[count];
        relative = new double[count];
        for (int i = 0; i < count; i++) {
            Deviations.Own own = declared.features().get(features.name(i));
            directions[i] = own == null ? declared.direction() : own.direction().orElse(declared.direction());
            scaled[i] = own != null && own.hasMinimum() ? 0 : declared.minimum();
            absolute[i] = own == null ? 0 : own.absolute();
            relative[i] = own == null ? 0 : own.relative();
        }
    }

    /** Whether every step counts. */
    static boolean isNone(Deviations declared) {
        return declared.equals(Deviations.ALL);
    }

    /**
     * Whether a step counts.
     *
     * @param reason what the alert would open by
     * @param top receives the places of the features that stand out most
     */
    boolean counts(Reason reason, boolean opensByEvidence, Step step, Score score, int[] top) {
        if (ofFeatures && opensByEvidence && reason.feature() != Reason.NO_FEATURE) return counts(reason, step, score);
        float[] shares = score.shares();
        int count = TopFeatures.largest(shares, step.features(), top);
        for (int i = 0; i < count; i++) {
            int feature = top[i];
            if (ofFeatures && shares[feature] < NEARLY_AS_STRONG * shares[top[0]]) return false;
            if (fromExpected(feature, step, score)) return true;
        }
        return false;
    }

    private boolean counts(Reason reason, Step step, Score score) {
        int feature = reason.feature();
        if (reason.isStandstill()) return true;
        if (!reason.isDifference()) return fromExpected(feature, step, score);
        double expected = step.values()[feature] - reason.amount();
        return counts(
                feature,
                reason.amount(),
                Double.isNaN(expected) ? score.expected()[feature] : expected,
                step.scale()[feature]);
    }

    private boolean fromExpected(int feature, Step step, Score score) {
        double expected = score.expected()[feature];
        return counts(feature, step.values()[feature] - expected, expected, step.scale()[feature]);
    }

    private boolean counts(int feature, double deviation, double expected, double scale) {
        double inDirection = switch (directions[feature]) {
            case ABOVE -> deviation;
            case BELOW -> -deviation;
            case BOTH -> Math.abs(deviation);
        };
        boolean free = directions[feature] == StreamSpec.Direction.BOTH
                && scaled[feature] == 0
                && absolute[feature] == 0
                && relative[feature] == 0;
        return free
                || inDirection / scale > 0
                        && inDirection / scale >= scaled[feature]
                        && inDirection >= absolute[feature]
                        && inDirection >= relative[feature] * Math.abs(expected);
    }
}
