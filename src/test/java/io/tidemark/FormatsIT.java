package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages of real producers through a broker and every role that an event meets, to its score or its dead letter. */
class FormatsIT {
    private static final Path MESSAGES = Path.of("src/test/resources/formats");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaForTests broker = KafkaForTests.fresh();

    @TempDir
    Path folder;

    private StreamSpec stream(String name, String input) throws IOException {
        String topic = broker.topic(name, 1);
        String text = "stream: " + name + "\nstep: event\ninput:\n  topic: " + topic + "\n" + input.indent(2);
        return StreamFile.read(Files.writeString(folder.resolve(name + ".yaml"), text));
    }

    private void send(StreamSpec stream, String message) throws IOException {
        byte[] whole = Files.readAllBytes(MESSAGES.resolve(message));
        broker.send(stream.input().topic(), "key".getBytes(UTF_8), whole);
        broker.send(stream.input().topic(), "key".getBytes(UTF_8), Arrays.copyOf(whole, whole.length - 3));
    }

    @Test
    void messagesOfEachFormatBecomeScoresAndWhatCannotBeReadADeadLetterThatSaysWhy() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/schemas/ids/9", exchange -> {
            // the first answers of a registry that starts
            boolean ready = asked.incrementAndGet() > 2;
            byte[] body = JSON.writeValueAsBytes(Map.of("schema", Files.readString(MESSAGES.resolve("reading.avsc"))));
            exchange.sendResponseHeaders(ready ? 200 : 503, ready ? body.length : -1);
            if (ready) exchange.getResponseBody().write(body);
            exchange.close();
        });
        registry.start();
        StreamSpec otlp =
                stream("otlp", "format: otlp\nseries: [service.name, room]\nfeatures: [room.temperature, orders]");
        StreamSpec prometheus =
                stream("prometheus", "format: prometheus\nseries: [pump]\nfeatures: [pump_flow, pump_starts_total]");
        StreamSpec avro = stream(
                "avro",
                "format: avro\ntime: at\nseries: [pump]\nfeatures: [flow, motor.heat]\nschema: {registry: 'http://127.0.0.1:"
                        + registry.getAddress().getPort() + "'}");
        StreamSpec protobuf = stream(
                "protobuf",
                "format: protobuf\ntime: at\nseries: [pump]\nfeatures: [flow, motor.heat]\nschema: {file: "
                        + MESSAGES.resolve("reading.proto") + ", message: Reading}");
        KafkaConnection kafka =
                new KafkaConnection(Map.of("bootstrap.servers", broker.bootstrap()), new TopicNames(broker.prefix()));
        WholePath.createTopics(kafka);
        Map<String, List<String>> outcomes = new TreeMap<>();
        try (WholePath path = WholePath.start(
                kafka,
                List.of(otlp, prometheus, avro, protobuf),
                EnumSet.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT),
                folder.resolve("state"))) {
            send(otlp, "otlp-0.bin");
            send(prometheus, "prometheus.bin");
            send(avro, "avro-4.bin");
            send(protobuf, "protobuf-bare.bin");
            for (ConsumerRecord<byte[], byte[]> record :
                    broker.read(kafka.names().scores(), 10)) {
                JsonNode score = JSON.readTree(record.value());
                outcomes.computeIfAbsent(score.path("stream").asText(), key -> new ArrayList<>())
                        .add(score.path("series").asText() + " "
                                + score.path("status").asText());
            }
            assertThat(path.failure()).isEmpty();
        } finally {
            registry.stop(0);
        }
        outcomes.values().forEach(list -> list.sort(null));
        assertThat(outcomes)
                .containsEntry("otlp", List.of(" rejected", "shop/north warming-up", "shop/south warming-up"))
                .containsEntry("prometheus", List.of(" rejected", "p1 warming-up", "p2 rejected"))
                .containsEntry("avro", List.of(" rejected", "p1 warming-up"))
                .containsEntry("protobuf", List.of(" rejected", "p1 warming-up"));
        TreeSet<String> details = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> letter : broker.read(kafka.names().deadLetters(), 5)) {
            details.add(
                    new String(letter.headers().lastHeader(DeadLetter.DETAIL).value(), UTF_8));
        }
        assertThat(details)
                .anyMatch(detail -> detail.startsWith("the value is not a whole request of OpenTelemetry's metrics"))
                .anyMatch(detail -> detail.startsWith("the value is not a whole remote write of Prometheus"))
                .anyMatch(detail -> detail.contains("the value is not as its schema says"))
                .anyMatch(detail -> detail.startsWith("the value is not a message of its schema"));
    }
}
