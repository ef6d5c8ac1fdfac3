package io.tidemark.role.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods come and go: 300 of them in ten generations of thirty, an hour apart, each with an event a minute for fifty minutes. */
class ExpiryTopologyTest {
    private static final long START = 1_700_000_400_000L;
    private static final int GENERATIONS = 10;
    private static final int PODS = 30;
    private static final int TEACHERS = 8;
    private static final TopicNames NAMES = new TopicNames("t.");

    @TempDir
    Path folder;

    private final Meters meters = new Meters(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> input;
    private TestOutputTopic<byte[], byte[]> samples;
    private TestOutputTopic<byte[], byte[]> training;
    private TestOutputTopic<byte[], byte[]> scores;

    @BeforeEach
    void start() throws IOException {
        Path file = folder.resolve("pods.yaml");
        Files.writeString(file, """
                stream: pods
                input: {topic: in, series: [pod], time: at, features: [value]}
                step: 1m
                learning: {series: %d, chunk: 7}
                limits: {series: 90, expire: 65m}
                """.formatted(TEACHERS));
        StreamSpec stream = StreamFile.read(file);
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "t");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
        driver = new TopologyTestDriver(
                IngestTopology.build(NAMES, "in", List.of(stream), s -> 4, 1, meters),
                settings,
                Instant.ofEpochMilli(START + Duration.ofDays(1).toMillis()));
        input = driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
        samples = driver.createOutputTopic(NAMES.samples(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        training = driver.createOutputTopic(NAMES.training(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        scores = driver.createOutputTopic(NAMES.scores(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private static String pod(int generation, int pod) {
        return "g" + generation + "-" + pod;
    }

    private void event(String pod, long atMs) {
        String json = "{\"pod\":\"" + pod + "\",\"at\":" + atMs + ",\"value\":1}";
        input.pipeInput(new TestRecord<>(null, json.getBytes(UTF_8), Instant.ofEpochMilli(atMs)));
    }

    private Set<String> stored() {
        Set<String> series = new TreeSet<>();
        PipelineStore store = (PipelineStore) driver.getStateStore(IngestTopology.STORE);
        try (KeyValueIterator<Bytes, byte[]> slots = store.wrapped().all()) {
            slots.forEachRemaining(slot -> {
                byte[] key = slot.key.get();
                series.add(new String(key, 0, key.length - 2, UTF_8));
            });
        }
        return series;
    }

    @Test
    void whoTeachesFollowsBirthAndDeathAndStateIsGivenBack() {
        long events = 0;
        Set<String> taught = new HashSet<>();
        for (int generation = 0; generation < GENERATIONS; generation++) {
            long born = START + Duration.ofHours(generation).toMillis();
            for (int minute = 0; minute < 50; minute++) {
                for (int pod = 0; pod < PODS; pod++) event(pod(generation, pod), born + minute * 60_000L);
                events += PODS;
            }
            Set<String> rows = new HashSet<>();
            for (TestRecord<byte[], byte[]> record : training.readRecordsToList()) {
                TrainingRows chunk = new TrainingRows().decode(record.value());
                if (chunk.timeMs(0) >= born) rows.add(chunk.series);
            }
            String prefix = "g" + generation + "-";
            assertThat(rows).as("taught in generation %d", generation).anyMatch(series -> series.startsWith(prefix));
            taught.addAll(rows);
            assertThat(stored().size()).isLessThanOrEqualTo(2 * PODS);
        }
        // every generation had a share, not the first alone: more series taught than there are seats
        assertThat(taught).hasSizeGreaterThan(4 * TEACHERS);
        assertThat(scores.isEmpty()).as("no event was refused").isTrue();
        assertThat(meters.counter(MeterName.SERIES_EXPIRED, "pods").count())
                .as("each series that was given back, once")
                .isGreaterThanOrEqualTo(8 * PODS)
                .isEqualTo(GENERATIONS * PODS - stored().size());
        assertThat(meters.level(MeterName.SERIES, "pods").value()).isEqualTo(stored().size());

        Set<String> outcomes = new HashSet<>();
        int joined = 0;
        for (TestRecord<byte[], byte[]> record : samples.readRecordsToList()) {
            Step step = new Step();
            new Sample().wrap(record.value(), step);
            outcomes.add(step.series + "@" + step.step);
            joined += (int) step.events.events();
        }
        int open = stored().size();
        assertThat(joined)
                .as("all but the open step of each series that is left")
                .isEqualTo((int) events - open);
        assertThat(outcomes).hasSize(joined);
    }

    @Test
    void aSeriesThatComesAgainBeginsAnew() {
        event("a", START);
        event("a", START + 60_000);
        for (int minute = 2; minute < 200; minute++) event("b", START + minute * 60_000L);
        assertThat(stored()).containsExactly("pods/b");
        event("a", START + 200 * 60_000L);
        event("a", START + 201 * 60_000L);
        assertThat(stored()).containsExactly("pods/a", "pods/b");
        assertThat(scores.readRecordsToList()).isEmpty();
    }
}
