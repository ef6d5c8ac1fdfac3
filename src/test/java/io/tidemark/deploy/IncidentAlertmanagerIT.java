package io.tidemark.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Eventually;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.incident.IncidentRecords;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.metrics.Meters;
import io.tidemark.role.notify.NotifyRole;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Alertmanager hears of incidents from the role, and of their ends. */
class IncidentAlertmanagerIT {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final TopicNames names = new TopicNames(kafka.prefix());
    private final KafkaConnection connection =
            new KafkaConnection(Map.of("bootstrap.servers", kafka.bootstrap()), names);

    private void say(String state, Instant since) throws Exception {
        ObjectNode incident = (ObjectNode) JSON.readTree(IncidentRecords.all().get("incident." + state));
        incident.put("since", since.toString());
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            byte[] key = incident.get("id").asText().getBytes(UTF_8);
            producer.send(new ProducerRecord<>(
                            names.incidents(), 0, key, incident.toString().getBytes(UTF_8)))
                    .get();
        }
    }

    @Test
    void anIncidentFiresAndEndsInAlertmanager() throws Exception {
        Programs.need("prometheus-alertmanager");
        kafka.topic("incidents", 1);
        kafka.topic("silences", 1);
        NotifyFile file;
        AtomicBoolean runs = new AtomicBoolean(true);
        try (AlertReceiver alertmanager = new AlertReceiver(folder)) {
            String url = "http://127.0.0.1:" + alertmanager.port();
            file = NotifyFile.read(Files.writeString(folder.resolve("notify.yaml"), """
                    receivers:
                      - name: alertmanager
                        type: alertmanager
                        url: %s/
                    """.formatted(url)));
            Meters meters = new Meters(new SimpleMeterRegistry());
            RoleContext context = new RoleContext(connection, meters, "", InstantSource.system());
            NotifyRole role = new NotifyRole(context, file.receivers().get(0), Map.of());
            Thread thread = new Thread(() -> {
                try {
                    role.run(runs::get);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Instant since = Instant.now().minusSeconds(60);
            say("open", since); // before the role starts: it looks back
            thread.start();
            try {
                Eventually.passes(WITHIN, () -> {
                    JsonNode alerts = alerts(url);
                    assertThat(alerts).hasSize(1);
                    assertThat(alerts.at("/0/labels/alertname").asText()).isEqualTo("TidemarkIncident");
                    assertThat(alerts.at("/0/labels/severity").asText()).isEqualTo("critical");
                    assertThat(alerts.at("/0/annotations/summary").asText()).startsWith("disk_io of host-17 is 8.2");
                });
                Eventually.passes(
                        WITHIN,
                        () -> assertThat(alertmanager.tickets)
                                .anyMatch(t -> t.contains("\"status\":\"firing\"") && t.contains("host-17")));
                say("resolved", since);
                Eventually.passes(WITHIN, () -> assertThat(alerts(url)).isEmpty());
                Eventually.passes(
                        WITHIN,
                        () -> assertThat(alertmanager.tickets)
                                .anyMatch(t -> t.contains("\"status\":\"resolved\"") && t.contains("host-17")));
            } finally {
                runs.set(false);
                thread.join();
            }
        }
    }

    private static JsonNode alerts(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/v2/alerts?active=true"))
                .build();
        return JSON.readTree(HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body());
    }
}
