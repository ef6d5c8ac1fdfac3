package io.tidemark.judge.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class ScoreLevelTest {
    private static final int OLD = 1_000_000;

    @Test
    void aLevelAndItsScoreBelongTogetherUpToOnceInTenThousand() {
        for (double level = 0; level <= 4; level += 0.125) {
            assertThat(ScoreLevel.of(ScoreLevel.scoreOf(level), OLD)).isCloseTo(level, within(1e-9));
        }
    }

    @Test
    void rarerStepsHaveHigherScoresBelowOne() {
        double before = 0;
        for (double level = 0.25; level <= 20; level += 0.25) {
            double score = ScoreLevel.scoreOf(level);
            assertThat(score).isGreaterThan(before).isLessThan(1);
            before = score;
        }
    }
}
