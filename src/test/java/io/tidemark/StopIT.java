package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamFile;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.role.ingest.IngestTopology;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A training of the built product that is told to stop ends between two steps and says what was finished, and the JVM never crashes in
 * native code: every command that trains, by SIGTERM and by Ctrl-C. A role that fails says why in the last line.
 */
class StopIT {
    private static final int TIMES = Integer.getInteger("tidemark.stops", 2);
    private static final int EVENTS = 2_500;
    private static final Duration WITHIN = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private enum Signal {
        TERM(128 + 15),
        INT(128 + 2);

        private final int status;

        Signal(int status) {
            this.status = status;
        }
    }

    @ParameterizedTest
    @CsvSource({"dl4j,TERM", "djl,TERM", "djl,INT"})
    void aFitThatIsToldToStopSaysHowFarItCame(String engine, Signal signal) throws Exception {
        Path data = folder.resolve("waves.csv");
        StringBuilder rows = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 4_000; i++)
            rows.append(i).append(',').append(Math.sin(i * 0.1)).append('\n');
        Files.writeString(data, rows);
        for (int i = 0; i < TIMES; i++) {
            Stopped stopped = stop(
                    signal,
                    log -> log.contains("epoch"),
                    "networks fit dense-ae --device cpu --epochs 100000 --topology " + topology() + " --data " + data
                            + " --engine " + engine + " --out " + folder.resolve("out"));
            assertThat(stopped.lastLine())
                    .matches("tidemark: stopped between two steps; \\d+ epochs and \\d+ steps were done, and nothing"
                            + " written");
            assertThat(folder.resolve("out")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dl4j", "djl"})
    void anImageFitThatIsToldToStopSaysHowFarItCame(String engine) throws Exception {
        Path stream = Files.writeString(folder.resolve("parts.yaml"), """
                stream: parts
                input: {topic: parts, format: image, image: {width: 32, height: 24, channels: 1}}
                networks: [image-dense-ae]
                """);
        Random random = new Random(3);
        Files.createDirectories(folder.resolve("good"));
        for (int i = 0; i < 24; i++) {
            BufferedImage image = new BufferedImage(32, 24, BufferedImage.TYPE_BYTE_GRAY);
            for (int p = 0; p < 32 * 24; p++) image.getRaster().setSample(p % 32, p / 32, 0, 100 + random.nextInt(50));
            ImageIO.write(image, "png", folder.resolve("good/" + i + ".png").toFile());
        }
        Stopped stopped = stop(
                Signal.TERM,
                log -> log.contains("steps ("),
                "image fit --device cpu --steps 1000000 --topology " + topology() + " --stream " + stream + " --good "
                        + folder.resolve("good") + " --model " + folder.resolve("model") + " --engine " + engine);
        assertThat(stopped.lastLine())
                .matches("tidemark: stopped between two steps; \\d+ of 1000000 steps were done, and nothing is written"
                        + " to .*model");
        assertThat(folder.resolve("model")).doesNotExist();
    }

    /** Roles that train beside each other, then a retraining of the same history. */
    @Test
    void aRunAndARetrainingThatAreToldToStopSayWhatWasFinished() throws Exception {
        KafkaForTests kafka = KafkaForTests.fresh();
        KafkaConnection connection = kafka.connection();
        kafka.topic("heat", 1);
        WholePath.createTopics(connection);
        Path file = Files.writeString(folder.resolve("heat.yaml"), """
                stream: heat
                input: {topic: %sheat, series: [series], features: [value]}
                step: event
                networks: [dense-ae]
                learning: {first-rows: 256, first-steps: 1000000, rows-per-step: 1, share: 1, buffer-rows: 4096}
                """.formatted(kafka.prefix()));
        produce(kafka, connection);
        Set<RoleName> others = Set.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT);
        try (WholePath path =
                WholePath.start(connection, List.of(StreamFile.read(file)), others, folder.resolve("state"))) {
            path.awaitOutcomes(WITHIN, EVENTS);
        }
        String common = " --stream " + file + " --bootstrap " + kafka.bootstrap() + " --prefix " + kafka.prefix()
                + " --topology " + topology() + " --device cpu";
        for (Signal signal : Signal.values()) {
            Stopped run = stop(
                    signal,
                    StopIT::trains,
                    "run --roles learner,retrain --no-create --metrics-port 0 --state-dir " + folder.resolve("own")
                            + common);
            assertThat(run.lastLine())
                    .startsWith("tidemark: stopped as asked; ")
                    .contains("learner: stopped between two steps, and goes on from its last commit")
                    .contains("retrain: finished");
        }
        Stopped retrain = stop(
                Signal.TERM,
                log -> log.contains("0 of 1 jobs"),
                // one candidate ends once it gets no better, perhaps before it is told to stop; a search goes on
                "retrain --networks dense-ae --candidates 2 --steps 1000000 --out " + folder + common);
        assertThat(retrain.lastLine())
                .startsWith("tidemark: stopped as asked; run ")
                .contains(": 0 of 1 jobs are done, 1 stay on the queue for the next retrain worker");
    }

    @Test
    void aRoleThatFailsSaysItsRootCauseInTheLastLine() throws Exception {
        KafkaForTests kafka = KafkaForTests.fresh();
        kafka.topic("cold", 1);
        WholePath.createTopics(kafka.connection());
        Path file = Files.writeString(folder.resolve("cold.yaml"), """
                stream: cold
                input: {topic: %scold, series: [series], features: [value]}
                step: event
                networks: [dense-ae]
                """.formatted(kafka.prefix()));
        String changelog = IngestTopology.changelog(kafka.connection().names(), kafka.prefix() + "cold");
        kafka.create(List.of(new TopicSpec(changelog, 3, (short) 1, Map.of())));
        Path log = Files.createTempFile(folder, "out-", ".log");
        Process process = start(
                log,
                "run --roles ingest --no-create --metrics-port 0 --stream " + file + " --bootstrap " + kafka.bootstrap()
                        + " --prefix " + kafka.prefix() + " --topology " + topology() + " --state-dir "
                        + folder.resolve("own"));
        try {
            assertThat(process.waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS))
                    .as(Files.readString(log))
                    .isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(new Stopped(Files.readAllLines(log)).lastLine())
                    .startsWith("tidemark: a role has failed: ingest: ")
                    .contains(changelog)
                    .contains("partitions");
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    /** Whether the process whose output this is has taken a step, by its own metrics page. */
    private static boolean trains(String log) {
        ScrapedPage page = ScrapedPage.toldIn(log);
        return page != null && page.sum("tidemark_training_seconds_count") > 0;
    }

    private record Stopped(List<String> lines) {
        String lastLine() {
            return lines.get(lines.size() - 1);
        }
    }

    /** Runs the product as a user would, its output in a file. */
    private Process start(Path log, String arguments) throws IOException {
        // a build in the background ignores Ctrl-C, and so would what it starts
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m"));
        command.addAll(List.of("-jar", RoleProcess.jar().toAbsolutePath().toString()));
        command.addAll(List.of(arguments.split(" ")));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    /** Runs the product until it has written so much, tells it to stop, and gives what it wrote. */
    private Stopped stop(Signal signal, Predicate<String> began, String arguments) throws Exception {
        Path log = Files.createTempFile(folder, "out-", ".log");
        Process process = start(log, arguments);
        try {
            Eventually.holds(
                    WITHIN, "training has begun", () -> !process.isAlive() || began.test(Files.readString(log)));
            assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as(Files.readString(log))
                    .isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(signal.status);
        } finally {
            process.destroyForcibly().onExit().join();
        }
        return new Stopped(Files.readAllLines(log));
    }

    @AfterEach
    void noJvmHasCrashed() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("hs_err")))
                    .isEmpty();
        }
    }

    private static Path topology() {
        return Path.of("topology").toAbsolutePath();
    }

    private static void produce(KafkaForTests kafka, KafkaConnection connection) {
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            Random noise = new Random(1);
            for (int i = 0; i < EVENTS; i++) {
                String json = String.format(
                        Locale.ROOT,
                        "{\"series\":\"s\",\"timestamp\":%d,\"value\":%.4f}",
                        1_700_000_000_000L + 1000L * i,
                        10 + Math.sin(i / 20.0) + 0.1 * noise.nextGaussian());
                producer.send(
                        new ProducerRecord<>(kafka.prefix() + "heat", 0, null, json.getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
        }
    }
}
