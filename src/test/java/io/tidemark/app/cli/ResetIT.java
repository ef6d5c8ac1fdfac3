package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.Eventually;
import io.tidemark.TopologyFolder;
import io.tidemark.WholePath;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does with a series whose clock ran ahead, a topic that shall be read again, and a stream that is gone. */
class ResetIT {
    private static final long BEGIN = 1_700_000_000_000L;
    private static final Set<RoleName> ROLES = Set.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT);
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();

    @TempDir
    private Path folder = Path.of("");

    private Path streams = Path.of("");
    private @Nullable StreamSpec heat;
    private int runs;

    @BeforeEach
    void declare() throws IOException {
        kafka.topic("heat", 1);
        WholePath.createTopics(connection);
        streams = Files.createDirectories(folder.resolve("topology/streams"));
        heat = StreamFile.read(Files.writeString(streams.resolve("heat.yaml"), """
                stream: heat
                input: {topic: %sheat, series: [series], features: [value]}
                step: event
                networks: [dense-ae]
                learning: {first-rows: 128, first-steps: 10, publish-rows: 128}
                """.formatted(kafka.prefix())));
    }

    @Test
    void aSeriesWhoseClockRanAheadIsResetAndTheOthersAreNot() {
        send("s1", 0, 40);
        send("s2", 0, 40);
        send("s1", 5_000_000, 3); // two events that agree
        run(83);
        send("s1", 60, 5);
        run(88);
        assertThat(late("s1")).isEqualTo(5);

        CommandLineSession dry = tidemark("series", "reset", "heat/s1");
        assertThat(dry.out())
                .contains("series heat/s1 begins as one that was never seen")
                .contains(" records are deleted from " + kafka.prefix() + "ingest-" + kafka.prefix()
                        + "heat-ingest-state")
                .contains(" records are deleted from " + kafka.prefix() + "verdict-state-changelog")
                .contains("nothing has been changed; do it with --yes");
        assertThat(dry.exitCode()).isZero();
        assertThat(tidemark("series", "reset", "heat/s1", "--yes").out()).contains("done; start the roles again");
        CommandLineSession again = tidemark("series", "reset", "heat/s1", "--yes");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("no role holds a series heat/s1");

        send("s1", 70, 5);
        send("s2", 70, 5);
        send("s2", 3, 1);
        run(99);
        assertThat(late("s1")).isEqualTo(5);
        assertThat(late("s2")).isEqualTo(1);
    }

    @Test
    void aTopicIsReadAgainFromItsBeginningWithFreshSeries() throws Exception {
        send("s1", 0, 40);
        run(40);
        assertThat(tidemark("streams", "reset", "heat", "--to", "earliest", "--yes")
                        .err())
                .isEmpty();
        try (WholePath path = start()) {
            Eventually.holds(WITHIN, "every event has an outcome once more", () -> {
                assertThat(path.failure()).isEmpty();
                return scores().size() == 80;
            });
        }
        assertThat(late("s1")).isZero();
        assertThat(statuses()).doesNotContain("duplicate");
        startSaysThatItHasNoEffect();
    }

    private void startSaysThatItHasNoEffect() throws IOException, InterruptedException {
        TopologyFolder.write(folder.resolve("topology"), Map.of(), "dense-ae");
        Path log = folder.resolve("run.log");
        Process process = CommandLineSession.start(
                log, arguments("run", "--roles", "ingest", "--start", "earliest", "--metrics-port", "0"));
        try {
            Eventually.holds(
                    WITHIN,
                    "it says so",
                    () -> Files.readString(log)
                            .contains("--start earliest has no effect on topic " + kafka.prefix() + "heat"));
            assertThat(Files.readString(log)).contains("tidemark streams reset NAME --to earliest");
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    @Test
    void nothingIsResetWhileRolesRunAndTheyAreNamed() {
        send("s1", 0, 20);
        try (WholePath path = start()) {
            path.awaitOutcomes(WITHIN, 20);
            CommandLineSession refused = tidemark("streams", "reset", "heat", "--to", "earliest", "--yes");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("nothing has been changed: group " + kafka.prefix() + "ingest-" + kafka.prefix() + "heat")
                    .contains("stop every ingest process first")
                    .contains("stop every verdict process first");
        }
    }

    @Test
    void aStreamThatIsNoLongerDeclaredIsForgotten() throws IOException {
        send("s1", 0, 400);
        try (WholePath path = start(EnumSet.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT, RoleName.LEARNER))) {
            path.awaitOutcomes(WITHIN, 400);
            Eventually.holds(WITHIN, "a checkpoint", () -> checkpoints().contains("heat"));
        }
        assertThat(checkpoints()).contains("heat").anyMatch(key -> key.startsWith("heat/"));
        CommandLineSession declared = tidemark("streams", "forget", "heat", "--yes");
        assertThat(declared.exitCode()).isEqualTo(2);
        assertThat(declared.err()).contains("stream heat is declared in ");
        Files.delete(streams.resolve("heat.yaml"));
        Files.writeString(streams.resolve("cold.yaml"), """
                stream: cold
                input: {topic: cold, series: [series], features: [value]}
                """);
        assertThat(tidemark("streams", "forget", "heat").out())
                .contains("stream heat: 1 series are forgotten")
                .contains(" records are deleted from " + connection.names().checkpoints());
        assertThat(tidemark("streams", "forget", "heat", "--yes").exitCode()).isZero();
        assertThat(checkpoints()).isEmpty();
        assertThat(tidemark("streams", "forget", "heat", "--yes").err())
                .contains("no role holds anything of a stream heat");
    }

    private WholePath start() {
        return start(ROLES);
    }

    private WholePath start(Set<RoleName> roles) {
        return WholePath.start(
                connection, List.of(Objects.requireNonNull(heat)), roles, folder.resolve("state-" + ++runs));
    }

    /** Keys that compaction would keep on {@code checkpoints}. */
    private Set<String> checkpoints() {
        Set<String> live = new TreeSet<>();
        kafka.readAll(List.of(connection.names().checkpoints()), record -> {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) live.remove(key);
            else live.add(key);
        });
        return live;
    }

    /** Runs the roles until so many outcomes are there in all. */
    private void run(int outcomes) {
        try (WholePath path = start()) {
            path.awaitOutcomes(WITHIN, outcomes);
        }
    }

    private CommandLineSession tidemark(String... arguments) {
        return CommandLineSession.of(arguments(arguments));
    }

    private String[] arguments(String... command) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of("--bootstrap", kafka.bootstrap(), "--prefix", kafka.prefix()));
        all.addAll(List.of("--topology", folder.resolve("topology").toString()));
        return all.toArray(String[]::new);
    }

    private void send(String series, int from, int count) {
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int i = from; i < from + count; i++) {
                String json = "{\"series\":\"" + series + "\",\"timestamp\":" + (BEGIN + 1000L * i) + ",\"value\":"
                        + i % 7 + "}";
                producer.send(
                        new ProducerRecord<>(kafka.prefix() + "heat", 0, null, json.getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
        }
    }

    private List<JsonNode> scores() {
        List<JsonNode> scores = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        kafka.readAll(List.of(connection.names().scores()), record -> {
            try {
                scores.add(json.readTree(record.value()));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        return scores;
    }

    private List<String> statuses() {
        return scores().stream().map(score -> score.path("status").asText()).toList();
    }

    private long late(String series) {
        return scores().stream()
                .filter(score -> score.path("series").asText().equals(series))
                .filter(score -> score.path("status").asText().equals("late"))
                .count();
    }
}
