package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Eventually;
import io.tidemark.WholePath;
import io.tidemark.app.node.Node;
import io.tidemark.app.node.NodeSettings;
import io.tidemark.app.node.RoleName;
import io.tidemark.app.web.Browser;
import io.tidemark.app.web.WebConsole;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.metrics.Meters;
import io.tidemark.net.engine.DeviceSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fault in eight series of one stream, through every role: one incident, one message for each of its states at a webhook and at a real Alertmanager, shown and
 * acknowledged in a real browser, and resolved.
 */
class FaultToResolutionIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HOSTS = 8;
    private static final int CALM_STEPS = 500;
    private static final int FAULT_STEPS = 12;
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final String INPUT = "host-metrics";

    @TempDir
    Path folder;

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private final List<JsonNode> told = new CopyOnWriteArrayList<>();

    private StreamSpec stream() throws Exception {
        return StreamFile.read(Files.writeString(folder.resolve("hosts.yaml"), """
                stream: hosts
                input: {topic: %s, format: json, time: time, series: [host], features: [disk_io]}
                step: 10s
                networks: []
                incidents: {settle: 3s, quiet: 1s}
                """.formatted(kafka.prefix() + INPUT)));
    }

    private void send(int fromStep, int toStep, double fault) {
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of("linger.ms", "5"))) {
            for (int step = fromStep; step < toStep; step++) {
                for (int host = 0; host < HOSTS; host++) {
                    // the first host moves one step before the others
                    boolean strange = fault > 0 && (host == 0 || step > fromStep);
                    double noise = new SplittableRandom(step * 1000L + host).nextGaussian();
                    String event = "{\"time\":\"" + BEGIN.plusSeconds(10L * step) + "\",\"host\":\"host-" + host
                            + "\",\"disk_io\":" + (100 + 2 * noise + (strange ? fault : 0)) + "}";
                    producer.send(new ProducerRecord<>(
                            kafka.prefix() + INPUT, 0, null, event.getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
    }

    private HttpServer desk() throws Exception {
        HttpServer desk = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        desk.createContext("/hook", exchange -> {
            told.add(JSON.readTree(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        desk.start();
        return desk;
    }

    private List<String> states() {
        return told.stream().map(i -> i.get("state").asText()).toList();
    }

    @Test
    void eightSeriesThatFailTogetherAreOneIncidentFromFaultToResolution() throws Exception {
        Programs.need("prometheus-alertmanager");
        org.junit.jupiter.api.Assumptions.assumeTrue(Browser.isThere(), "chromium is not on the PATH");
        WholePath.createTopics(connection);
        kafka.topic(INPUT, 1);
        StreamSpec stream = stream();
        HttpServer desk = desk();
        try (AlertReceiver alertmanager = new AlertReceiver(folder)) {
            NotifyFile receivers = NotifyFile.read(Files.writeString(folder.resolve("notify.yaml"), """
                    receivers:
                      - {name: desk, type: webhook, url: "http://127.0.0.1:%d/hook"}
                      - {name: alertmanager, type: alertmanager, url: "http://127.0.0.1:%d"}
                    """.formatted(
                            desk.getAddress().getPort(), alertmanager.port())));
            NodeSettings settings = new NodeSettings(
                    connection,
                    new NodeSettings.Declared(List.of(stream), WholePath.zoo()),
                    folder.resolve("state"),
                    new NodeSettings.Compute("dl4j", new DeviceSpec.Cpu()),
                    "fault",
                    OffsetReset.EARLIEST,
                    receivers,
                    false);
            EnumSet<RoleName> roles = EnumSet.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT, RoleName.NOTIFY);
            try (Node node = Node.start(roles, settings, new Meters(new SimpleMeterRegistry()));
                    WebConsole console = new WebConsole(
                            connection, List.of(stream), "127.0.0.1", 0, "ann:secret", InstantSource.system());
                    Browser browser = new Browser(1280, 860, false)) {
                String page = "http://ann:secret@127.0.0.1:" + console.port() + "/";
                follow(browser, page, alertmanager);
                assertThat(node.failure()).isEmpty();
            }
        } finally {
            desk.stop(0);
        }
    }

    private void follow(Browser browser, String page, AlertReceiver alertmanager) throws Exception {
        send(0, CALM_STEPS, 0);
        browser.open(page);
        Eventually.passes(WITHIN, () -> assertThat(browser.text()).contains(HOSTS + "\nseries watched here"));
        Eventually.passes(WITHIN, () -> assertThat(browser.text()).contains("Nothing strange now"));

        send(CALM_STEPS, CALM_STEPS + FAULT_STEPS, 60);
        Eventually.passes(
                WITHIN,
                () -> assertThat(browser.text())
                        .contains("One incident now")
                        .contains("8 of 8 series open")
                        .contains("disk_io of host-0 is 1"));
        Eventually.passes(WITHIN, () -> assertThat(states()).containsExactly("open"));
        assertThat(told.get(0).at("/first/series").asText()).isEqualTo("host-0");
        assertThat(told.get(0).get("series_count").asInt()).isEqualTo(HOSTS);
        Eventually.passes(
                WITHIN,
                () -> assertThat(alertmanager.tickets)
                        .anyMatch(t -> t.contains("TidemarkIncident") && t.contains("disk_io of host-0")));

        browser.value("document.querySelector('.incident').click()");
        Eventually.holds(
                WITHIN,
                "its button",
                () -> browser.value("!!document.getElementById('acknowledge')").asBoolean());
        browser.value("document.getElementById('note').value = 'mine'; document.getElementById('acknowledge').click()");
        Eventually.passes(WITHIN, () -> assertThat(browser.text()).contains("taken by ann: mine"));
        Eventually.passes(WITHIN, () -> assertThat(states()).containsExactly("open", "acknowledged"));

        send(CALM_STEPS + FAULT_STEPS, 2 * CALM_STEPS, 0);
        Eventually.passes(WITHIN, () -> assertThat(browser.text()).contains("resolved"));
        Eventually.passes(WITHIN, () -> assertThat(states()).containsExactly("open", "acknowledged", "resolved"));
        Eventually.passes(
                WITHIN,
                () -> assertThat(alertmanager.tickets)
                        .anyMatch(t -> t.contains("TidemarkIncident") && t.contains("\"status\":\"resolved\"")));
        everyView(browser);
    }

    private static void everyView(Browser browser) throws Exception {
        String[][] views = {
            {"now", "Strangest series"},
            {"series", "8 series"},
            {"series/hosts/host-0", "disk_io"},
            {"incidents", "host-0"},
            {"models", "Models"},
            {"streams", "dead letters"},
            {"frames", "Frames"}
        };
        for (String theme : List.of("light", "dark")) {
            if (theme.equals("dark")) browser.value("document.getElementById('theme').click()");
            for (String[] view : views) {
                browser.value("location.hash = '#/" + view[0] + "'");
                Eventually.passes(
                        WITHIN, () -> assertThat(browser.text()).as(view[0]).contains(view[1]));
            }
            assertThat(browser.value("document.documentElement.dataset.theme").asText())
                    .isEqualTo(theme);
        }
        browser.value("location.hash = '#/now'; document.activeElement.blur()");
        browser.key("2");
        Eventually.holds(
                WITHIN,
                "a key opens a view",
                () -> browser.value("location.hash").asText().equals("#/series"));
        assertThat(browser.errors).isEmpty();
        assertThat(browser.requests)
                .allMatch(url -> url.contains("127.0.0.1") || url.startsWith("about:") || url.startsWith("data:"));
    }
}
