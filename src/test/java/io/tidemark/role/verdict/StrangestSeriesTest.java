package io.tidemark.role.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which series are named as the strangest, and how few. */
class StrangestSeriesTest {
    private final StrangestSeries strangest = new StrangestSeries();

    @Test
    void theHighestLevelOfEachIsKeptForFiveMinutes() {
        strangest.seen("pump", 3, 0);
        strangest.seen("pump", 2.5, 1_000);
        strangest.seen("fan", 2, 2_000);
        strangest.seen("valve", 1.9, 2_000);
        strangest.seen("belt", Double.NaN, 2_000);
        assertThat(strangest.now(2_000)).containsExactlyInAnyOrderEntriesOf(Map.of("pump", 3.0, "fan", 2.0));
        assertThat(strangest.now(StrangestSeries.HELD_MS)).containsExactly(Map.entry("fan", 2.0));
        strangest.seen("pump", 2.1, StrangestSeries.HELD_MS);
        assertThat(strangest.now(StrangestSeries.HELD_MS)).containsEntry("pump", 2.1);
    }

    @Test
    void aStrangerOneTakesThePlaceOfTheLeastStrange() {
        for (int i = 0; i < StrangestSeries.MOST; i++) strangest.seen("host-" + i, 3 + i, 0);
        strangest.seen("late", 2.5, 0);
        assertThat(strangest.now(0)).hasSize(StrangestSeries.MOST).doesNotContainKey("late");
        strangest.seen("late", 3.5, 0);
        assertThat(strangest.now(0))
                .hasSize(StrangestSeries.MOST)
                .containsKey("late")
                .doesNotContainKey("host-0");
        strangest.seen("later", 2, StrangestSeries.HELD_MS);
        assertThat(strangest.now(StrangestSeries.HELD_MS))
                .as("what is forgotten gives way to any")
                .containsOnlyKeys("later");
    }

    @Test
    void thePageNamesTheHighestOfAllTasksAndNoMore() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Meters meters = new Meters(registry);
        Meters.Ranking one = meters.ranking(MeterName.STRANGEST_SERIES, 2, "plant");
        Meters.Ranking same = meters.ranking(MeterName.STRANGEST_SERIES, 2, "plant");
        one.show("task 1", Map.of("pump", 3.0, "fan", 2.0));
        same.show("task 2", Map.of("valve", 2.5));
        meters.ranking(MeterName.STRANGEST_SERIES, 2, "rack").show("task 1", Map.of("host", 4.0));
        assertThat(lines(registry))
                .containsExactlyInAnyOrder(
                        "tidemark_strangest_series{series=\"pump\",stream=\"plant\"} 3.0",
                        "tidemark_strangest_series{series=\"valve\",stream=\"plant\"} 2.5",
                        "tidemark_strangest_series{series=\"host\",stream=\"rack\"} 4.0");
        one.show("task 1", Map.of());
        assertThat(lines(registry))
                .containsExactlyInAnyOrder(
                        "tidemark_strangest_series{series=\"valve\",stream=\"plant\"} 2.5",
                        "tidemark_strangest_series{series=\"host\",stream=\"rack\"} 4.0");
    }

    private static Set<String> lines(PrometheusMeterRegistry registry) {
        return Set.copyOf(registry.scrape()
                .lines()
                .filter(line -> line.startsWith("tidemark_strangest_series{"))
                .toList());
    }
}
