package io.tidemark.role.verdict;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.incident.IncidentAction;
import io.tidemark.judge.incident.PastIncident;
import io.tidemark.judge.outcome.Pumps;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import java.io.IOException;
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
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second stage of the verdict, from alerts to incidents. */
final class IncidentTopologyTest {
    private static final TopicNames NAMES = new TopicNames("t.");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String CHANGELOG = "t.verdict-" + VerdictTopology.INCIDENT_STORE + "-changelog";

    private final StreamSpec pumps = Pumps.spec("[flow]", "");
    private final Meters meters = new Meters(new SimpleMeterRegistry());
    private final List<TopologyTestDriver> drivers = new ArrayList<>();
    private long nowMs = Pumps.START_MS;

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        drivers.forEach(TopologyTestDriver::close);
    }

    private TopologyTestDriver driver() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, NAMES.role("verdict"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(
                StreamsConfig.STATE_DIR_CONFIG,
                folder.resolve("state" + drivers.size()).toString());
        TopologyTestDriver driver = new TopologyTestDriver(
                VerdictTopology.build(NAMES, List.of(pumps), 1, meters, () -> Instant.ofEpochMilli(nowMs)), settings);
        drivers.add(driver);
        return driver;
    }

    private void pass(TopologyTestDriver driver, Duration time) {
        nowMs += time.toMillis();
        driver.advanceWallClockTime(time);
    }

    private static void inbox(TopologyTestDriver driver, byte[] value) {
        driver.createInputTopic(NAMES.incidentInbox(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput("pumps".getBytes(UTF_8), value, Pumps.START_MS);
    }

    /** A fault of one pump, judged, whose alerts come to the inbox as a broker would bring them. */
    private static void fault(TopologyTestDriver driver, long from, long to) {
        var input = driver.createInputTopic(NAMES.inferences(), new ByteArraySerializer(), new ByteArraySerializer());
        for (long s = from; s < to; s++) {
            double[] values = Pumps.values("a".hashCode(), s, 1, s >= 300 && s < 305 ? 60 : 0);
            input.pipeInput(
                    "pumps/a".getBytes(UTF_8),
                    Pumps.inference("a", s, values, Pumps.autoencoder(values)),
                    Pumps.START_MS);
        }
    }

    private static List<TestRecord<byte[], byte[]>> records(TopologyTestDriver driver, String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private static List<JsonNode> incidents(TopologyTestDriver driver) throws IOException {
        List<JsonNode> trees = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : records(driver, NAMES.incidents())) {
            trees.add(MAPPER.readTree(record.value()));
            assertThat(new String(record.key(), UTF_8))
                    .isEqualTo(trees.get(trees.size() - 1).get("id").asText());
        }
        return trees;
    }

    private double open(String severity) {
        return meters.level(MeterName.INCIDENTS_OPEN, "pumps", severity).value();
    }

    @Test
    void anAlertBecomesAnIncidentThatIsTakenAndResolves() throws IOException {
        TopologyTestDriver driver = driver();
        fault(driver, 0, 303);
        List<JsonNode> begun = incidents(driver);
        assertThat(begun).extracting(i -> i.get("state").asText()).containsExactly("pending");
        String severity = begun.get(0).get("severity").asText();
        assertThat(open(severity)).isEqualTo(1);
        pass(driver, Duration.ofSeconds(11));
        String id = begun.get(0).get("id").asText();
        inbox(driver, new IncidentAction(id, "ann", "").encode());
        fault(driver, 303, 450);
        pass(driver, Duration.ofSeconds(1));
        pass(driver, Duration.ofSeconds(70));
        assertThat(incidents(driver))
                .extracting(i -> i.get("state").asText())
                .containsSubsequence("open", "acknowledged", "resolved");
        assertThat(open(severity)).isZero();
        assertThat(meters.counter(MeterName.INCIDENTS, "pumps", "open").count()).isEqualTo(1);
        inbox(driver, new IncidentAction(id, "ann", "").encode());
        assertThat(reasons(driver)).containsExactly("unknown-incident");
    }

    @Test
    void aTaskRestoredFromItsChangelogGoesOnWithItsIncidents() throws IOException {
        TopologyTestDriver first = driver();
        fault(first, 0, 303);
        List<TestRecord<byte[], byte[]>> changelog = records(first, CHANGELOG);
        TopologyTestDriver second = driver();
        var store =
                second.<org.apache.kafka.common.utils.Bytes, byte[]>getKeyValueStore(VerdictTopology.INCIDENT_STORE);
        for (var record : changelog) store.put(org.apache.kafka.common.utils.Bytes.wrap(record.key()), record.value());
        IncidentStore restored = new IncidentStore(store);
        List<String> ids = new ArrayList<>();
        restored.forEach((head, members) -> ids.add(head.group() + " " + members.size()));
        assertThat(ids).containsExactly("pumps 1");
    }

    @Test
    void aTaskRestoredFromItsChangelogKnowsItsPastIncidentsAndWhatPeopleSaidOfThem() throws IOException {
        TopologyTestDriver first = driver();
        fault(first, 0, 450);
        pass(first, Duration.ofSeconds(11));
        pass(first, Duration.ofSeconds(70));
        JsonNode over = incidents(first).stream()
                .filter(i -> i.has("until"))
                .findFirst()
                .orElseThrow();
        label(first, over.get("since").asText(), "normal");
        List<TestRecord<byte[], byte[]>> changelog = records(first, CHANGELOG);
        TopologyTestDriver second = driver();
        var store =
                second.<org.apache.kafka.common.utils.Bytes, byte[]>getKeyValueStore(VerdictTopology.INCIDENT_STORE);
        for (var record : changelog) store.put(org.apache.kafka.common.utils.Bytes.wrap(record.key()), record.value());
        List<PastIncident> past = new ArrayList<>();
        new IncidentStore(store).forEachPast(past::add);
        assertThat(past).singleElement().satisfies(one -> {
            assertThat(one.id()).isEqualTo(over.get("id").asText());
            assertThat(one.label()).isEqualTo("normal");
        });
    }

    private static void label(TopologyTestDriver driver, String time, String label) {
        String json = "{\"stream\":\"pumps\",\"series\":\"a\",\"from\":\"" + time + "\",\"label\":\"" + label + "\"}";
        driver.createInputTopic(NAMES.feedback(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(null, json.getBytes(UTF_8), Pumps.START_MS);
    }

    @Test
    void whatTheInboxCannotReadIsADeadLetter() {
        TopologyTestDriver driver = driver();
        for (String value : List.of("{", "[]", "{}", "{\"action\":\"explode\",\"incident\":\"a@b\"}")) {
            inbox(driver, value.getBytes(UTF_8));
        }
        String alert =
                "{\"state\":\"open\",\"id\":\"x\",\"stream\":\"nobody\",\"series\":\"a\",\"since\":\"2026-01-01T00:00:00Z\","
                        + "\"time\":\"2026-01-01T00:00:00Z\",\"peak_time\":\"2026-01-01T00:00:00Z\",\"kind\":\"level\"}";
        inbox(driver, alert.getBytes(UTF_8));
        inbox(driver, alert.replace("T00:00:00Z\",\"time", "\",\"time").getBytes(UTF_8));
        assertThat(reasons(driver))
                .containsExactly(
                        "malformed-incident-record",
                        "malformed-incident-record",
                        "malformed-incident-record",
                        "malformed-incident-record",
                        "unknown-stream",
                        "malformed-incident-record");
    }

    private static List<String> reasons(TopologyTestDriver driver) {
        return records(driver, NAMES.deadLetters()).stream()
                .map(r -> new String(r.headers().lastHeader(DeadLetter.REASON).value(), UTF_8))
                .toList();
    }
}
