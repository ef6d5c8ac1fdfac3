package io.tidemark.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of a series' steps, and what a chart of a stretch of them shows. */
class SeriesTraceTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static SeriesTrace trace(int steps) {
        SeriesTrace trace = new SeriesTrace("pumps", "a");
        for (int step = 0; step < steps; step++) {
            trace.take(ScoreRecords.of("pumps", "a", 1000L * step, step, step < 100 ? 0 : 0.9), 1000L * step);
        }
        return trace;
    }

    private static IncidentWindow window(long sinceMs, long untilMs, long fromMs, long toMs) {
        return new IncidentWindow("i", sinceMs, untilMs, fromMs, toMs, 0, List.of());
    }

    @Test
    void theNewestStepsAreKeptAndTheMeanTimeBetweenThemIsTheStep() {
        SeriesTrace trace = trace(SeriesTrace.STEPS_MAX + 50);
        assertThat(trace.isFull()).isTrue();
        assertThat(trace.stepMs()).isEqualTo(1000);
        assertThat(trace.covers(50_000, "flow")).isTrue();
        assertThat(trace.covers(49_999, "flow"))
                .as("older than any that is kept")
                .isFalse();
        assertThat(trace.covers(50_000, "humidity")).as("not a feature of it").isFalse();
        assertThat(trace(1).stepMs()).as("one step has no distance").isZero();
    }

    @Test
    void aStretchHasItsOwnStepsAndTheFeaturesThatWereStrange() {
        ObjectNode json = JSON.createObjectNode();
        trace(200).points(json, window(100_000, 110_000, 90_000, 120_000), "flow");
        assertThat(json.get("times")).hasSize(31);
        assertThat(json.at("/times/0").asLong()).isEqualTo(90_000);
        assertThat(json.at("/features/0/values/30").asInt()).isEqualTo(120);
        assertThat(json.get("features").findValuesAsText("name"))
                .as("a tenth of the surprise is not worth a chart")
                .containsExactly("flow");
    }

    @Test
    void sharesAreMeansOfTheStretchWeighedByTheScores() {
        SeriesTrace trace = new SeriesTrace("pumps", "a");
        double[][] steps = {{0, 10}, {0.5, 40}, {1, 100}, {0.9, 0}};
        for (int i = 0; i < steps.length; i++) {
            ObjectNode record = ScoreRecords.of("pumps", "a", i, i, steps[i][0]);
            record.putObject("contribution").put("flow", steps[i][1]).put("elsewhere", 100 - steps[i][1]);
            trace.take(record, i);
        }
        ObjectNode json = JSON.createObjectNode();
        trace.points(json, window(0, 2, 0, 3), "");
        assertThat(json.at("/contribution/0/feature").asText()).isEqualTo("flow");
        assertThat(json.at("/contribution/0/share").asDouble()).isEqualTo(80); // (0.5 x 40 + 1 x 100) / 1.5
        assertThat(json.get("others").asDouble()).as("of what is not kept").isEqualTo(20);
    }

    @Test
    void aWantedFeatureIsKeptHoweverManyThereAre() {
        SeriesTrace trace = new SeriesTrace("pumps", "a", "f9");
        ObjectNode record = ScoreRecords.of("pumps", "a", 0, 0, 1);
        ObjectNode values = record.putObject("values");
        for (int f = 0; f < 10; f++) values.put("f" + f, f);
        trace.take(record, 0);
        assertThat(trace.covers(0, "f9")).isTrue();
        assertThat(trace.covers(0, "f4")).isTrue();
        assertThat(trace.covers(0, "f5")).as("six are kept").isFalse();
    }
}
