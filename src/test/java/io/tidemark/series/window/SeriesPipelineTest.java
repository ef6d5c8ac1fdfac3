package io.tidemark.series.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.series.sample.EventRanges;
import io.tidemark.series.sample.Step;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SeriesPipelineTest {
    private static final long NOON = Instant.parse("2024-01-01T12:00:00Z").getEpochSecond();

    private static SeriesRecorder series(String... settings) {
        return new SeriesRecorder(SeriesRecorder.stream(settings), 4);
    }

    @Test
    void everyEventIsAStepAtOnce() {
        SeriesRecorder series = series("step: event");

        assertThat(series.wide(NOON, 1, 2)).isEqualTo(Admission.JOINED);
        assertThat(series.wide(NOON + 7, 3, 4)).isEqualTo(Admission.JOINED);
        assertThat(series.wide(NOON + 7, 3, 4)).isEqualTo(Admission.DUPLICATE);
        assertThat(series.wide(NOON + 3, 7, 8)).isEqualTo(Admission.LATE);

        assertThat(series.steps()).containsExactly(0L, 1L);
        assertThat(series.samples.get(1).values()).containsExactly(3.0, 4.0);
        assertThat(series.samples.get(1).timeMs()).isEqualTo((NOON + 7) * 1000);
    }

    @Test
    void longEventsOfOneTimeAreDuplicatesOnlyForTheSameFeature() {
        SeriesRecorder series = series("step: event");

        assertThat(series.named(NOON, 0, 1)).isEqualTo(Admission.JOINED);
        assertThat(series.named(NOON, 1, 2)).isEqualTo(Admission.JOINED);
        assertThat(series.named(NOON, 0, 1)).isEqualTo(Admission.DUPLICATE);
        assertThat(series.samples.get(1).values()).containsExactly(1.0, 2.0);
    }

    @Test
    void anotherEventOfTheSameTimeIsTheNextStepOrRefusedAsDeclared() {
        SeriesRecorder kept = series("step: event");
        kept.wide(NOON, 1, 2);
        assertThat(kept.wide(NOON, 1, 3)).isEqualTo(Admission.JOINED);
        kept.restart();
        assertThat(kept.wide(NOON, 1, 2)).isEqualTo(Admission.DUPLICATE);
        assertThat(kept.wide(NOON, 1, 4)).isEqualTo(Admission.JOINED);
        assertThat(kept.steps()).containsExactly(0L, 1L, 2L);

        SeriesRecorder refused = series("step: event", "same-time: reject");
        refused.wide(NOON, 1, 2);
        assertThat(refused.wide(NOON, 1, 3)).isEqualTo(Admission.SAME_TIME);
        assertThat(refused.wide(NOON, 1, 2)).isEqualTo(Admission.DUPLICATE);

        SeriesRecorder summed = series("step: 10s", "aggregate: sum");
        for (int i = 1; i <= 4; i++) assertThat(summed.wide(NOON, i, 1)).isEqualTo(Admission.JOINED);
        summed.end();
        assertThat(summed.samples.get(0).values()).containsExactly(10.0, 4.0);
    }

    /** The table in {@link Counters}. */
    @Test
    void aCounterBecomesItsIncreaseAndAReStartIsNone() {
        SeriesRecorder series = new SeriesRecorder(SeriesRecorder.parse("""
                        stream: s
                        input:
                          topic: t
                          series: [host]
                          features: [{name: x, derive: rate}, {name: y, derive: difference}]
                        step: 10s
                        gaps: {fill: none}
                        """), 4);
        double[] counts = {100, 150, 20, 30};
        for (int i = 0; i < counts.length; i++) {
            series.wide(NOON + 10 * i, counts[i], counts[i]);
            series.restart();
        }
        series.wide(NOON + 60, 80, 80);
        series.end();

        assertThat(series.samples)
                .extracting(SeriesRecorder.Made::values)
                .containsExactly(
                        java.util.List.of(Double.NaN, Double.NaN),
                        java.util.List.of(5.0, 50.0),
                        java.util.List.of(Double.NaN, Double.NaN),
                        java.util.List.of(1.0, 10.0),
                        java.util.List.of(50 / 30.0, Double.NaN));
    }

    @Test
    void nothingIsAValueThatIsJudgedWhereThatIsDeclared() {
        SeriesRecorder series = series("step: 10s", "gaps: {fill: zero, max: 5}");
        series.wide(NOON, 1, 2);
        series.wide(NOON + 30, 3, Double.NaN);
        series.end();

        assertThat(series.steps()).containsExactly(NOON / 10, NOON / 10 + 1, NOON / 10 + 2, NOON / 10 + 3);
        assertThat(series.samples.get(1).values()).containsExactly(0.0, 0.0);
        assertThat(series.samples.get(3).values()).containsExactly(3.0, 0.0);
        assertThat(series.samples.get(3).filledShare()).isZero();
    }

    /** The table in {@link GridAligner}. */
    @Test
    void gridStepClosesByItsEndAndLateness() {
        SeriesRecorder series = series("step: 10s", "lateness: 5s", "gaps: {max: 3}");

        assertThat(series.wide(NOON + 3, 1, 1)).isEqualTo(Admission.JOINED);
        assertThat(series.wide(NOON + 12, 2, 2)).isEqualTo(Admission.JOINED);
        assertThat(series.wide(NOON + 7, 3, 3)).isEqualTo(Admission.JOINED);
        assertThat(series.wide(NOON + 7, 3, 3)).isEqualTo(Admission.DUPLICATE);
        assertThat(series.samples).isEmpty();
        assertThat(series.wide(NOON + 15, 5, 5)).isEqualTo(Admission.JOINED);
        assertThat(series.steps()).containsExactly(NOON / 10);
        assertThat(series.samples.get(0).values()).containsExactly(3.0, 3.0);
        assertThat(series.wide(NOON + 9, 6, 6)).isEqualTo(Admission.LATE);
        assertThat(series.wide(NOON + 100, 7, 7)).isEqualTo(Admission.JOINED);

        assertThat(series.steps()).containsExactly(NOON / 10, NOON / 10 + 1);
        assertThat(series.samples.get(0).timeMs()).isEqualTo(NOON * 1000);
    }

    @Test
    void eventForAnEmptyStepWhoseTimeIsOverIsLate() {
        SeriesRecorder series = series("step: 10s");
        series.wide(NOON + 25, 1, 1);

        assertThat(series.wide(NOON + 19, 2, 2)).isEqualTo(Admission.LATE);
    }

    @Test
    void aggregatesTakeWhatTheyAreNamedAfter() {
        String[] names = {"last", "mean", "sum", "min", "max", "count"};
        double[] expected = {4, 3, 9, 2, 4, 3};
        for (int i = 0; i < names.length; i++) {
            SeriesRecorder series = series("step: 10s", "lateness: 1s", "aggregate: " + names[i]);
            series.wide(NOON + 5, 4, Double.NaN);
            series.wide(NOON + 1, 2, Double.NaN);
            series.wide(NOON + 3, 3, Double.NaN);
            series.end();

            assertThat(series.samples.get(0).values())
                    .as(names[i])
                    .containsExactly(expected[i], names[i].equals("count") ? 0 : Double.NaN);
        }
    }

    @Test
    void longEventsAreJoinedOnTheGrid() {
        SeriesRecorder series = series("step: 10s");
        series.named(NOON + 1, 0, 1);
        series.named(NOON + 1, 1, 2);
        assertThat(series.named(NOON + 1, 1, 2)).isEqualTo(Admission.DUPLICATE);
        series.end();

        assertThat(series.samples.get(0).values()).containsExactly(1.0, 2.0);
        EventRanges events = SeriesRecorder.step(series.sampleBytes.get(0)).events;
        assertThat(events.events()).isEqualTo(2);
    }

    @Test
    void shortGapIsFilledWithThePreviousRowAndMakesNoSample() {
        SeriesRecorder series = series("step: 10s", "gaps: {fill: previous, max: 3}", "learning: {chunk: 1}");
        series.wide(NOON, 1, 1);
        series.wide(NOON + 30, 4, 4);
        series.end();

        assertThat(series.steps()).containsExactly(NOON / 10, NOON / 10 + 3);
        assertThat(series.samples.get(1).filledShare()).isEqualTo(0.5f);
        assertThat(series.trainingRows())
                .containsExactly(
                        NOON / 10 + ":1.0",
                        NOON / 10 + 1 + ":1.0 filled",
                        NOON / 10 + 2 + ":1.0 filled",
                        NOON / 10 + 3 + ":4.0");
    }

    @Test
    void shortGapIsFilledWithALine() {
        SeriesRecorder series = series("step: 10s", "gaps: {fill: linear, max: 3}", "learning: {chunk: 4}");
        series.wide(NOON, 1, 1);
        series.wide(NOON + 30, 4, 4);
        series.end();

        assertThat(series.trainingRows().subList(1, 3))
                .containsExactly(NOON / 10 + 1 + ":2.0 filled", NOON / 10 + 2 + ":3.0 filled");
    }

    @Test
    void windowsStartAnewAfterALongGapAndAreUnusableUntilFull() {
        for (String gaps : new String[] {"gaps: {fill: previous, max: 2}", "gaps: {fill: none, max: 100}"}) {
            SeriesRecorder series = series("step: 10s", gaps);
            for (int i = 0; i < 5; i++) series.wide(NOON + 10 * i, i, i);
            for (int i = 8; i < 13; i++) series.wide(NOON + 10 * i, i, i);
            series.end();

            assertThat(series.samples.get(4).rows()).hasSize(4);
            assertThat(series.samples.get(5).rows()).hasSize(1);
            assertThat(series.samples.stream().map(s -> Float.isNaN(s.filledShare())))
                    .containsExactly(false, false, false, false, false, true, true, true, false, false);
        }
    }

    @Test
    @Timeout(10)
    void jumpOfThousandsOfYearsIsOneGap() {
        SeriesRecorder series = series("step: 1ms", "max-future: 36500d", "gaps: {max: 1024}");
        for (int i = 0; i < 1000; i++) {
            series.wideMs(i % 2 == 0 ? -62_000_000_000_000L + i : 253_000_000_000_000L + i, i, i);
        }
        assertThat(series.samples.size()).isLessThan(1000);
    }

    @Test
    void aJumpThatTheNextEventAgreesWithJoinsAndALoneOneIsGivenUp() {
        long noon = NOON * 1000;
        long year = Duration.ofDays(365).toMillis();
        SeriesRecorder series = series("step: 10s", "gaps: {max: 2}");
        series.wideMs(noon, 1, 1);
        assertThat(series.wideMs(noon + year, 2, 2)).isEqualTo(Admission.JOINED);
        assertThat(series.wideMs(noon + year, 2, 2)).isEqualTo(Admission.DUPLICATE);
        series.restart();
        assertThat(series.wideMs(noon + 10_000, 3, 3)).isEqualTo(Admission.JOINED);
        assertThat(series.givenUp).containsExactly(noon + year);

        assertThat(series.wideMs(noon + year + 10_000, 4, 4)).isEqualTo(Admission.JOINED);
        assertThat(series.wideMs(noon + year + 20_000, 5, 5)).isEqualTo(Admission.JOINED);
        assertThat(series.wideMs(noon + 20_000, 6, 6)).isEqualTo(Admission.LATE);
        assertThat(series.givenUp).hasSize(1);
        assertThat(series.samples).extracting(SeriesRecorder.Made::timeMs).contains(noon, noon + 10_000);
    }

    @Test
    void aSeriesOfAValueAQuarterLosesNone() {
        SeriesRecorder series = series("step: event");
        long day = Duration.ofDays(1).toMillis();
        long at = NOON * 1000;
        for (int days : new int[] {90, 91, 92, 92, 90, 120, 300, 31, 90}) {
            series.wideMs(at, 1, 1);
            at += days * day;
        }
        series.wideMs(at, 1, 1);
        assertThat(series.givenUp).isEmpty();
        assertThat(series.samples).hasSizeGreaterThanOrEqualTo(9);
    }

    @Test
    void anEventBehindALongGapEndsALoneJumpThatWaits() {
        long day = Duration.ofDays(1).toMillis();
        long noon = NOON * 1000;
        SeriesRecorder series = series("step: event");
        series.wideMs(noon, 1, 1);
        series.wideMs(noon + 20_000 * day, 2, 2);
        series.wideMs(noon + 40 * day, 3, 3);
        series.wideMs(noon + 41 * day, 4, 4);
        assertThat(series.givenUp).containsExactly(noon + 20_000 * day);
        assertThat(series.samples).hasSize(3);
    }

    @Test
    void missingValueIsImputedForAtMostTheGapsMaximum() {
        SeriesRecorder series = series("step: event", "gaps: {max: 2}");
        series.wide(NOON, 1, 5);
        for (int i = 1; i < 5; i++) series.wide(NOON + i, i, Double.NaN);

        assertThat(series.samples.stream().map(s -> s.values().get(1)))
                .containsExactly(5.0, 5.0, 5.0, Double.NaN, Double.NaN);
        Step step = SeriesRecorder.step(series.sampleBytes.get(1));
        assertThat(step.imputed()[0]).isFalse();
        assertThat(step.imputed()[1]).isTrue();
        assertThat(series.samples.get(4).rows().get(3).get(1)).isZero();
    }

    @Test
    void scaleComesFromEarlierStepsOnlyAndHoldsForTheWholeWindow() {
        SeriesRecorder series = series("step: event", "scaling: {clip: 5}");
        for (int i = 0; i < 30; i++) series.wide(NOON + i, i % 3, 1);
        Step before = SeriesRecorder.step(series.sampleBytes.get(29));
        series.wide(NOON + 30, 1e6, 1);

        Step spike = SeriesRecorder.step(series.sampleBytes.get(30));
        assertThat(spike.scale()[0]).isCloseTo(before.scale()[0], within(0.2));
        assertThat(series.samples.get(30).rows().get(3).get(0)).isEqualTo(5f);
        float third = (float) ((2 - spike.location()[0]) / spike.scale()[0]);
        assertThat(series.samples.get(30).rows().get(2).get(0)).isEqualTo(third);
    }

    @Test
    void stepThatHoldsTooManyRangesRefusesTheEvent() {
        SeriesRecorder series = series("step: 1h", "lateness: 1h");
        int count = 0;
        while (series.wide(NOON + count, count, count) == Admission.JOINED) {
            // the duplicate takes the next offset, so that no two offsets of the step are neighbours
            series.wide(NOON + count, count, count);
            count++;
        }
        assertThat(count).isEqualTo(EventRanges.RANGES_MAX);
    }

    @Test
    void silentSeriesClosesByTickUnlessAnEventOvertookIt() {
        SeriesRecorder series = series("step: 10s", "idle-close: 1m");
        series.wide(NOON, 1, 1);
        long seen = series.pipeline().joinedEvents();
        series.wide(NOON + 1, 2, 2);

        assertThat(series.pipeline().closeIdle(seen, series)).isFalse();
        assertThat(series.pipeline().closeIdle(seen + 1, series)).isTrue();
        assertThat(series.samples).hasSize(1);
        assertThat(series.samples.get(0).idle()).isTrue();
        assertThat(series.wide(NOON + 2, 3, 3)).isEqualTo(Admission.LATE);
        assertThat(series.pipeline().closeIdle(seen + 1, series)).isFalse();
    }

    @Test
    void forecastIsDueAtEverySoManySteps() {
        SeriesRecorder series = series("step: event", "forecast: {every: 3}");
        for (int i = 0; i < 7; i++) series.wide(NOON + i, i, i);

        assertThat(series.sampleBytes.stream().map(b -> SeriesRecorder.step(b).forecastDue))
                .containsExactly(false, false, true, false, false, true, false);
    }

    @Test
    void changedContextKeepsTheRowsThereAre() {
        SeriesRecorder series = series("step: event");
        for (int i = 0; i < 30; i++) series.wide(NOON + i, i, i);

        SeriesRecorder longer = new SeriesRecorder(SeriesRecorder.stream("step: event"), 9);
        longer.stored.putAll(series.stored);
        longer.restart();
        longer.wide(NOON + 30, 30, 30);
        assertThat(longer.samples.get(0).rows()).hasSize(5);
        for (int i = 31; i < 60; i++) {
            longer.restart();
            longer.wide(NOON + i, i, i);
        }
        assertThat(longer.samples.get(29).rows()).hasSize(9);
    }

    @Test
    void otherGenerationStartsAnew() {
        SeriesRecorder series = series("step: event");
        series.wide(NOON, 1, 1);

        WindowPlan changed = new WindowPlan(
                SeriesRecorder.stream("step: " + Duration.ofSeconds(20).toSeconds() + "s"), 4);
        assertThat(changed.restore("a", series.slots, new WindowScratch(changed)))
                .isEmpty();
    }

    @Test
    void eventRewritesAFewBytesOfALongWindow() {
        SeriesRecorder series = new SeriesRecorder(
                SeriesRecorder.parse("stream: s\ninput: {topic: t, series: [h], features: [x]}\nlearning: {series: 0}"),
                1024);
        for (int i = 0; i < 5000; i++) series.wide(NOON + i, i % 7);

        long bytes =
                series.stored.values().stream().mapToLong(piece -> piece.length).sum();
        assertThat(bytes).isBetween(1024L * 9, 1024L * 10);
        assertThat(java.util.Objects.requireNonNull(series.stored.get(0))).hasSizeLessThan(256);
    }
}
