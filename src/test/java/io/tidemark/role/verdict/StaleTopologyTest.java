package io.tidemark.role.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.outcome.Pumps;
import io.tidemark.metrics.Meters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Series and streams of which nothing comes any more. */
final class StaleTopologyTest {
    private static final TopicNames NAMES = new TopicNames("t.");
    private static final Duration LONG = Duration.ofMinutes(30);

    @TempDir
    Path folder;

    private long wallMs = Pumps.START_MS + 365L * 86_400_000;
    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        open("idle: 1m");
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void open(String idle) {
        if (driver != null) driver.close();
        StreamSpec spec = Pumps.spec("[flow]", idle);
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, NAMES.role("verdict"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        driver = new TopologyTestDriver(
                VerdictTopology.build(
                        NAMES,
                        List.of(spec),
                        1,
                        new Meters(new SimpleMeterRegistry()),
                        () -> Instant.ofEpochMilli(wallMs)),
                settings);
    }

    private void pipe(String series, long step) {
        double[] values = Pumps.values(series.hashCode(), step, 1, 0);
        driver.createInputTopic(NAMES.inferences(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(
                        ("pumps/" + series).getBytes(StandardCharsets.UTF_8),
                        Pumps.inference(series, step, values, Pumps.autoencoder(values)));
    }

    private void wait(Duration time) {
        wallMs += time.toMillis();
        driver.advanceWallClockTime(time);
    }

    private List<JsonNode> alerts() throws IOException {
        List<JsonNode> alerts = new ArrayList<>();
        for (byte[] alert : driver.createOutputTopic(
                        NAMES.alerts(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readValuesToList()) {
            alerts.add(new ObjectMapper().readTree(alert));
        }
        return alerts;
    }

    @Test
    void aSeriesThatStopsIsStaleOnceByTheTimeOfTheOthersAndSendsAgain() throws IOException {
        for (int step = 0; step < 60; step++) {
            if (step < 20) pipe("a", step);
            pipe("b", step);
        }
        List<JsonNode> opened = alerts();
        assertThat(opened).hasSize(1);
        JsonNode open = opened.get(0);
        assertThat(open.get("kind").asText()).isEqualTo("stale");
        assertThat(open.get("state").asText()).isEqualTo("open");
        assertThat(open.get("series").asText()).isEqualTo("a");
        assertThat(open.get("summary").asText()).isEqualTo("nothing of a has come for 60 s");
        assertThat(Instant.parse(open.get("since").asText()).toEpochMilli())
                .isEqualTo(Pumps.START_MS + 19 * Pumps.STEP_MS + 60_001);
        assertThat(open.get("return_level").isNull()).isTrue();

        pipe("a", 60);
        List<JsonNode> resolved = alerts();
        assertThat(resolved).hasSize(1);
        assertThat(resolved.get(0).get("id")).isEqualTo(open.get("id"));
        assertThat(resolved.get(0).get("reason").asText()).isEqualTo("sends-again");
        assertThat(resolved.get(0).get("summary").asText()).isEqualTo("nothing of a came for 6 min");
    }

    @Test
    void aStreamOfWhichNothingComesIsStaleByTheWallClockWhereItWasLive() throws IOException {
        wallMs = Pumps.START_MS + 19 * Pumps.STEP_MS + 2_000;
        for (int step = 0; step < 20; step++) {
            pipe("a", step);
            pipe("b", step);
        }
        wait(Duration.ofSeconds(59));
        assertThat(alerts()).isEmpty();
        wait(Duration.ofSeconds(2));
        assertThat(alerts()).extracting(a -> a.get("series").asText()).containsExactly("a", "b");
        wait(LONG);
        assertThat(alerts()).as("told once").isEmpty();
        pipe("a", 300);
        assertThat(alerts()).extracting(a -> a.get("state").asText()).containsExactly("resolved");
    }

    @Test
    void historyThatEndsIsNotStaleAndNeitherAreSeriesThatAreReadOneAfterAnother() throws IOException {
        for (String series : List.of("a", "b")) for (int step = 0; step < 100; step++) pipe(series, step);
        wait(LONG);
        assertThat(alerts()).isEmpty();
    }

    @Test
    void nothingIsStaleWhereThatIsNotWantedOrTheRhythmIsNotKnown() throws IOException {
        for (String idle : List.of("idle: none", "")) {
            open(idle);
            wallMs = Pumps.START_MS + 19 * Pumps.STEP_MS;
            for (int step = 0; step < 60; step++) {
                if (step < 20) pipe("a", step);
                pipe("b", step);
            }
            wait(LONG);
            assertThat(alerts()).isEmpty();
        }
    }

    @Test
    void theRhythmOfADayIsLearnt() throws IOException {
        open("");
        long minute = 60_000 / Pumps.STEP_MS;
        for (long step = 0; step < 1460 * minute; step += minute) {
            if (step <= 1442 * minute) pipe("a", step);
            pipe("b", step);
        }
        assertThat(alerts().stream().filter(a -> a.get("kind").asText().equals("stale")))
                .extracting(a -> a.get("series").asText())
                .containsExactly("a");
    }
}
