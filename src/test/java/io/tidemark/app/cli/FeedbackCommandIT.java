package io.tidemark.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.outcome.Pumps;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.metrics.Meters;
import io.tidemark.role.verdict.VerdictRole;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person at the command line, and the verdict that hears of it, on a real broker. */
class FeedbackCommandIT {
    private static final int PARTITIONS = 2;
    private static final double SHIFT = 60;
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final TopicNames names = new TopicNames(kafka.prefix());
    private final KafkaConnection connection = kafka.connection(names);

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void createTopics() {
        for (String topic : List.of(
                "inferences",
                "scores",
                "forecasts",
                "alerts",
                "gates",
                "dead-letters",
                "incident-inbox",
                "incidents")) {
            kafka.topic(topic, PARTITIONS);
        }
        kafka.topic("labels", PARTITIONS, Map.of("cleanup.policy", "compact"));
        kafka.topic("feedback", 1);
    }

    private StreamSpec declare() throws IOException {
        Path streams = Files.createDirectories(folder.resolve("topology").resolve("streams"));
        return StreamFile.read(Files.writeString(streams.resolve("pumps.yaml"), """
                stream: pumps
                input: {topic: pump-events, format: json, series: [pump], features: [flow]}
                step: 10s
                networks: [dense-ae]
                learning: {chunk: 1}
                """));
    }

    private static String time(long step) {
        return Instant.ofEpochMilli(Pumps.START_MS + step * Pumps.STEP_MS).toString();
    }

    private void send(long from, long to, double fault) {
        try (Producer<byte[], byte[]> producer = kafka.producer(Map.of("linger.ms", "5"))) {
            for (long step = from; step < to; step++) {
                double[] values = Pumps.values(1, step, 1, fault);
                producer.send(new ProducerRecord<>(
                        names.inferences(),
                        TopicNames.partition("pumps/p1", PARTITIONS),
                        "pumps/p1".getBytes(UTF_8),
                        Pumps.inference("p1", step, values, Pumps.autoencoder(values))));
            }
        }
    }

    private CommandLineSession feedback(String... arguments) {
        List<String> all = new ArrayList<>(List.of("feedback"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--topology", folder.resolve("topology").toString()));
        all.addAll(List.of("--bootstrap", kafka.bootstrap(), "--prefix", kafka.prefix()));
        return CommandLineSession.of(all.toArray(String[]::new));
    }

    private JsonNode alert(int index) throws IOException {
        return MAPPER.readTree(kafka.read(names.alerts(), index + 1).get(index).value());
    }

    private List<Boolean> teach(long fromStep, int records) {
        List<Boolean> teach = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : kafka.read(names.gates(), records)) {
            if (Label.isLabel(record.value())) continue;
            Gate gate = Gate.decode(record.value());
            if (gate.fromStep() >= fromStep) teach.add(gate.teach());
        }
        return teach;
    }

    @Test
    void anAlertOfALevelShiftThatAPersonCallsNormalIsResolvedWithinSecondsAndItsStepsTeach() throws Exception {
        try (VerdictRole role = VerdictRole.start(
                connection,
                List.of(declare()),
                new Meters(new SimpleMeterRegistry()),
                VerdictRole.Settings.in(folder.resolve("state")),
                InstantSource.system())) {
            send(0, 300, 0);
            send(300, 320, SHIFT);
            kafka.read(names.scores(), 320);
            String id = alert(0).get("id").textValue();
            long began = System.nanoTime();
            CommandLineSession normal = feedback(id, "normal", "--to", time(310), "--note", "a test run");
            Duration answered = Duration.ofNanos(System.nanoTime() - began);
            assertThat(normal.err()).isEmpty();
            assertThat(normal.exitCode()).isZero();
            assertThat(normal.out()).contains("is normal: it has taken effect");
            JsonNode resolved = alert(1);
            assertThat(resolved.get("reason").textValue()).isEqualTo("labelled-normal");
            assertThat(resolved.get("id").textValue()).isEqualTo(id);
            assertThat(answered).isLessThan(SOON);
            send(320, 330, SHIFT);
            assertThat(teach(320, 331)).hasSize(10).containsOnly(true);

            CommandLineSession anomaly = feedback(id, "anomaly", "--json");
            assertThat(anomaly.err()).isEmpty();
            JsonNode sent = MAPPER.readTree(anomaly.out());
            assertThat(sent.get("to")).isEqualTo(resolved.get("until"));
            assertThat(kafka.read(names.gates(), 332))
                    .filteredOn(record -> Label.isLabel(record.value()))
                    .extracting(record -> Label.decode(record.value()).anomaly())
                    .containsExactly(false, true);
            refusalsAreSaid(role);
        }
    }

    private void refusalsAreSaid(VerdictRole role) {
        CommandLineSession unknown = feedback("p9", time(3), "anomaly");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("it was refused: unknown-series: no step of this series has been judged");
        CommandLineSession lost = feedback("pumps/p1@" + time(3), "anomaly");
        assertThat(lost.exitCode()).isEqualTo(1);
        assertThat(lost.err()).contains("has no alert pumps/p1@" + time(3) + " any more");
        assertThat(role.isHealthy()).isTrue();
        CommandLineSession tail = CommandLineSession.of(
                "tail",
                "labels",
                "--from",
                "earliest",
                "--to-end",
                "--series",
                "p1",
                "--bootstrap",
                kafka.bootstrap(),
                "--prefix",
                kafka.prefix());
        assertThat(tail.out()).contains("a test run", "normal", "anomaly", "who");
    }

    @Test
    void withoutAVerdictTheFeedbackWaitsOnItsTopicAndThatIsSaid() throws Exception {
        declare();
        CommandLineSession alone = feedback("p1", time(3), "normal", "--answer-within", "1s");
        assertThat(alone.exitCode()).isEqualTo(1);
        assertThat(alone.err())
                .contains("no verdict has answered within 1 s; start one with tidemark run --roles verdict");
        CommandLineSession sent = feedback("p1", "1767225600000", "normal", "--answer-within", "0s");
        assertThat(sent.exitCode()).isZero();
        assertThat(sent.out())
                .contains("pumps/p1 from 2026-01-01T00:00:00.000Z")
                .contains(": sent");
        assertThat(kafka.read(names.feedback(), 2)).hasSize(2);
    }
}
