package io.tidemark.judge.evidence;

import java.util.function.ToDoubleFunction;

/** What is particular to a series of many features: one of them is always strange, and many that are somewhat strange at once are an incident. */
final class WideSeries {
    /** Features up to which a series is narrow: each is held against all others, and each tells of its first change. */
    private static final int NARROW_MAX = 8;

    /** Surprise from which on, and up to which, a feature counts to those that are strange together. */
    private static final double SEVERAL_FROM = 1;

    private static final double SEVERAL_MAX = 4;
    /** Surprise of one signal of a feature from which on, and up to which, it counts to what the score hears of all features. */
    private static final double BEYOND_FROM = 2;

    private static final double BEYOND_MAX = 6;
    /** Surprise of the score from which on, and up to which, it adds to the severity, and how much. */
    private static final double BREADTH_FROM = 1;

    private static final double BREADTH_MAX = 3;
    private static final double BREADTH_WEIGHT = 1.5;
    /** How much rarer than the step before a step may be, and how much it counts less at most if it is rarer still. */
    private static final double ALONE_ABOVE = 1;

    private static final double ALONE_LESS = 2;

    private WideSeries() {}

    /** Whether a series of so many features is wide. */
    static boolean is(int features) {
        return features > NARROW_MAX;
    }

    /** How far the features together exceed what each shows every tenth row. */
    static double several(FeatureEvidence[] features) {
        return together(features, FeatureEvidence::most, SEVERAL_FROM, SEVERAL_MAX);
    }

    /** How far the values of the features together lie beyond what each shows every hundredth row. */
    static double valuesBeyond(FeatureEvidence[] features) {
        return together(features, FeatureEvidence::surpriseOfValue, BEYOND_FROM, BEYOND_MAX);
    }

    /** The same of the one-step errors of their forecasts. */
    static double errorsBeyond(FeatureEvidence[] features) {
        return together(features, FeatureEvidence::surpriseOfError, BEYOND_FROM, BEYOND_MAX);
    }

    private static double together(
            FeatureEvidence[] features, ToDoubleFunction<FeatureEvidence> surprise, double from, double most) {
        double sum = 0;
        for (FeatureEvidence feature : features) {
            sum += Math.max(0, Math.min(surprise.applyAsDouble(feature), most) - from);
        }
        return sum;
    }

    /** What the score adds to the severity: it hears all features, while a kind hears the strangest alone. */
    static double breadth(double scoreSurprise) {
        return BREADTH_WEIGHT * Math.max(0, Math.min(BREADTH_MAX, scoreSurprise) - BREADTH_FROM);
    }

    /**
     * The return level of a step after one of another: with so many features some value often jumps for a single step, so that a step counts less,
     * unless the step before was about as rare, or it is rare beyond that.
     */
    static double confirmed(double level, double before) {
        return Math.min(level, Math.max(before + ALONE_ABOVE, level - ALONE_LESS));
    }
}
