package io.tidemark.app.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventTimePaceTest {
    private final AtomicLong nanos = new AtomicLong(1_000_000_000);
    private final Pace pace =
            new EventTimePace(StreamFile.read(Path.of("topology/examples/nab.yaml")), 60, nanos::getAndIncrement);

    private Duration due(String series, String time) {
        String value = "{\"series\":\"%s\",\"timestamp\":\"%s\",\"value\":1}".formatted(series, time);
        return Duration.ofNanos(pace.due(series.getBytes(UTF_8), value.getBytes(UTF_8), 0))
                .truncatedTo(ChronoUnit.MILLIS);
    }

    @Test
    void eachSeriesStartsAtItsFirstEventAndKeepsItsOwnDistances() {
        assertThat(due("a", "2014-01-01 00:00:00")).isZero();
        assertThat(due("b", "2022-01-01 00:00:00")).isZero();
        assertThat(due("a", "2014-01-01 00:05:00")).hasSeconds(5);
        assertThat(due("b", "2022-01-01 01:00:00")).hasSeconds(60);
    }

    @Test
    void anEventOutOfOrderOrWithoutATimeFollowsTheOneBefore() {
        due("a", "2014-01-01 00:00:00");
        assertThat(due("a", "2014-01-01 00:02:00")).hasSeconds(2);
        assertThat(due("a", "2014-01-01 00:01:00")).hasSeconds(2);
        assertThat(due("a", "yesterday")).hasSeconds(2);
    }

    @Test
    void aSeriesThatBeginsLaterStartsThen() {
        pace.await(due("a", "2014-01-01 00:00:00").toNanos());
        nanos.addAndGet(Duration.ofSeconds(7).toNanos());
        assertThat(due("b", "2014-01-01 00:00:00")).hasSeconds(7);
        assertThat(due("b", "2014-01-01 00:01:00")).hasSeconds(8);
    }
}
