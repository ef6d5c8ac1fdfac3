package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.embedded.EmbeddedBroker;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.RegistryView;
import io.tidemark.role.notify.Desk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A new operator who follows the guide to the letter: the {@code sh} blocks of its pages, one after the other, in one folder, with the packaged product, beside a
 * Kafka and a webhook that are there.
 */
class GuideIT {
    private static final Duration WITHIN = Duration.ofMinutes(5);
    /** As a shell tells of a process that SIGTERM has ended. */
    private static final int TERMINATED = 128 + 15;

    private static final Path GUIDE = Path.of("src/docs/guide");
    private static final List<String> PAGES =
            List.of("own-topic.md", "noise.md", "retraining.md", "sizing.md", "security.md");
    /** What the operator saw. */
    private static final Path SEEN = Path.of("target", "guide.txt");

    private final List<Process> running = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void everyCommandOfTheGuideDoesWhatItSays() throws Exception {
        assumeTrue(Boolean.getBoolean("operator.run"), "takes two minutes and all of the machine: -Doperator.run=true");
        Path data = KafkaForTests.temporaryFolder();
        try (EmbeddedBroker broker = EmbeddedBroker.inProcess(data);
                Desk desk = new Desk()) {
            install();
            Files.deleteIfExists(SEEN);
            KafkaConnection kafka = new KafkaConnection(
                    Map.of("bootstrap.servers", broker.bootstrap()), new TopicNames(TopicNames.DEFAULT_PREFIX));
            Map<String, String> here = Map.of(
                    "localhost:9092",
                    broker.bootstrap(),
                    "localhost:8080",
                    desk.address(),
                    "--console-port 9474",
                    "--console-port 0");
            StringBuilder said = new StringBuilder();
            for (String page : PAGES) {
                for (String block : CodeBlocks.shell(Files.readString(GUIDE.resolve(page)))) {
                    String script = block;
                    for (Map.Entry<String, String> place : here.entrySet()) {
                        script = script.replace(place.getKey(), place.getValue());
                    }
                    if (script.contains("models rollback")) awaitSecondVersion(kafka);
                    said.append(script.contains("./tidemark run ") ? startAndAwait(script) : run(page, script));
                }
            }
            assertThat(said)
                    .contains("dense-ae", "alerts doubled since noon", "repaired tomorrow")
                    .contains("10,000 series");
            Eventually.passes(WITHIN, () -> assertThat(desk.bodies()).anyMatch(GuideIT::isTheFault));
            for (Process process : running) {
                process.destroy();
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).as(log()).isEqualTo(TERMINATED);
            }
        } finally {
            running.forEach(Process::destroyForcibly);
            KafkaForTests.delete(data);
        }
    }

    private static boolean isTheFault(JsonNode incident) {
        return incident.path("state").asText().equals("open")
                && incident.at("/first/series").asText().equals("p2")
                && incident.path("summary").asText().contains("flow of p2");
    }

    /** The product beside its topology, as a clone has it after the first build. */
    private void install() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path program = Files.writeString(
                folder.resolve("tidemark"),
                "#!/bin/sh\nexec " + java + " -Xmx600m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "
                        + RoleProcess.jar().toAbsolutePath() + " \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path from = Path.of("topology");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path to =
                        folder.resolve("topology").resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) Files.createDirectories(to);
                else Files.copy(file, to);
            }
        }
    }

    private Process start(String script, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TIDEMARK_"));
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.start();
    }

    private String run(String page, String script) throws Exception {
        Path out = Files.createTempFile(folder, "out", ".log");
        Process process = start(script, out);
        boolean ended = process.waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS);
        if (!ended) process.destroyForcibly();
        String said = Files.readString(out, UTF_8);
        assertThat(ended).as(page + ":\n" + script + said + log()).isTrue();
        assertThat(process.exitValue()).as(page + ":\n" + script + said + log()).isZero();
        Files.writeString(SEEN, "$ " + script.strip().replace("\n", "\n$ ") + "\n" + said + "\n", CREATE, APPEND);
        return said;
    }

    private String startAndAwait(String script) throws Exception {
        Process process = start("exec " + script.strip(), folder.resolve("run.log"));
        running.add(process);
        Eventually.holds(WITHIN, "it runs", () -> {
            assertThat(process.isAlive()).as(log()).isTrue();
            return log().contains("running [");
        });
        return "";
    }

    private String log() throws IOException {
        Path log = folder.resolve("run.log");
        return Files.exists(log) ? Files.readString(log, UTF_8) : "";
    }

    private static void awaitSecondVersion(KafkaConnection kafka) {
        Eventually.holds(
                WITHIN,
                "there is a version to go back to",
                () -> RegistryView.read(kafka)
                                .deployment(new ModelId("pumps", "dense-ae"))
                                .champion()
                        > 1);
    }
}
