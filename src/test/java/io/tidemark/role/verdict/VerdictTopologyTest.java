package io.tidemark.role.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.outcome.Pumps;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.LiveHeap;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Inference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerdictTopologyTest {
    private static final TopicNames NAMES = new TopicNames("t.");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final StreamSpec SPEC = Pumps.spec("[flow]", "");
    private static final String CHANGELOG = "t.verdict-" + VerdictTopology.STORE + "-changelog";
    /** So far from the usual that a series has it once in some ten thousand to a million steps. */
    private static final double FAULT_OF_A_BUDGET = 12;

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(Pumps.START_MS + 500));

    private final Meters meters = new Meters(new SimpleMeterRegistry());
    private final List<TopologyTestDriver> drivers = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void closeDrivers() {
        drivers.forEach(TopologyTestDriver::close);
    }

    private TopologyTestDriver driver() {
        return driver(SPEC, CLOCK);
    }

    private TopologyTestDriver driver(StreamSpec spec, InstantSource clock) {
        return driver(spec, clock, 1);
    }

    private TopologyTestDriver driver(StreamSpec spec, InstantSource clock, int partitions) {
        return driver(VerdictTopology.build(NAMES, List.of(spec), partitions, meters, clock));
    }

    private TopologyTestDriver driver(Topology topology) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, NAMES.role("verdict"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(
                StreamsConfig.STATE_DIR_CONFIG,
                folder.resolve("state" + drivers.size()).toString());
        TopologyTestDriver driver = new TopologyTestDriver(topology, settings);
        drivers.add(driver);
        return driver;
    }

    private static void pipe(TopologyTestDriver driver, String key, byte[] value) {
        TestInputTopic<byte[], byte[]> input =
                driver.createInputTopic(NAMES.inferences(), new ByteArraySerializer(), new ByteArraySerializer());
        input.pipeInput(key.getBytes(StandardCharsets.UTF_8), value, Pumps.START_MS);
    }

    private static void pipe(TopologyTestDriver driver, String series, long step, double fault) {
        double[] values = Pumps.values(series.hashCode(), step, 1, fault);
        pipe(driver, "pumps/" + series, Pumps.inference(series, step, values, Pumps.autoencoder(values)));
    }

    private static List<TestRecord<byte[], byte[]>> records(TopologyTestDriver driver, String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private static List<JsonNode> json(TopologyTestDriver driver, String topic) throws IOException {
        List<JsonNode> trees = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : records(driver, topic)) trees.add(MAPPER.readTree(record.value()));
        return trees;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String header(TestRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : text(header.value());
    }

    @Test
    void eachInferenceHasOneOutcomeUnderItsSeriesKey() throws IOException {
        TopologyTestDriver driver = driver();
        for (long s = 0; s < 50; s++) {
            pipe(driver, "a", s, 0);
            pipe(driver, "b/2", s, 0);
        }
        Set<String> seen = new HashSet<>();
        for (TestRecord<byte[], byte[]> record : records(driver, NAMES.scores())) {
            JsonNode score = MAPPER.readTree(record.value());
            assertThat(text(record.key()))
                    .isEqualTo("pumps/" + score.get("series").textValue());
            assertThat(seen.add(score.get("series") + "@" + score.get("step"))).isTrue();
        }
        assertThat(seen).hasSize(100);
        assertThat(meters.counter(MeterName.OUTCOMES, "pumps", "warming-up").count())
                .isEqualTo(60);
        assertThat(meters.counter(MeterName.OUTCOMES, "pumps", "scored").count())
                .isEqualTo(40);
    }

    @Test
    void aSeriesThatLeftTheHeapGoesOnAsIfItHadStayed() throws IOException {
        List<List<TestRecord<byte[], byte[]>>> written = new ArrayList<>();
        for (long room : new long[] {Long.MAX_VALUE, 0}) {
            TopologyTestDriver driver =
                    driver(VerdictTopology.build(NAMES, List.of(SPEC), 1, meters, CLOCK, new LiveHeap(room)));
            for (long s = 0; s < 400; s++) {
                pipe(driver, "a", s, s >= 300 && s < 305 ? 60 : 0);
                pipe(driver, "b/2", s, s >= 350 && s < 360 ? 6 : 0);
                pipe(driver, "b/", s, 0);
            }
            List<TestRecord<byte[], byte[]>> all = new ArrayList<>();
            for (String topic : List.of(NAMES.scores(), NAMES.alerts(), NAMES.gates(), NAMES.incidentInbox())) {
                all.addAll(records(driver, topic));
            }
            written.add(all);
        }
        assertThat(written.get(0)).hasSizeGreaterThan(3 * 400);
        assertThat(written.get(1)).hasSameSizeAs(written.get(0));
        for (int i = 0; i < written.get(0).size(); i++) {
            assertThat(text(written.get(1).get(i).value()))
                    .isEqualTo(text(written.get(0).get(i).value()));
        }
    }

    @Test
    void anAlertOpensAndIsResolvedAndCounted() throws IOException {
        TopologyTestDriver driver = driver();
        for (long s = 0; s < 450; s++) {
            pipe(driver, "a", s, s >= 300 && s < 305 ? 60 : 0);
            if (s == 302) assertThat(openAlerts()).isEqualTo(1);
        }
        assertThat(json(driver, NAMES.alerts()))
                .extracting(a -> a.get("state").textValue())
                .containsExactly("open", "resolved");
        assertThat(openAlerts()).isZero();
        assertThat(meters.counter(MeterName.ALERTS, "pumps", "open").count()).isEqualTo(1);
    }

    @Test
    void aSeriesThatIsSilentForLongIsForgottenAndItsAlertResolves() throws IOException {
        StreamSpec spec = Pumps.spec("[flow]", "limits: {expire: 10m}");
        InstantSource later = InstantSource.fixed(Instant.ofEpochMilli(Pumps.START_MS + 86_400_000));
        TopologyTestDriver driver = driver(spec, later);
        for (long s = 0; s < 303; s++) pipe(driver, "a", s, s >= 300 ? 60 : 0);
        assertThat(openAlerts()).isEqualTo(1);
        for (long s = 303; s < 400; s++) pipe(driver, "b", s, 0);

        List<JsonNode> alerts = json(driver, NAMES.alerts());
        assertThat(alerts.get(1).get("reason").textValue()).isEqualTo("series-expired");
        assertThat(openAlerts()).isZero();
        SeriesStore store = (SeriesStore) driver.getStateStore(VerdictTopology.STORE);
        List<String> stored = new ArrayList<>();
        store.forEachStored((key, open, newestMs, stale) -> stored.add(key));
        assertThat(stored).doesNotContain("pumps/a");
    }

    private double openAlerts() {
        return meters.level(MeterName.ALERTS_OPEN, "pumps").value();
    }

    @Test
    void aTaskRestoredFromItsChangelogSaysTheSameBytes() {
        TopologyTestDriver never = driver();
        TopologyTestDriver first = driver();
        for (long s = 0; s < 320; s++) {
            pipe(never, "a", s, s >= 300 ? 60 : 0);
            pipe(first, "a", s, s >= 300 ? 60 : 0);
        }
        TopologyTestDriver second = driver();
        SeriesStore store = (SeriesStore) second.getStateStore(VerdictTopology.STORE);
        for (TestRecord<byte[], byte[]> slot : records(first, CHANGELOG)) {
            store.wrapped().put(Bytes.wrap(slot.key()), slot.value());
        }
        records(never, NAMES.scores());
        for (long s = 320; s < 480; s++) {
            pipe(never, "a", s, 0);
            pipe(second, "a", s, 0);
        }
        for (String topic : List.of(NAMES.scores(), NAMES.gates())) {
            List<TestRecord<byte[], byte[]>> expected = records(never, topic);
            List<TestRecord<byte[], byte[]>> restored = records(second, topic);
            expected = expected.subList(expected.size() - restored.size(), expected.size());
            assertThat(restored).isNotEmpty();
            for (int i = 0; i < restored.size(); i++) {
                assertThat(restored.get(i).value()).isEqualTo(expected.get(i).value());
            }
        }
        assertThat(records(second, NAMES.alerts())).hasSize(1);
    }

    @Test
    void theMoreSeriesShareTheBudgetOfAStreamTheRarerIsWhatAlerts() throws IOException {
        StreamSpec shared = Pumps.spec("[flow]", "verdict: {stream-budget: 1 / hour}");
        assertThat(alertsAmong(shared, 1)).isEqualTo(1);
        assertThat(alertsAmong(shared, 1000)).isZero();
        assertThat(alertsAmong(SPEC, 1000)).isEqualTo(1);
    }

    /** Alerts of a series with a moderate fault in a topic of so many partitions, each of which has as many series. */
    private long alertsAmong(StreamSpec spec, int partitions) throws IOException {
        TopologyTestDriver driver = driver(spec, CLOCK, partitions);
        for (long s = 0; s < 1200; s++) pipe(driver, "a", s, s == 1190 ? FAULT_OF_A_BUDGET : 0);
        return json(driver, NAMES.alerts()).stream()
                .filter(alert -> alert.get("state").textValue().equals("open"))
                .count();
    }

    @Test
    void aSeriesWhoseStoredCalibrationIsOfAnotherVersionIsCountedAndGoesOn() throws IOException {
        TopologyTestDriver first = driver();
        for (long s = 0; s < 20; s++) pipe(first, "a", s, 0);
        TopologyTestDriver second = driver();
        SeriesStore store = (SeriesStore) second.getStateStore(VerdictTopology.STORE);
        for (TestRecord<byte[], byte[]> slot : records(first, CHANGELOG)) {
            byte[] moved = slot.key().clone();
            boolean isCalibration = moved[0] == 2 && moved[moved.length - 2] == 0 && moved[moved.length - 1] > 2;
            if (isCalibration) moved[moved.length - 1]++;
            store.wrapped().put(Bytes.wrap(moved), slot.value());
        }
        for (long s = 20; s < 40; s++) pipe(second, "a", s, 0);
        assertThat(json(second, NAMES.scores()))
                .hasSize(20)
                .allSatisfy(score -> assertThat(score.get("status").textValue()).isEqualTo("warming-up"));
        assertThat(meters.counter(MeterName.CALIBRATIONS_LOST, "pumps").count()).isEqualTo(1);
    }

    @Test
    void aRestartedTaskKnowsItsOpenAlertsBeforeAnyRecord() {
        TopologyTestDriver first = driver();
        for (long s = 0; s < 302; s++) pipe(first, "a", s, s >= 300 ? 60 : 0);
        assertThat(openAlerts()).isEqualTo(1);
        drivers.remove(first);
        first.close();
        assertThat(openAlerts()).isZero();
    }

    @Test
    void aFailedInferenceIsRejected() throws IOException {
        TopologyTestDriver driver = driver();
        Consumer<Inference> failure = i -> i.failure = "poison: the batch fails with this sample";
        pipe(driver, "pumps/a", Pumps.inference("a", 0, new double[] {1}, failure));
        JsonNode score = json(driver, NAMES.scores()).get(0);
        assertThat(score.get("status").textValue()).isEqualTo("rejected");
        assertThat(score.get("reason").textValue()).startsWith("poison");
        assertThat(score.at("/events/0/offset").intValue()).isZero();
    }

    @Test
    void anUnknownStreamIsRejectedAndKeptAsADeadLetter() throws IOException {
        TopologyTestDriver driver = driver();
        byte[] inference = Pumps.inference("boilers", 1, "x", 5, new double[] {1, 2}, i -> {});
        pipe(driver, "boilers/x", inference);
        JsonNode score = json(driver, NAMES.scores()).get(0);
        assertThat(score.get("stream").textValue()).isEqualTo("boilers");
        assertThat(score.get("reason").textValue()).isEqualTo("unknown-stream");
        assertThat(score.at("/events/0/offset").intValue()).isEqualTo(5);
        TestRecord<byte[], byte[]> letter = records(driver, NAMES.deadLetters()).get(0);
        assertThat(letter.value()).isEqualTo(inference);
        assertThat(header(letter, DeadLetter.REASON)).isEqualTo("unknown-stream");
        assertThat(header(letter, DeadLetter.STREAM)).isEqualTo("boilers");
    }

    @Test
    void aCutInferenceIsADeadLetterAndTheNextOneIsJudged() throws IOException {
        TopologyTestDriver driver = driver();
        byte[] whole = Pumps.inference("a", 0, new double[] {1}, i -> {});
        pipe(driver, "pumps/a", Arrays.copyOf(whole, whole.length - 3));
        pipe(driver, "pumps/a", whole);
        TestRecord<byte[], byte[]> letter = records(driver, NAMES.deadLetters()).get(0);
        assertThat(header(letter, DeadLetter.TOPIC)).isEqualTo(NAMES.inferences());
        assertThat(header(letter, DeadLetter.OFFSET)).isEqualTo("0");
        assertThat(header(letter, DeadLetter.REASON)).isEqualTo("malformed-inference");
        assertThat(header(letter, DeadLetter.LENGTH)).isEqualTo(Integer.toString(whole.length - 3));
        assertThat(header(letter, DeadLetter.SHA256)).hasSize(64);
        assertThat(json(driver, NAMES.scores())).hasSize(1);
    }

    @Test
    void gatesAreKeyedBySeriesAndReadable() {
        TopologyTestDriver driver = driver();
        for (long s = 0; s < 64; s++) pipe(driver, "a", s, 0);
        List<TestRecord<byte[], byte[]>> gates = records(driver, NAMES.gates());
        assertThat(gates).isNotEmpty();
        assertThat(text(gates.get(0).key())).isEqualTo("pumps/a");
        assertThat(Gate.decode(gates.get(0).value()).fromStep()).isZero();
    }

    @Test
    void theDescribedTopologyIsTheGoldenOne() throws IOException {
        Path golden = Path.of("topology", "described", "verdict.txt");
        String described = VerdictTopology.build(
                        new TopicNames(TopicNames.DEFAULT_PREFIX), List.of(SPEC), 1, meters, CLOCK)
                .describe()
                .toString();
        if (Boolean.getBoolean("golden.update")) Files.writeString(golden, described);
        assertThat(described).isEqualTo(Files.readString(golden));
    }
}
