package io.tidemark.series.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.config.GridSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.sample.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random streams of events against a slow, obvious model, and live runs against runs that restart at every event. */
class SeriesPipelineProperties {
    private static final long START = 1_700_000_000_000L;

    private record Arrival(long timeMs, double x, double y) {}

    private static StreamSpec stream(Random random) {
        String step = random.nextInt(4) == 0 ? "event" : 1 + random.nextInt(20) + "s";
        String aggregate = List.of("last", "mean", "sum", "min", "max", "count").get(random.nextInt(6));
        String fill = List.of("previous", "linear", "none").get(random.nextInt(3));
        return SeriesRecorder.stream(
                "step: " + step,
                "lateness: " + random.nextInt(40) + "s",
                "aggregate: " + aggregate,
                "gaps: {fill: " + fill + ", max: " + random.nextInt(6) + "}",
                "scaling: {memory: 50}",
                "learning: {chunk: " + (1 + random.nextInt(5)) + "}");
    }

    private static List<Arrival> arrivals(Random random) {
        List<Arrival> arrivals = new ArrayList<>();
        long now = START;
        for (int i = 0; i < 300; i++) {
            now += random.nextInt(8) * 1000L;
            if (random.nextInt(40) == 0) now += random.nextInt(200) * 1000L;
            if (random.nextInt(150) == 0) now += 10L * 365 * 86_400_000;
            long time = random.nextInt(4) == 0 ? now - random.nextInt(60) * 1000L : now;
            double y = random.nextInt(6) == 0 ? Double.NaN : random.nextGaussian();
            arrivals.add(new Arrival(time, random.nextInt(100), y));
            if (random.nextInt(20) == 0) arrivals.add(arrivals.get(i));
        }
        return arrivals;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void gridStepsHoldExactlyTheEventsThatAnObviousModelPutsThere(long seed) {
        Random random = new Random(seed);
        StreamSpec stream = stream(random);
        List<Arrival> arrivals = arrivals(random);
        SeriesRecorder series = new SeriesRecorder(stream, 5);
        List<Admission> admissions = new ArrayList<>();
        for (Arrival a : arrivals) admissions.add(series.wideMs(a.timeMs, a.x, a.y));
        series.end();

        List<Admission> expected = new ArrayList<>();
        Map<Long, List<Arrival>> steps = model(stream.grid(), arrivals, expected);
        assertThat(admissions).isEqualTo(expected);
        assertThat(series.steps()).containsExactlyElementsOf(steps.keySet());
        int i = 0;
        for (List<Arrival> events : steps.values()) {
            double x = aggregate(stream.grid().aggregate(), events);
            if (stream.grid().step().isEmpty()) x = events.get(0).x;
            assertThat(series.samples.get(i++).values().get(0)).isEqualTo(x);
        }
    }

    /** Every event is looked at with the whole past at hand. */
    private static Map<Long, List<Arrival>> model(GridSpec grid, List<Arrival> arrivals, List<Admission> outcomes) {
        Map<Long, List<Arrival>> steps = new TreeMap<>();
        Set<Arrival> seen = new HashSet<>();
        long clock = Long.MIN_VALUE;
        long events = 0;
        for (Arrival a : arrivals) {
            boolean byEvent = grid.step().isEmpty();
            long index = byEvent ? events : Math.floorDiv(a.timeMs, grid.stepMs());
            long closesAt = byEvent
                    ? a.timeMs + 1
                    : (index + 1) * grid.stepMs() + grid.lateness().toMillis();
            if (clock >= closesAt) {
                outcomes.add(Admission.LATE);
            } else if (!seen.add(a)) {
                outcomes.add(Admission.DUPLICATE);
            } else {
                outcomes.add(Admission.JOINED);
                steps.computeIfAbsent(index, k -> new ArrayList<>()).add(a);
                clock = Math.max(clock, a.timeMs);
                events++;
            }
        }
        return steps;
    }

    private static double aggregate(GridSpec.Aggregate aggregate, List<Arrival> events) {
        double sum = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        Arrival last = events.get(0);
        for (Arrival e : events) {
            sum += e.x;
            min = Math.min(min, e.x);
            max = Math.max(max, e.x);
            if (e.timeMs >= last.timeMs) last = e;
        }
        return switch (aggregate) {
            case LAST -> last.x;
            case MEAN -> sum / events.size();
            case SUM -> sum;
            case MIN -> min;
            case MAX -> max;
            case COUNT -> events.size();
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void seriesThatIsRestoredAtEveryEventMakesTheSameBytes(long seed) {
        Random random = new Random(seed);
        StreamSpec stream = stream(random);
        int context = 1 + random.nextInt(40);
        SeriesRecorder live = new SeriesRecorder(stream, context);
        SeriesRecorder restarted = new SeriesRecorder(stream, context);
        for (Arrival a : arrivals(random)) {
            if (!restarted.stored.isEmpty()) restarted.restart();
            assertThat(restarted.wideMs(a.timeMs, a.x, a.y)).isEqualTo(live.wideMs(a.timeMs, a.x, a.y));
        }
        live.end();
        restarted.restart();
        restarted.end();

        assertThat(live.sampleBytes).hasSizeGreaterThan(10);
        assertThat(restarted.sampleBytes)
                .usingElementComparator(Arrays::compare)
                .containsExactlyElementsOf(live.sampleBytes);
        assertThat(restarted.trainingBytes)
                .usingElementComparator(Arrays::compare)
                .containsExactlyElementsOf(live.trainingBytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void windowIsWhatTheLatestTrainingRowsScaleTo(long seed) {
        Random random = new Random(seed);
        StreamSpec stream = stream(random);
        SeriesRecorder series = new SeriesRecorder(stream, 6);
        for (Arrival a : arrivals(random)) series.wideMs(a.timeMs, a.x, a.y);
        series.end();

        List<String> rows = series.trainingRows();
        for (int i = 0; i < series.samples.size(); i++) {
            SeriesRecorder.Made made = series.samples.get(i);
            Step step = SeriesRecorder.step(series.sampleBytes.get(i));
            int at = 0;
            while (!rows.get(at).startsWith(made.step() + ":")) at++;
            for (int r = made.rows().size() - 1; r >= 0; r--, at--) {
                String[] row = rows.get(at).replace(" filled", "").split(":", -1);
                assertThat(Long.parseLong(row[0]))
                        .isEqualTo(made.step() - (made.rows().size() - 1 - r));
                float z = Step.scaled(Float.parseFloat(row[1]), step.location()[0], step.scale()[0], 10);
                assertThat(made.rows().get(r).get(0)).isCloseTo(z, within(1e-3f));
            }
        }
    }
}
