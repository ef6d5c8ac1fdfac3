package io.tidemark.role.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Poison;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.sample.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records on ingest's own topics that ingest did not write are passed over, each with a dead letter under the key it has. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields before a test
class IngestPoisonTest {
    private static final TopicNames NAMES = new TopicNames("t.");
    private static final String EVENTS = "t.ingest-in-events-repartition";
    private static final long NOON = Instant.parse("2024-06-01T12:00:00Z").toEpochMilli();

    private final Meters meters = new Meters(new SimpleMeterRegistry());
    private TopologyTestDriver driver;
    private StreamSpec stream;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        Path file = folder.resolve("pumps.yaml");
        Files.writeString(
                file,
                "stream: pumps\ninput: {topic: in, series: [pump], time: at, features: [value, load]}\n"
                        + "step: 10s\nidle-close: 1m\n");
        stream = StreamFile.read(file);
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, NAMES.role("ingest-in"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
        driver = new TopologyTestDriver(
                IngestTopology.build(NAMES, "in", List.of(stream), s -> 4, 1, meters),
                settings,
                Instant.ofEpochMilli(NOON));
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private void pipe(String topic, @Nullable String key, byte @Nullable [] value) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(
                        new TestRecord<>(key == null ? null : key.getBytes(UTF_8), value, Instant.ofEpochMilli(NOON)));
    }

    private void event(long atMs) {
        pipe("in", null, ("{\"pump\":\"a\",\"at\":" + atMs + ",\"value\":1,\"load\":1}").getBytes(UTF_8));
    }

    private List<TestRecord<byte[], byte[]>> records(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private byte[] good(String topic) {
        Wire wire = Wire.writer(64);
        if (topic.equals(NAMES.ticks())) return new TickRecord("pumps", "a", stream.generation(), 1).encode(wire);
        DecodedEvent event = new DecodedEvent(stream.features());
        event.series = "a";
        event.timeMs = NOON;
        event.feature = DecodedEvent.WIDE;
        return EventRecord.encode(wire, "pumps", event);
    }

    private static String header(TestRecord<?, ?> record, String name) {
        return new String(
                Objects.requireNonNull(record.headers().lastHeader(name)).value(), UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.ticks", EVENTS})
    void everyKindOfPoisonHasOneDeadLetterAndStopsNothing(String topic) {
        event(NOON - 60_000);
        List<byte @Nullable []> poison =
                new ArrayList<>(Poison.kinds(good(topic)).values());
        for (byte @Nullable [] value : poison) pipe(topic, "pumps/a", value);
        pipe(topic, "pumps/other", good(topic));
        pipe(topic, null, good(topic));
        event(NOON - 10_000);

        List<TestRecord<byte[], byte[]>> letters = records(NAMES.deadLetters());
        assertThat(letters).hasSize(poison.size() + 2);
        assertThat(letters).allSatisfy(letter -> {
            assertThat(header(letter, DeadLetter.TOPIC)).isEqualTo(topic);
            assertThat(header(letter, DeadLetter.REASON)).isEqualTo("malformed-internal-record");
            assertThat(header(letter, DeadLetter.DETAIL)).isNotBlank();
        });
        assertThat(new String(letters.get(poison.size()).key(), UTF_8)).isEqualTo("pumps/other");
        assertThat(records(NAMES.samples())).hasSize(1);
        assertThat(meters.counter(MeterName.PASSED_OVER, "ingest").count()).isEqualTo(poison.size() + 2);
    }

    @Test
    void mutatedRecordsStopNothing() {
        Random random = new Random(8);
        for (int i = 0; i < 3_000; i++) {
            String topic = i % 2 == 0 ? NAMES.ticks() : EVENTS;
            pipe(topic, "pumps/a", Poison.mutated(good(topic), random));
        }
        assertThat(meters.counter(MeterName.PASSED_OVER, "ingest").count()).isBetween(1_500.0, 3_000.0);
        pipe("in", null, "{\"pump\":\"b\",\"at\":1717243200000,\"value\":1,\"load\":1}".getBytes(UTF_8));
        pipe("in", null, "{\"pump\":\"b\",\"at\":1717243210000,\"value\":1,\"load\":1}".getBytes(UTF_8));
        assertThat(records(NAMES.samples())).anyMatch(sample -> new String(sample.key(), UTF_8).equals("pumps/b"));
    }

    /** The producer's clock is wrong for one record, Kafka timestamp and all. */
    @Test
    void oneRecordOfTheYear2099MakesNoLaterOneLate() {
        event(NOON - 60_000);
        long wrong = Instant.parse("2099-01-01T00:00:00Z").toEpochMilli();
        byte[] value = ("{\"pump\":\"a\",\"at\":" + wrong + ",\"value\":1,\"load\":1}").getBytes(UTF_8);
        driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(null, value, Instant.ofEpochMilli(wrong)));
        for (int i = 5; i > 0; i--) event(NOON - i * 10_000);

        assertThat(records(NAMES.samples())).hasSize(5);
        List<TestRecord<byte[], byte[]>> letters = records(NAMES.deadLetters());
        assertThat(letters).hasSize(1);
        assertThat(header(letters.get(0), DeadLetter.REASON)).isEqualTo("too-far-future");
        assertThat(header(letters.get(0), DeadLetter.OFFSET)).isEqualTo("1");
        assertThat(records(NAMES.scores())).hasSize(1);
    }

    @Test
    void recordsWithoutAKafkaTimestampAreNotFromTheFuture() {
        byte[] value = ("{\"pump\":\"a\",\"at\":" + NOON + ",\"value\":1,\"load\":1}").getBytes(UTF_8);
        driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(null, value, Instant.ofEpochMilli(0)));
        assertThat(records(NAMES.scores())).isEmpty();
    }

    @Test
    void streamsThatAreNotDeclaredShareOneMeter() {
        DecodedEvent event = new DecodedEvent(1);
        event.series = "a";
        event.timeMs = NOON;
        event.feature = DecodedEvent.WIDE;
        for (int i = 0; i < 50; i++) {
            pipe(EVENTS, "s" + i + "/a", EventRecord.encode(Wire.writer(64), "s" + i, event));
        }
        assertThat(meters.counter(MeterName.DEAD_LETTERS, "-", "unknown-stream").count())
                .isEqualTo(50);
        assertThat(meters.registry().getMeters()).hasSizeLessThan(150);
    }
}
