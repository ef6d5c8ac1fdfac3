package io.tidemark.judge.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SeriesCalibrationTest {
    private static final CalibrationSpec SPEC = CalibrationSpec.DEFAULT;

    @Test
    void saysWarmingUpUntilEnoughSamplesWereSeen() {
        CalibratedSeries series = new CalibratedSeries(SPEC, 1);
        for (int step = 1; step <= SPEC.samplesNeeded(); step++) {
            assertThat(series.judge(step, 10 + Math.sin(step)).isWarmingUp()).isTrue();
            assertThat(series.verdict.samplesSeen()).isEqualTo(step);
        }
        assertThat(series.judge(31, 10).isWarmingUp()).isFalse();
        assertThat(series.verdict.score()).isBetween(0.0, 1.0);
    }

    @Test
    void aValueNeverSeenIsStrangeAndOnlyTheFirstTime() {
        CalibratedSeries series = noisy(new CalibratedSeries(SPEC, 1), 1000);
        Verdict first = series.judge(1000, 60);
        assertThat(first.score()).isGreaterThan(0.8);
        assertThat(first.alertScore()).isGreaterThan(0.7);
        assertThat(first.tailProbability()).isLessThan(1e-3);
        assertThat(first.mayTeach()).isFalse();
        double alertScore = first.alertScore();
        noisy(series, 1001, 500);
        assertThat(series.judge(1501, 60).alertScore()).isLessThan(alertScore - 0.1);
    }

    @Test
    void whatComesWhileAnAlertIsOpenIsNotLearnt() {
        CalibratedSeries series = noisy(new CalibratedSeries(SPEC, 1), 1000);
        for (int step = 1000; step < 1100; step++) {
            series.alertOpen = true;
            assertThat(series.judge(step, 60).score()).isGreaterThan(0.6);
            assertThat(series.verdict.teaching()).isEqualTo(Verdict.Teaching.ALERT_OPEN);
        }
        series.alertOpen = false;
        for (int step = 1100; step < 1140; step++) {
            series.judge(step, 60);
        }
        assertThat(series.judge(1140, 60).score()).isLessThan(0.5);
    }

    @Test
    void whatIsHardlyStrangeForTheScoreIsLearntWhileTheEvidenceHasAnAlertOpenAndWhatIsStrangeIsNot() {
        double hardly = 10.95;
        assertThat(scoreAfterAnAlert(hardly, false)).isLessThan(scoreAfterAnAlert(hardly, true) / 2);
        double very = 60;
        assertThat(scoreAfterAnAlert(very, false)).isGreaterThan(0.6).isEqualTo(scoreAfterAnAlert(very, true));
    }

    @Test
    void howOftenAScoreIsSoHighIsCountedThroughTheAlertsOfTheEvidence() {
        assertThat(afterAnAlert(60, false).tailProbability()).isBetween(0.02, 0.5);
        assertThat(afterAnAlert(60, true).tailProbability()).isLessThan(0.002);
    }

    private static double scoreAfterAnAlert(double value, boolean scoreAlerts) {
        return afterAnAlert(value, scoreAlerts).score();
    }

    /** The verdict on the last of a hundred equal values that came while an alert was open. */
    private static Verdict afterAnAlert(double value, boolean scoreAlerts) {
        CalibratedSeries series = noisy(new CalibratedSeries(SPEC, 1), 1000);
        series.scoreAlerts = scoreAlerts;
        series.alertOpen = true;
        SplittableRandom random = new SplittableRandom(5);
        for (int step = 1000; step < 1100; step++) {
            series.judge(step, value + 0.1 * random.nextDouble());
            assertThat(series.verdict.teaching()).isEqualTo(Verdict.Teaching.ALERT_OPEN);
        }
        return series.verdict;
    }

    @Test
    void theFeatureThatDeviatesHasTheLargestShare() {
        CalibratedSeries series = new CalibratedSeries(SPEC, 3);
        SplittableRandom random = new SplittableRandom(1);
        for (int step = 0; step < 500; step++) {
            series.judge(step, random.nextDouble(), random.nextDouble(), random.nextDouble());
        }
        Verdict verdict = series.judge(500, 0.5, 30, 0.5);
        assertThat(verdict.share(1)).isGreaterThan(0.8f);
        assertThat(verdict.share(0) + verdict.share(1) + verdict.share(2)).isBetween(0.999f, 1.001f);
    }

    /** The score after so many features, of four noisy ones, have repeated themselves nine times. */
    private static double frozen(int features) {
        CalibratedSeries series = new CalibratedSeries(SPEC, 4);
        SplittableRandom random = new SplittableRandom(1);
        double[] values = new double[4];
        for (int step = 0; step < 1_009; step++) {
            for (int f = step < 1_000 ? 0 : features; f < 4; f++) values[f] = 10 + random.nextGaussian();
            series.judge(step, values);
        }
        return series.verdict.score();
    }

    @Test
    void aFeedThatFreezesIsStrangerThanASensorThatDoes() {
        assertThat(frozen(0)).isLessThan(0.3);
        assertThat(frozen(1)).isGreaterThan(0.5);
        assertThat(frozen(4)).isGreaterThan(frozen(1) + 0.15);
    }

    /** The mean deviation of twenty features, of which ten are ten times as wild, hardly hears three quiet ones. */
    @Test
    void threeFeaturesFarFromWhatEachUsuallyIsAreStrangeBesideLoudOnes() {
        CalibratedSeries series = new CalibratedSeries(SPEC, 20);
        SplittableRandom random = new SplittableRandom(5);
        double[] values = new double[20];
        double highest = 0;
        for (int step = 0; step < 4_030; step++) {
            boolean fault = step >= 4_000;
            for (int f = 0; f < 20; f++) {
                double sigma = f < 10 ? 1 : 0.1;
                values[f] = 10 + sigma * (random.nextGaussian() + (fault && f >= 17 ? 8 : 0));
            }
            double score = series.judge(step, values).score();
            if (step >= 3_000 && !fault) highest = Math.max(highest, score);
        }
        assertThat(series.verdict.score()).isGreaterThan(0.6).isGreaterThan(highest);
    }

    @Test
    void missingFilledAndInfiniteValuesAreNotLearntAndDoNotTeach() {
        CalibratedSeries series = noisy(new CalibratedSeries(SPEC, 1), 200);
        for (double missing : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            Verdict verdict = series.judge(200, missing);
            assertThat(verdict.score()).isLessThan(0.1);
            assertThat(verdict.tailProbability()).isEqualTo(1);
            assertThat(verdict.teaching()).isEqualTo(Verdict.Teaching.FILLED);
        }
    }

    @Test
    void oneAbsurdValueDoesNotBlindASeries() {
        CalibratedSeries series = noisy(new CalibratedSeries(SPEC, 1), 1000);
        series.judge(1000, 1e308);
        noisy(series, 1001, 500);
        assertThat(series.judge(1501, 60).score()).isGreaterThan(0.6);
    }

    @Test
    void aNewModelVersionDoesNotShakeTheScores() {
        CalibratedSeries series = new CalibratedSeries(SPEC, 8);
        SplittableRandom random = new SplittableRandom(7);
        double[] scores = new double[2];
        double highest = 0;
        for (int step = 0; step < 6_000; step++) {
            series.version = step < 5_000 ? 1 : 2;
            double size = step < 5_000 ? 1 : 3;
            series.judgeError(step, (float) (size * (1 + random.nextDouble())), 10, 10, 10, 10, 10, 10, 10, 10);
            if (step >= 4_000) {
                scores[step < 5_000 ? 0 : 1] += series.verdict.score() / 1_000;
                highest = Math.max(highest, series.verdict.alertScore());
            }
        }
        assertThat(scores[1]).isBetween(scores[0] - 0.05, scores[0] + 0.05);
        assertThat(highest).isLessThan(0.6);
    }

    @Test
    void aNetworkThatHasToWaitForItsWindowJoinsLater() {
        CalibratedSeries series = noisy(new CalibratedSeries(SPEC, 1), 300);
        SplittableRandom random = new SplittableRandom(8);
        for (int step = 300; step < 600; step++) {
            series.judgeError(step, (float) random.nextDouble(), 10.5);
        }
        assertThat(series.judgeError(600, 50, 10.5).score()).isGreaterThan(0.4);
    }

    @Test
    void aSeriesRestoredFromItsDrainedSlotsGoesOnBitForBit() {
        for (int features : new int[] {1, 3, 8, 38}) {
            CalibratedSeries live = new CalibratedSeries(SPEC, features);
            Map<Integer, byte[]> store = new HashMap<>();
            SplittableRandom random = new SplittableRandom(features);
            for (int step = 0; step < 1500; step++) {
                live.randomStep(step, random);
                if (random.nextInt(3) > 0) {
                    continue;
                }
                live.calibration.drain((slot, bytes) -> store.put(slot, bytes));
                if (random.nextInt(30) == 0) {
                    CalibratedSeries restored = new CalibratedSeries(SPEC, features);
                    restored.calibration.restore(store::get);
                    restored.goesOnLike(live, step, step);
                    live = new CalibratedSeries(SPEC, features);
                    live.calibration.restore(store::get);
                }
            }
            assertThat(store.values().stream().mapToInt(slot -> slot.length).sum())
                    .isLessThanOrEqualTo(SeriesCalibration.stateBytes(SPEC, features));
        }
    }

    @Test
    void refusesTheStateOfAnotherLayout() {
        CalibratedSeries series = noisy(new CalibratedSeries(SPEC, 1), 100);
        Map<Integer, byte[]> store = new HashMap<>();
        series.calibration.drain((slot, bytes) -> store.put(slot, bytes));
        SeriesCalibration other = new SeriesCalibration(SPEC.withStateBytes(32_768), 1);
        assertThatThrownBy(() -> other.restore(store::get)).hasMessageContaining("another layout");
    }

    @Test
    void aResetSeriesWarmsUpAgainAlsoAfterARestore() {
        CalibratedSeries series = noisy(new CalibratedSeries(SPEC, 1), 100);
        Map<Integer, byte[]> store = new HashMap<>();
        series.calibration.drain((slot, bytes) -> store.put(slot, bytes));
        noisy(series, 100, 5);
        series.calibration.drain((slot, bytes) -> store.put(slot, bytes));
        series.calibration.reset();
        series.calibration.drain((slot, bytes) -> store.put(slot, bytes));
        CalibratedSeries restored = new CalibratedSeries(SPEC, 1);
        restored.calibration.restore(store::get);
        assertThat(series.judge(105, 10).samplesSeen()).isEqualTo(1);
        assertThat(restored.judge(105, 10).samplesSeen()).isEqualTo(1);
    }

    @Test
    void anOrdinaryStepStoresOneShortSlot() {
        CalibratedSeries series = noisy(new CalibratedSeries(SPEC, 1), 3_000);
        series.calibration.drain((slot, bytes) -> {});
        int[] stored = new int[2];
        SplittableRandom random = new SplittableRandom(5);
        for (int step = 3_000; step < 4_000; step++) {
            series.judge(step, 10 + random.nextDouble());
            stored[1] += series.calibration.drain((slot, bytes) -> stored[0]++);
        }
        assertThat(stored[0]).as("slots for a thousand steps").isLessThan(1_500);
        assertThat(stored[1]).as("bytes for a thousand steps").isLessThan(250_000);
    }

    private static CalibratedSeries noisy(CalibratedSeries series, int steps) {
        return noisy(series, 0, steps);
    }

    private static CalibratedSeries noisy(CalibratedSeries series, int from, int steps) {
        SplittableRandom random = new SplittableRandom(from);
        for (int step = from; step < from + steps; step++) {
            series.judge(step, 10 + random.nextDouble());
        }
        return series;
    }
}
