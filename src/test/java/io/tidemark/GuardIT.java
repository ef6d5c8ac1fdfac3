package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.HealthReport;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelPublisher;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.RegistryClient;
import io.tidemark.model.registry.RegistryCommand;
import io.tidemark.model.registry.RegistryView;
import io.tidemark.model.registry.Request;
import io.tidemark.net.engine.NetworkState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A champion that is broken in place is rolled back by itself within the declared time, on the whole path, whatever else lies among
 * what the guard reads.
 */
class GuardIT {
    private static final Duration DECLARED = Duration.ofMinutes(2);
    private static final ModelId ID = new ModelId("guarded", "dense-ae");

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private final String input = kafka.topic("guarded-input", 1);
    private int next;

    @TempDir
    Path folder;

    @Test
    void aChampionBrokenInPlaceIsRolledBackWithinTheDeclaredTime() throws Exception {
        WholePath.createTopics(connection);
        StreamSpec stream = stream();
        try (WholePath path = WholePath.start(
                        connection,
                        List.of(stream),
                        EnumSet.of(RoleName.INGEST, RoleName.WORKER, RoleName.LEARNER, RoleName.VERDICT),
                        folder.resolve("state"));
                Producer<byte[], byte[]> producer = connection.producer(Map.of("linger.ms", 0))) {
            Eventually.holds(Duration.ofMinutes(2), "the learner's champion is reported on", () -> {
                feed(producer);
                return path.modelVersion("guarded", "dense-ae") >= 1 && reported(1);
            });
            int broken = breakInPlace();
            long promoted = System.nanoTime();
            poison(producer, connection.names().scores(), """
                    {"stream":"guarded","status":"scored","models":[{},{"network":"a/b","version":%d},3]}""".formatted(broken));
            poison(producer, connection.names().vitals(), """
                    {"stream":"guarded","network":"dense-ae","version":%d,"worker":"w"}""".formatted(broken));
            Eventually.holds(DECLARED, "the broken champion scores", () -> {
                feed(producer);
                return path.modelVersion("guarded", "dense-ae") == broken;
            });
            Eventually.holds(DECLARED, "the champion before it scores again", () -> {
                feed(producer);
                return path.modelVersion("guarded", "dense-ae") == 1;
            });
            assertThat(System.nanoTime() - promoted).isLessThan(DECLARED.toNanos());
            assertThat(path.failure()).isEmpty();
            assertThat(path.passedOver("guard")).isGreaterThan(10);
            AuditEntry entry = lastDecision();
            assertThat(entry.change().action()).isEqualTo("rollback");
            assertThat(entry.request().who()).isEqualTo("guard");
            assertThat(entry.change().before()).isEqualTo(broken);
            assertThat(entry.change().after()).isEqualTo(1);
            assertThat(entry.request().why()).contains("its error is");
            assertThat(entry.figures()).containsKeys("before-error", "after-error", "after-alert-rate", "after-tails");
        }
    }

    /** What no role wrote, among what the guard reads, while it watches. */
    private void poison(Producer<byte[], byte[]> producer, String topic, String half) {
        byte[] good = kafka.read(topic, 1).get(0).value();
        for (byte @Nullable [] value : Poison.kinds(good).values()) producer.send(new ProducerRecord<>(topic, value));
        producer.send(new ProducerRecord<>(topic, half.getBytes(StandardCharsets.UTF_8)));
        producer.flush();
    }

    private StreamSpec stream() throws Exception {
        Path file = folder.resolve("guarded.yaml");
        Files.writeString(file, """
                stream: guarded
                input: {topic: %s, series: [series], features: [value]}
                networks: [dense-ae]
                learning: {first-rows: 256, publish-rows: 1000000}
                guard: {watch: %ds, least: 100}
                """.formatted(input, DECLARED.toSeconds()));
        return StreamFile.read(file);
    }

    /** Publishes the champion's weights in a muddle and makes them champion, without asking anybody. */
    private int breakInPlace() throws InterruptedException {
        Model champion = ModelReader.load(connection, ID, 0);
        Map<String, NetworkState.Tensor> muddled = new LinkedHashMap<>();
        champion.weights().tensors().forEach((name, tensor) -> {
            float[] values = tensor.values().clone();
            for (int i = 0; i < values.length; i++) values[i] = -3 * tensor.values()[values.length - 1 - i];
            muddled.put(name, new NetworkState.Tensor(tensor.shape(), values));
        });
        ModelVersion version = ModelPublisher.challenge(
                connection,
                champion.manifest().imported(ID, "muddled"),
                new NetworkState(champion.weights().specHash(), muddled),
                "test",
                "a muddle",
                System.currentTimeMillis(),
                Map.of(),
                DECLARED);
        RegistryCommand command = new RegistryCommand(
                "break",
                RegistryCommand.Action.PROMOTE,
                ID,
                version.version(),
                true,
                new Request("test", "to break it", System.currentTimeMillis()),
                Map.of());
        assertThat(RegistryClient.ask(connection, command, DECLARED).refused()).isEmpty();
        return version.version();
    }

    private boolean reported(int version) {
        return kafka.read(connection.names().vitals(), 1).stream()
                .map(record -> HealthReport.fromJson(record.value()))
                .anyMatch(
                        health -> health.version() == version && health.scored().samples() > 200);
    }

    private AuditEntry lastDecision() throws InterruptedException {
        List<AuditEntry> audit =
                Objects.requireNonNull(RegistryView.read(connection).audit().get(ID));
        return audit.get(audit.size() - 1);
    }

    private void feed(Producer<byte[], byte[]> producer) {
        for (int k = 0; k < 80; k++, next++) {
            String json = "{\"series\":\"s" + next % 4 + "\",\"timestamp\":" + (1_700_000_000_000L + 1000L * (next / 4))
                    + ",\"value\":" + (Math.sin(next / 40.0) + 0.05 * Math.cos(next * 7.3)) + "}";
            producer.send(new ProducerRecord<>(input, json.getBytes(StandardCharsets.UTF_8)));
        }
        producer.flush();
    }
}
