package io.tidemark.role.verdict;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Poison;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.outcome.Pumps;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
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

/** Records on the topics that the verdict reads are passed over unless they are what they should be, whoever wrote them. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields before a test
class VerdictPoisonTest {
    private static final TopicNames NAMES = new TopicNames("t.");
    private static final String LABEL = "{\"stream\":\"pumps\",\"series\":\"a\",\"from\":\"2024-01-01T00:00:00Z\","
            + "\"to\":\"2024-01-01T00:01:00Z\",\"label\":\"anomaly\"}";

    private final Meters meters = new Meters(new SimpleMeterRegistry());
    private TopologyTestDriver driver;

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, NAMES.role("verdict"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
        InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(Pumps.START_MS + 500));
        driver = new TopologyTestDriver(
                VerdictTopology.build(NAMES, List.of(Pumps.spec("[flow]", "")), 1, meters, clock), settings);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private void pipe(String topic, @Nullable String key, byte @Nullable [] value) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key == null ? null : key.getBytes(UTF_8), value, Instant.ofEpochMilli(1)));
    }

    private List<TestRecord<byte[], byte[]>> records(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private static byte[] inference(long step) {
        double[] values = Pumps.values(3, step, 1, 0);
        return Pumps.inference("a", step, values, Pumps.autoencoder(values));
    }

    private static byte[] good(String topic) {
        return topic.equals("t.inferences") ? inference(1) : LABEL.getBytes(UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.inferences", "t.labels", "t.feedback"})
    void everyKindOfPoisonHasOneDeadLetterAndStopsNothing(String topic) {
        pipe("t.inferences", "pumps/a", inference(0));
        List<byte @Nullable []> poison =
                new ArrayList<>(Poison.kinds(good(topic)).values());
        for (byte @Nullable [] value : poison) pipe(topic, "pumps/a", value);
        int strangers = poison.size() - (topic.equals("t.labels") ? 1 : 0); // a tombstone there takes a label back
        if (!topic.equals("t.feedback")) {
            pipe(topic, "pumps/other", good(topic));
            pipe(topic, null, good(topic));
            strangers += 2;
        }
        pipe("t.inferences", "pumps/a", inference(2));

        List<TestRecord<byte[], byte[]>> letters = records(NAMES.deadLetters());
        assertThat(letters)
                .hasSize(strangers)
                .allSatisfy(letter -> assertThat(new String(
                                Objects.requireNonNull(letter.headers().lastHeader(DeadLetter.TOPIC))
                                        .value(),
                                UTF_8))
                        .isEqualTo(topic));
        assertThat(records(NAMES.scores())).hasSize(2);
        assertThat(meters.counter(MeterName.PASSED_OVER, "verdict").count()).isEqualTo(strangers);
    }

    @Test
    void mutatedRecordsHaveOneOutcomeEachAndStopNothing() {
        Random random = new Random(4);
        int count = 3_000;
        for (int i = 0; i < count; i++) pipe("t.inferences", "pumps/a", Poison.mutated(inference(i), random));
        for (int i = 0; i < count; i++) {
            pipe("t.labels", "pumps/a@1-2", Poison.mutated(LABEL.getBytes(UTF_8), random));
            pipe("t.feedback", "x", Poison.mutated(LABEL.getBytes(UTF_8), random));
        }
        int letters = (int) records(NAMES.deadLetters()).stream()
                .filter(letter -> new String(
                                Objects.requireNonNull(letter.headers().lastHeader(DeadLetter.TOPIC))
                                        .value(),
                                UTF_8)
                        .equals("t.inferences"))
                .count();
        assertThat(letters + records(NAMES.scores()).size()).isEqualTo(count);
        assertThat(letters).isBetween(1_000, count);
    }
}
