package io.tidemark.judge.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.slots.SlotMemory;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesEvidenceTest {
    /** The level of the default budget, one alert in ten thousand steps. */
    private static final double BUDGET = 4;

    private static final int ADAPT_AFTER = 500;

    /** A series with an alert that opens at the budget, resolves below half of it for twenty steps, and teaches after a while. */
    private static final class Watched {
        final SlotMemory memory;
        final SeriesEvidence evidence;
        final double[] values;
        double scoreSurprise;
        double network = Double.NaN;
        boolean open;
        int openings;
        private int below;
        private int stepsOpen;

        private final long stepMs;

        Watched(int features) {
            this(features, EvidenceSpec.DEFAULT, 60_000);
        }

        Watched(int features, EvidenceSpec spec, long stepMs) {
            memory = new SlotMemory(SeriesEvidence.bytes(features) / SlotMemory.SLOT_BYTES + 1);
            evidence = new SeriesEvidence(memory, spec, features);
            values = new double[features];
            this.stepMs = stepMs;
        }

        double step(int step, double... row) {
            evidence.take(stepMs * step, row);
            evidence.judge(network, Double.NaN, scoreSurprise);
            double level = evidence.returnLevel();
            evidence.learn(open && stepsOpen < ADAPT_AFTER, false);
            if (open) {
                stepsOpen++;
                below = level < BUDGET / 2 ? below + 1 : 0;
                open = below < 20;
            } else if (level >= BUDGET) {
                open = true;
                openings++;
                below = 0;
                stepsOpen = 0;
            }
            return level;
        }
    }

    @Test
    void aHighScoreMakesAStepOfAWideSeriesMoreSevereAndOneOfANarrowSeriesNot() {
        assertThat(levelBesideScore(9, 3)).isGreaterThan(levelBesideScore(9, 0) + 1);
        assertThat(levelBesideScore(9, 30)).isEqualTo(levelBesideScore(9, 3));
        assertThat(levelBesideScore(8, 3)).isEqualTo(levelBesideScore(8, 0));
    }

    private static double levelBesideScore(int features, double surprise) {
        return levelOfFiveSigma(features, series -> {}, series -> series.scoreSurprise = surprise);
    }

    @Test
    void networksAreEvidenceInANarrowSeriesAndInAWideOneHeardThroughTheScoreAlone() {
        assertThat(levelBesideNetwork(8, 6)).isGreaterThan(levelBesideNetwork(8, 0));
        assertThat(levelBesideNetwork(9, 6)).isEqualTo(levelBesideNetwork(9, 0)).isPositive();
    }

    private static double levelBesideNetwork(int features, double surprise) {
        Random errors = new Random(12);
        return levelOfFiveSigma(
                features,
                series -> series.network = -Math.log10(1 - errors.nextDouble()),
                series -> series.network = surprise);
    }

    /** The return level of a step whose first feature is five sigma off, after three thousand of noise. */
    private static double levelOfFiveSigma(int features, Consumer<Watched> beforeEach, Consumer<Watched> beforeLast) {
        Watched series = new Watched(features);
        Random noise = new Random(11);
        double[] row = new double[features];
        for (int step = 0; step < 3_000; step++) {
            for (int i = 0; i < features; i++) row[i] = noise.nextGaussian();
            beforeEach.accept(series);
            series.step(step, row);
        }
        for (int i = 0; i < features; i++) row[i] = noise.nextGaussian();
        row[0] = 5;
        beforeLast.accept(series);
        return series.step(3_000, row);
    }

    @Test
    void aSingleStepOfAWideSeriesCountsLessUntilTheNextConfirmsItAndOneOfANarrowSeriesAtOnce() {
        double[] narrow = levelsOfAJump(8);
        double[] wide = levelsOfAJump(9);
        assertThat(narrow[0]).as("first step of eight features").isGreaterThan(BUDGET);
        assertThat(wide[0]).as("first step of nine features").isPositive().isLessThan(BUDGET);
        assertThat(wide[1]).as("second step of nine features").isGreaterThan(BUDGET);
    }

    /** The return levels of two steps in a row whose first feature is six sigma off. */
    private static double[] levelsOfAJump(int features) {
        Watched series = new Watched(features);
        Random noise = new Random(11);
        double[] row = new double[features];
        double[] levels = new double[2];
        for (int step = 0; step < 8_002; step++) {
            for (int i = 0; i < features; i++) row[i] = noise.nextGaussian();
            if (step >= 8_000) row[0] = 6;
            double level = series.step(step, row);
            if (step >= 8_000) levels[step - 8_000] = level;
        }
        return levels;
    }

    @Test
    void anIncidentThatRecursOpensAnAlertEachTime() {
        Watched series = new Watched(1);
        Random noise = new Random(7);
        int found = 0;
        int opened = 0;
        for (int step = 0; step < 5_000 * 41; step++) {
            boolean incident = step >= 5_000 && step % 5_000 < 20;
            int before = series.openings;
            series.step(step, noise.nextGaussian() + (incident ? 8 : 0));
            if (series.openings > before) opened = step;
            // chance opens an alert once in ten thousand steps, and may have done so just before
            if (step >= 5_000 && step % 5_000 == 19) found += series.open && step - opened < 60 ? 1 : 0;
        }
        assertThat(found).isEqualTo(40);
        assertThat(series.openings).as("alerts in 200,000 steps").isLessThan(40 + 20);
    }

    @Test
    void theFirstChangeOfAConstantIsAnAlert() {
        for (double constant : new double[] {0, 5, -1e-9, 1e12}) {
            Watched series = new Watched(1);
            for (int step = 0; step < 300; step++) {
                assertThat(series.step(step, constant)).isZero();
            }
            assertThat(series.step(300, constant + Math.max(1e-12, Math.abs(constant) * 0.1)))
                    .as("return level of the first change of %s", constant)
                    .isGreaterThan(BUDGET);
        }
    }

    @Test
    void theFirstChangeOfOneConstantAmongOtherFeaturesIsAnAlert() {
        Watched series = new Watched(3);
        Random noise = new Random(3);
        for (int step = 0; step < 1_000; step++) {
            series.step(step, noise.nextGaussian(), 7, noise.nextGaussian());
        }
        int before = series.openings;
        series.step(1_000, noise.nextGaussian(), 9, noise.nextGaussian());
        assertThat(series.openings).isEqualTo(before + 1);
    }

    @Test
    void aFeatureThatIsAwayForLongComesBackOrAppearsLateIsNoAlert() {
        for (int seed = 0; seed < 3; seed++) {
            Watched away = new Watched(3);
            Watched late = new Watched(3);
            Random noise = new Random(seed);
            for (int step = 0; step < 3_000; step++) {
                double day = 10 * Math.sin(step * Math.PI / 72);
                double flow = 50 + day + noise.nextGaussian();
                double pressure = 5 + 0.1 * day + 0.1 * noise.nextGaussian();
                double level = 2 + 0.02 * day + 0.02 * noise.nextGaussian();
                away.step(step, flow, step >= 1_500 && step < 2_100 ? Double.NaN : pressure, level);
                late.step(step, flow, pressure, step < 2_000 ? Double.NaN : level);
            }
            assertThat(away.openings)
                    .as("alerts of a feature that was away, seed %d", seed)
                    .isZero();
            assertThat(late.openings)
                    .as("alerts of a feature that came late, seed %d", seed)
                    .isZero();
            assertThat(away.step(3_000, 50, 5, 4))
                    .as("a fault after it came back")
                    .isGreaterThan(BUDGET);
        }
    }

    @Test
    void whatComesAtTheSameTimeOfTheDayIsExpectedFromTheThirdDayOn() {
        assertThat(daysAlertedOfTen(1_440, 60)).isEqualTo(2);
        assertThat(daysAlertedOfTen(1_440, 7, 7, 7, 7, 30))
                .as("far more severe from the fifth day on")
                .isGreaterThan(2);
    }

    @Test
    void theHoursOfWorkOfAYoungSeriesAreNormalFromTheFifthDayOn() {
        for (int seed = 0; seed < 3; seed++) {
            Watched series = new Watched(1);
            Random noise = new Random(seed);
            int later = 0;
            for (int step = 0; step < 288 * 14; step++) {
                boolean work = step % 288 >= 108 && step % 288 < 216;
                int before = series.openings;
                series.step(5 * step, (work ? 80 : 20) + 2 * noise.nextGaussian());
                later += step >= 4 * 288 ? series.openings - before : 0;
            }
            assertThat(later).as("alerts from the fifth day on, seed %d", seed).isZero();
        }
    }

    @Test
    void whatRepeatsAtAnotherPaceIsNoCalendar() {
        assertThat(daysAlertedOfTen(1_300, 60)).isEqualTo(10);
    }

    /** In how many of ten periods a spike, three steps long, opens an alert; its height is the last given one from there on. */
    private static int daysAlertedOfTen(int period, double... heights) {
        Watched series = new Watched(1);
        Random noise = new Random(13);
        int alerted = 0;
        for (int step = 0; step < period * 12; step++) {
            int day = step / period - 2;
            boolean spike = day >= 0 && step % period >= 700 && step % period < 703;
            int before = series.openings;
            series.step(step, noise.nextGaussian() + (spike ? heights[Math.min(day, heights.length - 1)] : 0));
            alerted += spike && series.openings > before ? 1 : 0;
        }
        return alerted;
    }

    @Test
    void aSpikeAndAFlatlineAreKindsOfTheirOwn() {
        assertThat(kindOfWorst(step -> step == 4_000 ? 9 : Double.NaN)).isIn(EvidenceKind.POINT, EvidenceKind.RANGE);
        assertThat(kindOfWorst(step -> step >= 4_000 && step < 4_030 ? 0 : Double.NaN))
                .isEqualTo(EvidenceKind.STILLNESS);
    }

    /** The strongest kind at the highest return level from step 4,000 on, with values in place of noise where they are not NaN. */
    private static EvidenceKind kindOfWorst(IntToDoubleFunction fault) {
        Watched series = new Watched(1);
        Random random = new Random(11);
        EvidenceKind kind = EvidenceKind.NOVELTY;
        double highest = 0;
        for (int step = 0; step < 4_040; step++) {
            double noise = random.nextGaussian();
            double value = fault.applyAsDouble(step);
            double level = series.step(step, Double.isNaN(value) ? noise : value);
            if (step >= 4_000 && level > highest) {
                highest = level;
                kind = series.evidence.reason().kind();
            }
        }
        assertThat(highest).isGreaterThan(BUDGET);
        return kind;
    }

    @Test
    void valuesThatNeverRepeatAndThenStandStillAreAnAlertWithinThreeRepeatsBesideAFeatureThatIdlesAtZero() {
        Watched series = new Watched(2);
        Random noise = new Random(11);
        double[] row = new double[2];
        int first = 10_000;
        for (int step = 0; step < first; step++) {
            // the second feature is zero for some rows of each trough
            row[0] = noise.nextGaussian();
            row[1] = Math.max(0, 3 + 3 * Math.sin(2 * Math.PI * step / 720) + noise.nextGaussian());
            series.step(step, row);
        }
        double highest = 0;
        for (int repeat = 1; repeat <= 3; repeat++) {
            highest = Math.max(highest, series.step(first + repeat, row));
        }
        assertThat(highest).isGreaterThan(2 * BUDGET);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.003, 0.01, 0.02})
    void aRunOfRoundedValuesIsHeldAgainstTheRunsBeforeItNotAgainstItself(double unit) {
        Watched series = new Watched(2);
        Random noise = new Random(11);
        double[] row = new double[2];
        int first = 10_000;
        for (int step = 0; step < first; step++) {
            // two in a row are equal once in some hundred or thousand rows; the second feature is zero for some rows of
            // each trough
            row[0] = unit * Math.rint(noise.nextGaussian() / unit);
            row[1] = unit
                    * Math.rint(Math.max(0, 3 + 3 * Math.sin(2 * Math.PI * step / 720) + noise.nextGaussian()) / unit);
            series.step(step, row);
        }
        double level = 0;
        for (int repeat = 1; repeat <= 8; repeat++) {
            level = series.step(first + repeat, row);
        }
        assertThat(level).isGreaterThan(BUDGET);
    }

    @Test
    void noiseOpensNoMoreThanTwiceTheBudget() {
        int openings = 0;
        int steps = 0;
        for (int seed = 0; seed < 12; seed++) {
            Watched series = new Watched(1);
            Random random = new Random(seed);
            double last = 0;
            for (int step = 0; step < 20_000; step++, steps++) {
                double noise = random.nextGaussian();
                last = 0.9 * last + noise;
                double value =
                        seed % 3 == 0 ? noise : seed % 3 == 1 ? last : noise + 3 * Math.sin(step * Math.PI / 720);
                series.step(step, value);
            }
            openings += series.openings;
        }
        assertThat(1e4 * openings / steps).isLessThan(2);
    }

    @Test
    void aValueThatComesBackToRestIsNotStrangeForWhatItsForecastHasYetToForget() {
        double highest = 0;
        for (int seed = 0; seed < 6; seed++) {
            Watched series = new Watched(1);
            Random random = new Random(seed);
            for (int step = 0; step < 12_000; step++) {
                double value = random.nextInt(50) == 0 ? -Math.log(random.nextDouble()) : 0;
                double level = series.step(step, value);
                boolean point = series.evidence.reason().kind() == EvidenceKind.POINT;
                if (step > 1_000 && value == 0 && point) highest = Math.max(highest, level);
            }
        }
        assertThat(highest).as("a point that is zero, as most are").isLessThan(BUDGET);
    }

    @Test
    void aNetworkAddsToWhatValuesSayAndOpensAloneForFramesOnly() {
        assertThat(levelWithNetwork(EvidenceSpec.DEFAULT, 0, 12))
                .as("a network alone")
                .isLessThan(BUDGET);
        assertThat(levelWithNetwork(EvidenceSpec.DEFAULT, 4, 12))
                .as("a network beside a strange value")
                .isGreaterThan(levelWithNetwork(EvidenceSpec.DEFAULT, 4, 0.3) + 0.3);
        assertThat(levelWithNetwork(EvidenceSpec.FRAMES, 0, 12))
                .as("a network that looks at frames")
                .isGreaterThan(BUDGET);
    }

    /** The return level of a step with a value and a network's surprise, after rows in which the network was seldom surprised. */
    private static double levelWithNetwork(EvidenceSpec spec, double value, double surprise) {
        Watched series = new Watched(1, spec, 60_000);
        Random noise = new Random(11);
        for (int step = 0; step < 4_000; step++) {
            series.network = -Math.log10(noise.nextDouble());
            series.step(step, noise.nextGaussian());
        }
        series.network = surprise;
        return series.step(4_000, value);
    }

    @Test
    void aValueFarOutsideTheRangeOfAYoungSeriesIsToldOnlyWhenItsFirstDayIsOverOrItsStepsAreShort() {
        assertThat(levelOfAGrossValue(300_000, 200)).as("first day").isLessThan(BUDGET);
        assertThat(levelOfAGrossValue(300_000, 300)).as("second day").isGreaterThan(BUDGET);
        assertThat(levelOfAGrossValue(1_000, 200)).as("steps of a second").isGreaterThan(BUDGET);
    }

    private static double levelOfAGrossValue(long stepMs, int at) {
        Watched series = new Watched(1, EvidenceSpec.DEFAULT, stepMs);
        Random noise = new Random(11);
        for (int step = 0; step < at; step++) series.step(step, noise.nextGaussian());
        return series.step(at, 40);
    }

    @Test
    void missingAndHostileValuesHarmNothing() {
        Watched series = new Watched(2);
        Random random = new Random(5);
        double[] hostile = {Double.NaN, Double.MAX_VALUE, -Double.MAX_VALUE, Double.MIN_VALUE, 0, 1e-300};
        for (int step = 0; step < 3_000; step++) {
            double first = random.nextInt(50) == 0 ? hostile[random.nextInt(hostile.length)] : random.nextGaussian();
            double level = series.step(step, first, random.nextGaussian());
            assertThat(level).isBetween(0.0, 1e3);
        }
    }
}
