package io.tidemark.judge.calibration;

/**
 * The return level of a score: how many steps lie between two episodes of so high a score, as log10. Unlike the evidence's it is not measured in
 * each series, but once, on the quiet rows of the pager set (DETECTION.md): a score of 0.5 came every 1,000 steps, of 0.8 every 10,000. Above
 * 4.7, or 4.6 in a narrow series, it cannot speak, so that the evidence alone decides on budgets below 1 / 40000 steps.
 */
public final class ScoreLevel {
    /** What the evidence gives up where the score decides beside it: two judges of whom each has half of the budget. */
    static final double SHARE = Math.log10(2);

    /** What either judge of a narrow series gives up because its past promises more than the future keeps: normal behaviour changes. */
    static final double PROMISE = 0.1;

    private static final double SCORE_OF_THOUSAND = 0.5;
    private static final double LEVEL_OF_THOUSAND = 3;
    private static final double SCORE_OF_TEN_THOUSAND = 0.8;
    private static final double LEVEL_BY_SCORE = 1 / (SCORE_OF_TEN_THOUSAND - SCORE_OF_THOUSAND);
    private static final double LEVEL_OF_TEN_THOUSAND = 4;
    /** Above it scores near 1 as fast as they rise below. */
    private static final double NEARS_ONE = 1 / LEVEL_BY_SCORE / (1 - SCORE_OF_TEN_THOUSAND);

    /** A young series has high scores more often. */
    private static final double YOUNG_LEVEL = 1;

    private static final double YOUNG_STEPS = 1000;

    private ScoreLevel() {}

    /**
     * The level of a score.
     *
     * @param score in [0, 1]
     * @param steps that the series has had
     * @return at least 0
     */
    static double of(double score, int steps) {
        double level = score < SCORE_OF_THOUSAND
                ? LEVEL_OF_THOUSAND * score / SCORE_OF_THOUSAND
                : LEVEL_OF_THOUSAND + LEVEL_BY_SCORE * (score - SCORE_OF_THOUSAND);
        return Math.max(0, level - YOUNG_LEVEL * Math.exp(-steps / YOUNG_STEPS));
    }

    /**
     * The score that belongs to a level.
     *
     * @param level at least 0
     * @return in [0, 1), greater for greater levels
     */
    public static double scoreOf(double level) {
        if (level < LEVEL_OF_THOUSAND) return SCORE_OF_THOUSAND * level / LEVEL_OF_THOUSAND;
        if (level < LEVEL_OF_TEN_THOUSAND) return SCORE_OF_THOUSAND + (level - LEVEL_OF_THOUSAND) / LEVEL_BY_SCORE;
        double beyond = level - LEVEL_OF_TEN_THOUSAND;
        return 1 - (1 - SCORE_OF_TEN_THOUSAND) * Math.exp(-NEARS_ONE * beyond);
    }
}
