package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.cli.CommandLineSession;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.similar.Code;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.series.sample.Inference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Codes through the roles that make them, one with each inference of the network that gives them, and the windows that are found by them. */
class CodesIT {
    private static final long BEGIN = 1_700_000_000_000L;
    private static final Duration WITHIN = Duration.ofMinutes(5);
    private static final Set<RoleName> ROLES =
            Set.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT, RoleName.LEARNER);
    /** Steps after which p1 looks the same. */
    private static final int PERIOD = 24;

    private static final int WINDOW = 64;

    private final KafkaForTests broker = KafkaForTests.fresh();
    private final KafkaConnection kafka = broker.connection();
    private final Random noise = new Random(1);
    private List<StreamSpec> streams = List.of();
    private int steps;

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void declare() throws IOException {
        broker.topic("in", 2);
        WholePath.createTopics(kafka);
        streams = List.of(
                StreamFile.read(Files.writeString(folder.resolve("pumps.yaml"), """
                stream: pumps
                input: {topic: %sin, series: [series], features: [flow, pressure]}
                networks: [linear-forecaster, dense-ae]
                learning: {chunk: 8, first-rows: 128, first-steps: 60, rows-per-step: 32, publish-rows: 1000000}
                outputs: {codes: true}
                """.formatted(broker.prefix()))));
    }

    @Test
    void everyInferenceOfTheNetworkHasItsCodeOnceAndLikeWindowsAreFoundByThem() throws IOException {
        try (WholePath path = start()) {
            send(160);
            path.awaitOutcomes(WITHIN, 2 * steps);
            long deadline = System.nanoTime() + WITHIN.toNanos();
            while (path.modelVersion("pumps", "dense-ae") == 0 && System.nanoTime() < deadline) {
                send(4);
                path.awaitOutcomes(WITHIN, 2 * steps);
            }
            send(200);
        }
        try (WholePath path = start()) { // on from where the first ones were stopped
            send(100);
            path.awaitOutcomes(WITHIN, 2 * steps);
        }
        List<String> coded = codes();
        assertThat(coded).hasSizeGreaterThan(400).doesNotHaveDuplicates();
        assertThat(coded).containsExactlyInAnyOrderElementsOf(scored());

        likeWindowsAreFound();
        whatHasNoCodeIsSaid();
    }

    private WholePath start() {
        return WholePath.start(kafka, streams, ROLES, folder.resolve("state"));
    }

    private void likeWindowsAreFound() throws IOException {
        String time = Feedback.time(BEGIN + 1000L * (steps - 1));
        CommandLineSession table = similar("pumps/p1", time, "--top", "3");
        assertThat(table.exitCode()).as(table.err()).isZero();
        assertThat(table.out().lines()).hasSize(5);
        assertThat(table.out())
                .startsWith("pumps/p1 at " + time + " by dense-ae@1, of ")
                .contains("distance");
        CommandLineSession lines = similar("pumps/p1@" + time, "--top", "3", "--json");
        List<Integer> found = new ArrayList<>();
        for (String line : lines.out().lines().toList()) {
            JsonNode window = new ObjectMapper().readTree(line);
            assertThat(window.path("series").asText()).isEqualTo("p1");
            assertThat(window.path("distance").asDouble()).isPositive();
            long timeMs = Instant.parse(window.path("time").asText()).toEpochMilli();
            found.add((int) ((timeMs - BEGIN) / 1000));
        }
        assertThat(found).hasSize(3).allSatisfy(step -> {
            int back = steps - 1 - step;
            assertThat(back).isGreaterThanOrEqualTo(WINDOW);
            assertThat((back + 1) % PERIOD).as("%d steps back", back).isBetween(0, 2);
        });
    }

    private void whatHasNoCodeIsSaid() {
        CommandLineSession early = similar("pumps/p1", String.valueOf(BEGIN));
        assertThat(early.exitCode()).isEqualTo(1);
        assertThat(early.err()).contains("pumps/p1 has no code at 2023-11-14T22:13:20.000Z; the first after it is at");
        CommandLineSession off = similar("plain/p1", String.valueOf(BEGIN));
        assertThat(off.exitCode()).isEqualTo(1);
        assertThat(off.err()).contains("stream plain has no codes there; declare outputs: {codes: true}");
        long last = BEGIN + 1000L * (steps - 1);
        assertThat(similar("pumps/p9", String.valueOf(last)).err()).contains("series pumps/p9 has no codes there");
        assertThat(similar("pumps/p1", String.valueOf(last), "--back", "0s").err())
                .contains("has no codes there");
        assertThat(similar("pumps/p1", String.valueOf(last - 100_000), "--codes", "4")
                        .exitCode())
                .isEqualTo(1);
        assertThat(similar("pumps", "yesterday").exitCode()).isEqualTo(2);
        assertThat(CommandLineSession.of(
                                "similar", "pumps/p1", "0", "--bootstrap", broker.bootstrap(), "--prefix", "nowhere.")
                        .err())
                .contains("there is no topic nowhere.codes; check --prefix");
    }

    private CommandLineSession similar(String... arguments) {
        List<String> all = new ArrayList<>(List.of("similar"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--bootstrap", broker.bootstrap(), "--prefix", broker.prefix()));
        return CommandLineSession.of(all.toArray(String[]::new));
    }

    /** Where, of what and by which model each code is. */
    private List<String> codes() {
        List<String> codes = new ArrayList<>();
        broker.readAll(List.of(kafka.names().codes()), record -> {
            Code code = Code.read(record.value());
            assertThat(record.key())
                    .isEqualTo((code.stream() + "/" + code.window().series()).getBytes(UTF_8));
            assertThat(code.values()).hasSize(16);
            assertThat(code.window().rows()).isEqualTo(WINDOW);
            codes.add(record.partition() + " " + code.stream() + "/"
                    + code.window().series() + " "
                    + code.window().step() + " " + code.window().timeMs() + " "
                    + code.model().network() + "@" + code.model().version());
        });
        return codes;
    }

    /** The same of each inference in which the network that gives codes scored. */
    private List<String> scored() {
        List<String> scored = new ArrayList<>();
        Inference inference = new Inference();
        broker.readAll(List.of(kafka.names().inferences()), record -> {
            inference.decode(record.value());
            Inference.Member member = inference.member(1);
            if (member.status != Inference.Status.SCORED) return;
            scored.add(record.partition() + " " + inference.step.stream + "/" + inference.step.series + " "
                    + inference.step.step + " " + inference.step.timeMs + " " + member.network + "@"
                    + member.version);
        });
        return scored;
    }

    /** So many further steps of two series. */
    private void send(int count) {
        try (Producer<byte[], byte[]> producer = kafka.producer(Map.of())) {
            for (int i = steps; i < steps + count; i++) {
                producer.send(row("p1", i, Math.sin(2 * Math.PI * i / PERIOD)));
                producer.send(row("p2", i, i % 37 < 9 ? 1 : 0));
            }
        }
        steps += count;
    }

    private ProducerRecord<byte[], byte[]> row(String series, int step, double value) {
        String json = String.format(
                Locale.ROOT,
                "{\"series\": \"%s\", \"timestamp\": %d, \"flow\": %.4f, \"pressure\": %.4f}",
                series,
                BEGIN + 1000L * step,
                value + 0.02 * noise.nextGaussian(),
                3 - value + 0.02 * noise.nextGaussian());
        return new ProducerRecord<>(broker.prefix() + "in", series.getBytes(UTF_8), json.getBytes(UTF_8));
    }
}
