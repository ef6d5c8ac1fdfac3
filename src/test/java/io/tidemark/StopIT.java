package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training of the built product that is told to stop ends between two steps, and the JVM never crashes in native code. */
class StopIT {
    private static final int TIMES = 4;
    /** The exit status of a process that SIGTERM ended. */
    private static final int TERMINATED = 128 + 15;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"dl4j", "djl"})
    void aFitThatIsToldToStopEndsAtOnceAndWithoutACrash(String engine) throws Exception {
        Path data = folder.resolve("waves.csv");
        StringBuilder rows = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 4_000; i++)
            rows.append(i).append(',').append(Math.sin(i * 0.1)).append('\n');
        Files.writeString(data, rows);
        for (int i = 0; i < TIMES; i++) {
            Path log = folder.resolve("fit-" + i + ".log");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m"));
            command.addAll(List.of("-jar", RoleProcess.jar().toString(), "networks", "fit", "dense-ae"));
            command.addAll(
                    List.of("--topology", Path.of("topology").toAbsolutePath().toString()));
            command.addAll(List.of("--data", data.toString(), "--engine", engine, "--device", "cpu"));
            command.addAll(
                    List.of("--epochs", "100000", "--out", folder.resolve("out").toString()));
            ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
            builder.environment().put("OMP_NUM_THREADS", "1");
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                Eventually.holds(
                        Duration.ofMinutes(2),
                        "training has begun",
                        () -> !process.isAlive() || Files.readString(log).contains("epoch"));
                assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
                process.destroy();
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(TERMINATED);
            } finally {
                process.destroyForcibly();
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("hs_err")))
                    .isEmpty();
        }
    }
}
