package io.tidemark.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.Eventually;
import io.tidemark.app.web.Browser;
import io.tidemark.app.web.ConsoleViews;
import io.tidemark.image.decode.TestImages;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.metrics.MeterName;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.RegistryView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a fault to its resolution, as people live it: eight series of one stream and a frame of another go wrong, which is one incident and one notification; it is
 * looked at, taken and labelled in the browser, and resolves.
 */
class OperatorRunIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final int STEP_S = 10;
    private static final int HOSTS = 8;
    /** Steps after which networks have been taught, and after which they have scored for a while. */
    private static final int TAUGHT = 500;

    private static final int CALM = 600;
    private static final int FAULT_STEPS = 12;
    /** Every alert has ended by then, and no forecast that was issued during the fault, 128 steps ahead, has come due. */
    private static final int OVER = CALM + 120;

    private static final int SIDE = 48;

    private static final String HOST_STREAM = """
            stream: hosts
            about: Disk throughput of the hosts of hall 3
            input: {topic: plant.hosts, time: time, series: [host], features: [disk_io]}
            step: 10s
            networks: [conv-forecaster]
            learning: {first-rows: 1000, first-steps: 100, publish-rows: 1000000}
            incidents: {group: plant, settle: 5s, quiet: 1s}
            """;
    private static final String CAMERA_STREAM = """
            stream: camera
            about: Plates on line 1
            input: {topic: plant.camera, format: image, image: {width: 32, height: 32}}
            networks: [image-dense-ae]
            outputs: {anomaly-maps: true, reconstructions: true}
            learning: {first-rows: 128, first-steps: 60, publish-rows: 1000000}
            incidents: {group: plant, settle: 5s, quiet: 1s}
            """;

    private static final List<ModelId> MODELS =
            List.of(new ModelId("hosts", "conv-forecaster"), new ModelId("camera", "image-dense-ae"));

    @TempDir
    Path folder;

    private static Instant time(int step) {
        return BEGIN.plusSeconds((long) STEP_S * step);
    }

    /** Every host's reports of some steps; with a fault the first host moves one step before the others. */
    private static void report(Producer<byte[], byte[]> producer, int fromStep, int toStep, double fault) {
        for (int step = fromStep; step < toStep; step++) {
            for (int host = 0; host < HOSTS; host++) {
                boolean strange = fault > 0 && (host == 0 || step > fromStep);
                double noise = new SplittableRandom(step * 1000L + host).nextGaussian();
                double wave = 12 * Math.sin(step * 2 * Math.PI / 90 + host);
                String event = "{\"time\":\"" + time(step) + "\",\"host\":\"host-" + host + "\",\"disk_io\":"
                        + (100 + wave + 2 * noise + (strange ? fault : 0)) + "}";
                producer.send(new ProducerRecord<>("plant.hosts", 0, null, event.getBytes(UTF_8)));
            }
        }
    }

    /** A plate with soft stripes; a damaged one has a bright spot. */
    private static void photograph(Producer<byte[], byte[]> producer, int step, boolean damaged) {
        SplittableRandom random = new SplittableRandom(step);
        double phase = 0.1 * random.nextDouble();
        double light = 110 + 0.5 * random.nextGaussian();
        byte[] png = TestImages.encode(
                TestImages.grey(SIDE, SIDE, (x, y) -> {
                    boolean spot = damaged && Math.hypot(x - 32, y - 16) < 10;
                    return spot ? 250 : (int) Math.round(light + 30 * Math.sin(2 * Math.PI * (x / 16.0 + phase)));
                }),
                "png");
        ProducerRecord<byte[], byte[]> frame = new ProducerRecord<>("plant.camera", 0, "line-1".getBytes(UTF_8), png);
        frame.headers().add("ce_time", time(step).toString().getBytes(UTF_8));
        producer.send(frame);
    }

    private static void calm(OperatedSystem system, int fromStep, int toStep) {
        try (Producer<byte[], byte[]> producer = system.everything().producer(Map.of())) {
            report(producer, fromStep, toStep, 0);
            for (int step = fromStep; step < toStep; step++) photograph(producer, step, false);
        }
    }

    private static void fault(OperatedSystem system) {
        try (Producer<byte[], byte[]> producer = system.everything().producer(Map.of())) {
            photograph(producer, CALM, false);
            photograph(producer, CALM + 1, true);
            report(producer, CALM, CALM + FAULT_STEPS, 80);
        }
    }

    @Test
    void aFaultIsOneIncidentFromItsNotificationToItsResolution() throws Exception {
        assumeTrue(Boolean.getBoolean("operator.run"), "takes two minutes and all of the machine: -Doperator.run=true");
        Programs.need("prometheus", "prometheus-alertmanager");
        assumeTrue(Browser.isThere(), "chromium is not on the PATH");
        Map<String, String> streams = Map.of("hosts", HOST_STREAM, "camera", CAMERA_STREAM);
        try (OperatedSystem system = OperatedSystem.start(folder, streams, "conv-forecaster", "image-dense-ae", "pca");
                Browser browser = new Browser(1280, 860, false)) {
            everyRoleWorks(system);
            browser.open(system.page());
            Eventually.passes(
                    WITHIN,
                    () -> assertThat(browser.text())
                            .contains((HOSTS + 1) + "\nseries watched here")
                            .contains("Nothing strange now"));
            fault(system);
            isShownAndTold(system, browser);
            isTakenAndLabelled(system, browser);
            ConsoleViews.look(browser, Path.of("target", "console"), incident(system));
            calm(system, CALM + FAULT_STEPS, OVER);
            isResolved(system, browser);
            assertThat(browser.errors).isEmpty();
            assertThat(browser.requests)
                    .allMatch(url -> url.contains("127.0.0.1") || url.startsWith("about:") || url.startsWith("data:"));
            assertThat(system.failures()).isEmpty();
        }
    }

    /** With its least rights: outcomes, versions of both streams' networks, and a retraining. */
    private static void everyRoleWorks(OperatedSystem system) throws Exception {
        calm(system, 0, TAUGHT);
        KafkaConnection kafka = system.everything();
        Eventually.passes(WITHIN, () -> {
            assertThat(system.failures()).isEmpty();
            for (ModelId model : MODELS) {
                assertThat(RegistryView.read(kafka).deployment(model).champion())
                        .as(model.toString())
                        .isPositive();
            }
        });
        system.operate("retrain", "--stream", "hosts", "--networks", "pca", "--candidates", "1", "--queue-only");
        byte[] report = Eventually.gives(
                WITHIN,
                "a retraining has ended",
                () -> records(kafka, kafka.names().reports()).stream()
                        .findFirst()
                        .orElse(null));
        assertThat(JSON.readTree(report).path("status").asText()).isEqualToIgnoringCase("done");
        calm(system, TAUGHT, CALM);
        for (ModelId model : MODELS) {
            Eventually.holds(
                    WITHIN,
                    model + " scores",
                    () -> system.meters()
                                    .level(MeterName.MODEL_VERSION, model.stream(), model.network())
                                    .value()
                            > 0);
        }
        Eventually.passes(
                WITHIN,
                () -> assertThat(system.prometheus().query("tidemark_role_up{job=\"tidemark\"} == 1"))
                        .hasSize(6));
    }

    private static void isShownAndTold(OperatedSystem system, Browser browser) {
        Eventually.passes(
                WITHIN,
                () -> assertThat(browser.text())
                        .contains("One incident now")
                        .contains("9 of 9 series open")
                        .contains("disk_io of host-0 is 1"));
        Eventually.passes(WITHIN, () -> assertThat(states(system)).containsExactly("open"));
        assertThat(system.notifications().get(0).at("/first/series").asText()).isEqualTo("host-0");
        Eventually.passes(
                WITHIN,
                () -> assertThat(system.alertmanager().tickets)
                        .anyMatch(t -> t.contains("TidemarkIncident") && t.contains("disk_io of host-0"))
                        .anyMatch(t -> t.contains("TidemarkStreamAlert") && t.contains("series of stream hosts"))
                        .anyMatch(t -> t.contains("TidemarkStreamAlert") && t.contains("series of stream camera")));
    }

    private static List<String> states(OperatedSystem system) {
        return system.notifications().stream().map(i -> i.get("state").asText()).toList();
    }

    private static String incident(OperatedSystem system) {
        return system.notifications().get(0).get("id").asText();
    }

    private static void isTakenAndLabelled(OperatedSystem system, Browser browser) throws Exception {
        browser.click(".incident");
        Eventually.holds(
                WITHIN,
                "a field for a note",
                () -> browser.value("document.getElementById('note')?.focus(), document.activeElement.id === 'note'")
                        .asBoolean());
        for (String letter : "mine".split("")) browser.key(letter);
        browser.click("#acknowledge");
        String who = OperatedSystem.PERSON;
        Eventually.passes(WITHIN, () -> assertThat(browser.text()).contains("taken by " + who + ": mine"));
        Eventually.passes(WITHIN, () -> assertThat(states(system)).containsExactly("open", "acknowledged"));
        browser.click("#anomaly");
        Eventually.passes(WITHIN, () -> assertThat(browser.text()).contains("host-0 was labelled anomaly"));
        KafkaConnection kafka = system.everything();
        Eventually.passes(
                WITHIN,
                () -> assertThat(records(kafka, kafka.names().labels()))
                        .as("what the verdict makes of it")
                        .isNotEmpty());
    }

    private static void isResolved(OperatedSystem system, Browser browser) throws Exception {
        browser.value("document.activeElement.blur()");
        browser.key("1");
        Eventually.passes(
                WITHIN,
                () -> assertThat(browser.text()).contains("Nothing strange now").contains("resolved"));
        Eventually.passes(WITHIN, () -> assertThat(states(system)).containsExactly("open", "acknowledged", "resolved"));
        Eventually.passes(
                WITHIN,
                () -> assertThat(system.alertmanager().tickets)
                        .anyMatch(t -> t.contains("TidemarkIncident") && t.contains("\"status\":\"resolved\"")));
        KafkaConnection kafka = system.everything();
        List<JsonNode> told = new ArrayList<>();
        for (byte[] record : records(kafka, kafka.names().incidents())) told.add(JSON.readTree(record));
        assertThat(told.stream().map(i -> i.get("id").asText()).collect(Collectors.toSet()))
                .containsExactly(incident(system));
        Set<String> members = told.get(told.size() - 1).get("series").findValuesAsText("stream").stream()
                .collect(Collectors.toSet());
        assertThat(members).as("metrics and images in one").containsExactlyInAnyOrder("hosts", "camera");
    }

    /** The values that are committed on a topic now. */
    private static List<byte[]> records(KafkaConnection kafka, String topic) {
        List<byte[]> values = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = kafka.consumer(Map.of())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
