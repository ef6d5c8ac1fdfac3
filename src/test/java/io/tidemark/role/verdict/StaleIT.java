package io.tidemark.role.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.outcome.Pumps;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.metrics.Meters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real broker: a topic that stops, a restart while it is silent, and its return. */
final class StaleIT {
    private static final StreamSpec SPEC = Pumps.spec("[flow]", "idle: 1m");
    private static final int STEPS = 30;

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final TopicNames names = new TopicNames(kafka.prefix());
    private final AtomicLong wallMs = new AtomicLong(Pumps.START_MS + STEPS * Pumps.STEP_MS);

    @TempDir
    Path folder;

    private VerdictRole start(String process) {
        return VerdictRole.start(
                kafka.connection(names),
                List.of(SPEC),
                new Meters(new SimpleMeterRegistry()),
                VerdictRole.Settings.in(folder.resolve(process)),
                () -> Instant.ofEpochMilli(wallMs.get()));
    }

    private void send(long from, long to) {
        try (Producer<byte[], byte[]> producer = kafka.producer(Map.of())) {
            for (long step = from; step < to; step++) {
                double[] values = Pumps.values(1, step, 1, 0);
                producer.send(new ProducerRecord<>(
                        names.inferences(),
                        "pumps/p".getBytes(StandardCharsets.UTF_8),
                        Pumps.inference("p", step, values, Pumps.autoencoder(values))));
            }
        }
    }

    @Test
    void aTopicThatStopsAlertsOnceWhateverRestartsAndResolvesWhenItGoesOn() throws IOException {
        for (String topic : List.of("inferences", "labels", "scores", "forecasts", "alerts", "gates", "dead-letters")) {
            kafka.topic(topic, 1);
        }
        kafka.topic("incident-inbox", 1);
        kafka.topic("incidents", 1);
        kafka.topic("feedback", 1);
        send(0, STEPS);
        try (VerdictRole first = start("one")) {
            kafka.read(names.scores(), STEPS);
            assertThat(first.isHealthy()).isTrue();
            wallMs.addAndGet(61_000);
            kafka.read(names.alerts(), 1);
        }
        try (VerdictRole second = start("two")) {
            wallMs.addAndGet(3_600_000);
            send(500, 501);
            List<ConsumerRecord<byte[], byte[]>> alerts = kafka.read(names.alerts(), 2);
            JsonNode open = new ObjectMapper().readTree(alerts.get(0).value());
            JsonNode resolved = new ObjectMapper().readTree(alerts.get(1).value());
            assertThat(open.get("kind").asText()).isEqualTo("stale");
            assertThat(open.get("state").asText()).isEqualTo("open");
            assertThat(resolved.get("state").asText()).isEqualTo("resolved");
            assertThat(resolved.get("id")).isEqualTo(open.get("id"));
            for (ConsumerRecord<byte[], byte[]> incident : kafka.read(names.incidents(), 1)) {
                assertThat(new String(incident.value(), StandardCharsets.UTF_8))
                        .contains("nothing of p ")
                        .contains("\"kind\":\"stale\"")
                        .contains("\"severity\":\"warning\"");
            }
            assertThat(second.isHealthy()).isTrue();
        }
    }
}
