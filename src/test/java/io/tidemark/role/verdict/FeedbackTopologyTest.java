package io.tidemark.role.verdict;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.feedback.FeedbackDecoder;
import io.tidemark.judge.feedback.FeedbackReason;
import io.tidemark.judge.outcome.Pumps;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
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

/** From {@code feedback} through {@code labels} to what the verdict does. */
final class FeedbackTopologyTest {
    private static final TopicNames NAMES = new TopicNames("t.");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final StreamSpec SPEC = Pumps.spec("[flow]", "learning: {chunk: 1}");

    private final Meters meters = new Meters(new SimpleMeterRegistry());

    @SuppressWarnings("NullAway.Init")
    private TopologyTestDriver driver;

    @TempDir
    Path folder;

    @BeforeEach
    void openDriver() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, NAMES.role("verdict"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(Pumps.START_MS));
        driver = new TopologyTestDriver(VerdictTopology.build(NAMES, List.of(SPEC), 1, meters, clock), settings);
    }

    @AfterEach
    void closeDriver() {
        driver.close();
    }

    private void pipe(String topic, byte @Nullable [] key, byte @Nullable [] value) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, value, Instant.ofEpochMilli(Pumps.START_MS + 7)));
    }

    private void steps(long from, long to, double fault) {
        for (long s = from; s < to; s++) {
            double[] values = Pumps.values(1, s, 1, fault);
            byte[] inference = Pumps.inference("hall@3/p1", s, values, Pumps.autoencoder(values));
            pipe(NAMES.inferences(), "pumps/hall@3/p1".getBytes(UTF_8), inference);
        }
    }

    private static Feedback feedback(String stream, String series, long step, boolean anomaly) {
        long timeMs = Pumps.START_MS + step * Pumps.STEP_MS;
        return new Feedback(stream, series, timeMs, timeMs, anomaly, "ann", "");
    }

    private void say(Feedback feedback) {
        pipe(NAMES.feedback(), null, feedback.encode());
    }

    private List<TestRecord<byte[], byte[]>> records(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private List<Label> labelsAmongGates() {
        List<Label> labels = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : records(NAMES.gates())) {
            if (Label.isLabel(record.value())) labels.add(Label.decode(record.value()));
        }
        return labels;
    }

    private static String header(TestRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    @Test
    void feedbackThatIsAcceptedIsALabelUnderTheKeyOfItsStretchAndGoesToTheLearner() {
        steps(0, 10, 0);
        Feedback said = feedback("pumps", "hall@3/p1", 4, true);
        say(said);
        TestRecord<byte[], byte[]> label = records(NAMES.labels()).get(0);
        assertThat(new String(label.key(), UTF_8)).isEqualTo(said.key());
        assertThat(label.timestamp()).isEqualTo(Pumps.START_MS + 7);
        assertThat(FeedbackDecoder.decode(label.value())).isEqualTo(said);
        assertThat(labelsAmongGates()).containsExactly(said.toLabel());
        assertThat(meters.counter(MeterName.LABELS, "pumps", "anomaly").count()).isEqualTo(1);
        assertThat(meters.counter(MeterName.LABELS, "pumps", "normal").count()).isZero();
        assertThat(records(NAMES.deadLetters())).isEmpty();
    }

    @Test
    void anAlertThatAPersonCallsNormalIsResolvedAndCounted() throws IOException {
        steps(0, 300, 0);
        steps(300, 310, 60);
        say(feedback("pumps", "hall@3/p1", 305, false));
        List<TestRecord<byte[], byte[]>> alerts = records(NAMES.alerts());
        JsonNode resolved = MAPPER.readTree(alerts.get(1).value());
        assertThat(resolved.get("reason").textValue()).isEqualTo("labelled-normal");
        assertThat(new String(alerts.get(1).key(), UTF_8)).isEqualTo("pumps/hall@3/p1");
        assertThat(meters.level(MeterName.ALERTS_OPEN, "pumps").value()).isZero();
        records(NAMES.gates());
        steps(310, 320, 60);
        assertThat(records(NAMES.gates()))
                .allSatisfy(
                        gate -> assertThat(Gate.decode(gate.value()).teach()).isTrue());
        assertThat(records(NAMES.alerts())).isEmpty();
    }

    private void refused(byte @Nullable [] value, FeedbackReason reason) {
        byte[] key = {1, 2};
        pipe(NAMES.feedback(), key, value);
        List<TestRecord<byte[], byte[]>> letters = records(NAMES.deadLetters());
        assertThat(letters).as(reason.label()).hasSize(1);
        assertThat(letters.get(0).value()).isEqualTo(value);
        assertThat(letters.get(0).key()).isEqualTo(key);
        assertThat(header(letters.get(0), DeadLetter.REASON)).isEqualTo(reason.label());
        assertThat(header(letters.get(0), DeadLetter.TOPIC)).isEqualTo(NAMES.feedback());
        assertThat(records(NAMES.labels())).isEmpty();
        assertThat(meters.counter(MeterName.DEAD_LETTERS, "-", reason.label()).count())
                .isPositive();
    }

    @Test
    void feedbackThatCannotBeUsedIsADeadLetterWithItsReason() {
        steps(0, 10, 0);
        refused(null, FeedbackReason.MALFORMED);
        refused("no".getBytes(UTF_8), FeedbackReason.MALFORMED);
        refused(new byte[Feedback.BYTES_MAX + 1], FeedbackReason.TOO_LARGE);
        String stretch = "{\"stream\":\"pumps\",\"series\":\"p1\",\"label\":\"normal\",\"from\":%d,\"to\":%d}";
        refused(stretch.formatted(2, 1).getBytes(UTF_8), FeedbackReason.BACKWARDS);
        refused(stretch.formatted(0, 40L * 86_400_000).getBytes(UTF_8), FeedbackReason.TOO_LONG);
        refused(feedback("boilers", "p1", 4, true).encode(), FeedbackReason.UNKNOWN_STREAM);
        say(feedback("pumps", "hall@3/p1", 4, true));
        assertThat(records(NAMES.labels())).hasSize(1);
    }

    @Test
    void aLabelOfASeriesThatNeverHadAStepIsTakenBack() {
        say(feedback("pumps", "p9", 4, true));
        List<TestRecord<byte[], byte[]>> labels = records(NAMES.labels());
        assertThat(labels).hasSize(2);
        assertThat(labels.get(1).key()).isEqualTo(labels.get(0).key());
        assertThat(labels.get(1).value()).isNull();
        TestRecord<byte[], byte[]> letter = records(NAMES.deadLetters()).get(0);
        assertThat(header(letter, DeadLetter.REASON)).isEqualTo("unknown-series");
        assertThat(header(letter, DeadLetter.STREAM)).isEqualTo("pumps");
        assertThat(meters.counter(MeterName.DEAD_LETTERS, "pumps", "unknown-series")
                        .count())
                .isEqualTo(1);
        assertThat(labelsAmongGates()).isEmpty();
        SeriesStore store = (SeriesStore) driver.getStateStore(VerdictTopology.STORE);
        store.forEachStored(
                (series, open, newestMs, stale) -> assertThat(series).isNull());
    }

    @Test
    void aForeignRecordOnLabelsIsADeadLetter() {
        pipe(NAMES.labels(), "x".getBytes(UTF_8), "y".getBytes(UTF_8));
        assertThat(header(records(NAMES.deadLetters()).get(0), DeadLetter.REASON))
                .isEqualTo("malformed-feedback");
        steps(0, 1, 0);
        assertThat(records(NAMES.scores())).hasSize(1);
    }

    @Test
    void labelsLieInThePartitionOfTheirSeries() {
        for (String series : List.of("p1", "hall@3/p1", "@", "a@1-2")) {
            byte[] key = feedback("pumps", series, 4, true).key().getBytes(UTF_8);
            assertThat(VerdictTopology.labelPartition("labels", key, key, 7))
                    .hasValueSatisfying(partitions ->
                            assertThat(partitions).containsExactly(TopicNames.partition("pumps/" + series, 7)));
        }
    }
}
