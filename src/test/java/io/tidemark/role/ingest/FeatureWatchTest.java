package io.tidemark.role.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureWatchTest {
    private final Meters meters = new Meters(new SimpleMeterRegistry());
    private final Meters.Level level = meters.level(MeterName.FEATURES_SILENT, "pumps");
    private final FeatureWatch watch = new FeatureWatch("pumps", List.of("flow", "load"), level);
    private final FeatureWatch.Seen one = new FeatureWatch.Seen(2);
    private final FeatureWatch.Seen other = new FeatureWatch.Seen(2);
    private long nowMs;

    @TempDir
    private Path folder;

    /** A round of two tasks; only the second one ever has the load. */
    private void round(boolean load, int events) {
        for (int i = 0; i < events; i++) {
            one.event(-1, new double[] {1, Double.NaN});
            other.event(-1, new double[] {Double.NaN, load ? 2 : Double.NaN});
        }
        nowMs += FeatureWatch.ROUND_MS;
        watch.add(one, nowMs);
        watch.add(other, nowMs);
    }

    @Test
    void aFeatureThatNeverHasAValueIsSilentAfterThreeRoundsAndNoMoreWithItsFirst() {
        watch.add(one, nowMs);
        for (int i = 0; i < 3; i++) {
            assertThat(level.value()).as("round %s", i).isZero();
            round(false, 100);
        }
        round(false, 100);
        assertThat(level.value()).isEqualTo(1);
        round(true, 100);
        round(true, 100);
        assertThat(level.value()).isZero();
    }

    @Test
    void aFeatureThatPausesIsSilentOnlyAfterThreeTimesItsLongestPause() {
        watch.add(one, nowMs);
        for (int pause = 0; pause < 4; pause++) {
            round(true, 100);
            round(false, 100);
            round(false, 100);
        }
        assertThat(level.value()).isZero();
        for (int i = 0; i < 4; i++) round(false, 100);
        assertThat(level.value()).isZero();
        for (int i = 0; i < 3; i++) round(false, 100);
        assertThat(level.value()).isEqualTo(1);
    }

    @Test
    void aRoundOfFewEventsGoesOn() {
        watch.add(one, nowMs);
        for (int i = 0; i < 9; i++) round(false, 5);
        assertThat(level.value()).isZero();
    }

    @Test
    void ingestSaysHowManyFeaturesOfAStreamAreSilent() throws IOException {
        StreamSpec stream = StreamFile.read(Files.writeString(
                folder.resolve("s.yaml"),
                "stream: pumps\ninput: {topic: in, series: [pump], time: at, features: [flow, laod]}\n"));
        TopicNames names = new TopicNames("t.");
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, names.role("ingest-in"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
        Instant noon = Instant.parse("2026-06-01T12:00:00Z");
        try (TopologyTestDriver driver = new TopologyTestDriver(
                IngestTopology.build(names, "in", List.of(stream), s -> 4, 1, meters), settings, noon)) {
            TestInputTopic<byte[], byte[]> input =
                    driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
            for (int i = 0; i < 1_000; i++) {
                long at = noon.toEpochMilli() + 100L * i;
                input.pipeInput(("{\"pump\":\"p\",\"flow\":1.5,\"load\":2,\"at\":" + at + "}").getBytes(UTF_8));
                driver.advanceWallClockTime(Duration.ofMillis(150));
            }
        }
        assertThat(level.value()).isEqualTo(1);
    }
}
