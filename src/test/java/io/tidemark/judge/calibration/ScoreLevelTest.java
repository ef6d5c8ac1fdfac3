package io.tidemark.judge.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.judge.evidence.EvidenceKind;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScoreLevelTest {
    private static final int OLD = 100_000;

    @Test
    void aScoreHasTheLevelThatItHadOnQuietRows() {
        assertThat(ScoreLevel.of(0, OLD)).isZero();
        assertThat(ScoreLevel.of(0.5, OLD)).isCloseTo(3, within(1e-9));
        assertThat(ScoreLevel.of(0.8, OLD)).isCloseTo(4, within(1e-9));
        assertThat(ScoreLevel.of(1, OLD)).isLessThan(5);
    }

    @Test
    void aHigherScoreAndAnOlderSeriesHaveAHigherLevel() {
        for (int i = 0; i < 100; i++) {
            assertThat(ScoreLevel.of((i + 1) / 100.0, OLD)).isGreaterThan(ScoreLevel.of(i / 100.0, OLD));
            assertThat(ScoreLevel.of(0.9, 100 * i)).isLessThan(ScoreLevel.of(0.9, 100 * i + 100));
        }
    }

    @Test
    void theScoreDecidesWhereItIsRarerThanTheEvidence() {
        CalibratedSeries series = new CalibratedSeries(CalibrationSpec.DEFAULT, 1);
        SplittableRandom random = new SplittableRandom(7);
        int byScore = 0;
        for (int step = 0; step < 4_000; step++) {
            boolean burst = step >= 3_900;
            double value = 10 + random.nextDouble();
            Verdict verdict = series.judgeError(step, burst ? 40 : (float) (1 + random.nextDouble()), value);
            if (!burst) continue;
            double level = ScoreLevel.of(verdict.score(), step);
            assertThat(verdict.returnLevel()).isGreaterThanOrEqualTo(level - 0.01);
            byScore += verdict.reason().kind() == EvidenceKind.NOVELTY ? 1 : 0;
        }
        assertThat(byScore).as("steps at which the score is the rarer").isPositive();
    }
}
