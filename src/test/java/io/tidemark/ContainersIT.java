package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.kafka.client.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The whole path against Kafka's own image; the same path on the embedded broker is what the other tests run. */
class ContainersIT {
    private static final int EVENTS = 2000;
    private static final String INPUT = "contained";

    @TempDir
    Path folder;

    @Test
    void everyEventHasOneOutcomeOnTheKafkaImage() throws IOException {
        boolean engine = DockerClientFactory.instance().isDockerAvailable();
        if (!engine) System.out.println("ContainersIT is skipped: no container engine answers here");
        assumeTrue(engine, "no container engine answers here");
        try (KafkaContainer container = new KafkaContainer("apache/kafka:4.3.1")) {
            container.start();
            KafkaConnection kafka = KafkaConnection.to(container.getBootstrapServers());
            try (Admin admin = kafka.admin()) {
                new Topics(admin, Duration.ofSeconds(30)).create(List.of(TopicSpec.of(INPUT, 2)));
            }
            WholePath.createTopics(kafka);
            Path file = folder.resolve("contained.yaml");
            Files.writeString(
                    file,
                    "stream: contained\ninput: {topic: contained, series: [series], features: [value]}\nnetworks: [dense-ae]\n");
            StreamSpec stream = StreamFile.read(file);
            try (WholePath path =
                    WholePath.start(kafka, List.of(stream), EnumSet.allOf(RoleName.class), folder.resolve("state"))) {
                send(kafka);
                path.awaitOutcomes(Duration.ofMinutes(2), EVENTS);
                assertThat(path.failure()).isEmpty();
            }
        }
    }

    private static void send(KafkaConnection kafka) {
        try (Producer<byte[], byte[]> producer = kafka.producer(Map.of())) {
            for (int i = 0; i < EVENTS; i++) {
                String json = "{\"series\":\"s" + i % 4 + "\",\"timestamp\":" + (1_700_000_000_000L + 1000L * (i / 4))
                        + ",\"value\":" + Math.sin(i / 40.0) + "}";
                producer.send(new ProducerRecord<>(INPUT, i % 2, null, json.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }
}
