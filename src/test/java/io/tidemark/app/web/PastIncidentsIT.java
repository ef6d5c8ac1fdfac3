package io.tidemark.app.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.Eventually;
import io.tidemark.config.TopicNames;
import io.tidemark.image.decode.TestImages;
import io.tidemark.judge.incident.IncidentRecords;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.net.network.Zoo;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An incident of long ago: its steps and its first frames are read again from the topics, and its page shows them. */
final class PastIncidentsIT {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long STEP_MS = 1_000;
    private static final int BEFORE = 100;
    private static final int AFTER = 500;
    private static final int PARTITIONS = 3;
    private static final String FIRST = "host-17";
    private static final String CAMERA = "host-3";

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final TopicNames names = new TopicNames(kafka.prefix());
    private final KafkaConnection connection = kafka.connection(names);
    private final HttpClient http = HttpClient.newHttpClient();
    private JsonNode incident = JSON.createObjectNode();
    private WebConsole console;

    private static byte[] picture(int shade) {
        return TestImages.encode(TestImages.grey(8, 8, (x, y) -> shade), "png");
    }

    @BeforeEach
    void records() throws Exception {
        for (String topic : List.of("incidents", "alerts", "forecasts", "dead-letters", "incident-inbox", "feedback")) {
            kafka.topic(topic, 1);
        }
        for (String topic : List.of("scores", "anomaly-maps", "reconstructions")) kafka.topic(topic, PARTITIONS);
        byte[] record = Objects.requireNonNull(IncidentRecords.all().get("incident.resolved"));
        incident = JSON.readTree(record);
        long sinceMs = timeMs("since");
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (String series : List.of(FIRST, CAMERA)) {
                for (int step = -BEFORE; step < AFTER; step++) {
                    boolean strange = step >= 0 && step < 90;
                    long atMs = sinceMs + step * STEP_MS;
                    ObjectNode score = ScoreRecords.of("hosts", series, atMs, step, strange ? 0.9 : 0.1);
                    if (series.equals(CAMERA))
                        score.putObject("frame").put("width", 8).put("height", 8);
                    send(producer, names.scores(), series, atMs, JSON.writeValueAsBytes(score));
                }
            }
            // its alert began 20 s after the incident
            for (int step : List.of(0, 19, 20, 40, 400)) {
                for (String topic : List.of(names.anomalyMaps(), names.reconstructions())) {
                    send(producer, topic, CAMERA, sinceMs + step * STEP_MS, picture(step % 256));
                }
            }
            producer.send(new ProducerRecord<>(names.incidents(), 0, timeMs("time"), new byte[] {1}, record));
        }
        Access access = new Access("127.0.0.1", "ann:x", "");
        console = new WebConsole(connection, List.of(), new Zoo(Map.of()), 0, access, InstantSource.system());
    }

    @AfterEach
    void close() {
        console.close();
    }

    private long timeMs(String field) {
        return Instant.parse(incident.get(field).asText()).toEpochMilli();
    }

    private void send(Producer<byte[], byte[]> producer, String topic, String series, long atMs, byte[] value) {
        String key = TopicNames.key("hosts", series);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, TopicNames.partition(key, PARTITIONS), atMs, key.getBytes(UTF_8), value);
        record.headers().add("ce_time", Instant.ofEpochMilli(atMs).toString().getBytes(UTF_8));
        producer.send(record);
    }

    private String id() {
        return URLEncoder.encode(incident.get("id").asText(), UTF_8);
    }

    private byte[] get(String what) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + console.port() + "/api/v1/" + what))
                .header("Authorization", "Basic YW5uOng=")
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    }

    private JsonNode moment() {
        return Eventually.gives(
                WITHIN,
                "the incident's time was read",
                () -> JSON.readTree(get("incident-points?id=" + id())),
                json -> json.path("complete").asBoolean());
    }

    @Test
    void itsStepsAreThoseOfItsOwnTimeThoughTheConsoleKeepsNewerOnes() throws Exception {
        JsonNode moment = moment();
        assertThat(moment.path("why").asText()).isEmpty();
        assertThat(moment.get("series")).hasSize(2);
        JsonNode first = moment.at("/series/0");
        assertThat(first.get("series").asText()).isEqualTo(FIRST);
        long sinceMs = timeMs("since");
        List<Long> times = JSON.convertValue(
                first.get("times"), JSON.getTypeFactory().constructCollectionType(List.class, Long.class));
        assertThat(times.get(0)).isEqualTo(sinceMs - IncidentWindow.STEPS_BEFORE * STEP_MS);
        assertThat(times.get(times.size() - 1)).isEqualTo(timeMs("until") + IncidentWindow.STEPS_AFTER * STEP_MS);
        assertThat(times).isSorted().doesNotHaveDuplicates();
        JsonNode flow = first.at("/features/0/values");
        assertThat(flow).hasSize(times.size());
        assertThat(flow.get(IncidentWindow.STEPS_BEFORE).asInt())
                .as("the step in which it began")
                .isZero();
        assertThat(first.at("/contribution/0/feature").asText()).isEqualTo("flow");
        assertThat(first.at("/contribution/0/share").asDouble()).isEqualTo(90);
    }

    @Test
    void itsPicturesAreTheFirstOnesOfItsSeriesAlert() throws Exception {
        JsonNode pictures = moment().get("pictures");
        assertThat(pictures.findValuesAsText("kind")).containsExactly("map", "reconstruction");
        assertThat(pictures.at("/0/time").asLong()).isEqualTo(timeMs("since") + 20 * STEP_MS);
        String of = "frame?kind=map&stream=hosts&series=" + CAMERA;
        assertThat(get(of + "&incident=" + id())).isEqualTo(picture(20));
        assertThat(get(of)).as("the newest is another").isEqualTo(picture(400 % 256));
    }

    @Test
    void itsPageShowsThemAndLabelsEverySeries() throws Exception {
        Assumptions.assumeTrue(Browser.isThere(), "chromium is not on the PATH");
        try (Browser browser = new Browser(1280, 1400, false)) {
            browser.open("http://ann:x@127.0.0.1:" + console.port() + "/#/incident/" + id());
            Eventually.passes(
                    WITHIN,
                    () -> assertThat(browser.text())
                            .contains("Frames of its time")
                            .contains("what was strange"));
            assertThat(browser.value("document.querySelectorAll('.moment .uplot').length")
                            .asInt())
                    .as("of each series a feature and the score")
                    .isEqualTo(4);
            assertThat(browser.value("document.getElementById('which').value").asText())
                    .as("what moved first is asked of first")
                    .isEqualTo("hosts/" + FIRST);
            browser.value("const w = document.getElementById('which'); w.value = 'hosts/" + CAMERA
                    + "'; w.dispatchEvent(new Event('change'))");
            browser.click("#normal");
            Eventually.passes(WITHIN, () -> assertThat(browser.text()).contains(CAMERA + " was labelled normal."));
            browser.value("(w => { w.value = ''; w.dispatchEvent(new Event('change')) })"
                    + "(document.getElementById('which'))");
            browser.click("#anomaly");
            Eventually.passes(WITHIN, () -> assertThat(browser.text()).contains("2 series were labelled anomaly."));
            assertThat(kafka.read(names.feedback(), 3).stream()
                            .map(r -> new String(r.key(), UTF_8))
                            .toList())
                    .containsExactly("hosts/" + CAMERA, "hosts/" + FIRST, "hosts/" + CAMERA);
            assertThat(browser.errors).isEmpty();
        }
    }
}
