package io.tidemark;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./tidemark} with the jar and the libraries of this build, in a folder without sources, so that it builds nothing. */
class LauncherIT {

    @TempDir
    Path home;

    @BeforeEach
    void installTheBuild() throws Exception {
        Path jar = Path.of(System.getProperty("tidemark.jar"));
        Files.copy(RepositoryFiles.ROOT.resolve("tidemark"), home.resolve("tidemark"), COPY_ATTRIBUTES);
        Files.createSymbolicLink(home.resolve("target"), jar.getParent());
    }

    /** So that nothing that clears the folder meets a link out of it. */
    @AfterEach
    void unlinkTheBuild() throws Exception {
        Files.delete(home.resolve("target"));
    }

    @Test
    void versionIsAllThatGoesToStandardOutput() throws Exception {
        assertThat(run("--version")).isZero();
        assertThat(Files.readString(home.resolve("out")))
                .matches("tidemark \\d+\\.\\d+\\.\\d+ \\(commit ([0-9a-f]{8}(-dirty)?|unknown)\\)\\R");
        assertThat(home.resolve("err")).isEmptyFile();
    }

    @Test
    void wrongUsageExitsWithTwoAndSaysSoOnStandardError() throws Exception {
        assertThat(run("--no-such-option")).isEqualTo(2);
        assertThat(home.resolve("out")).isEmptyFile();
        assertThat(home.resolve("err")).content().contains("--no-such-option");
    }

    @Test
    void theBrokerOfTheEnvironmentIsAskedForTheRecordsOfATopic() throws Exception {
        String file = home.resolve("pumps.yaml").toString();
        int end = run(
                Map.of("TIDEMARK_BOOTSTRAP", "127.0.0.1:1"), "streams", "init", "pumps", "--out", file, "--wait", "1s");
        assertThat(end).isNotZero();
        assertThat(home.resolve("err")).content().contains("127.0.0.1:1");
        assertThat(home.resolve("pumps.yaml")).doesNotExist();
    }

    private int run(String... arguments) throws Exception {
        return run(Map.of(), arguments);
    }

    private int run(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(home.resolve("tidemark").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(home.resolve("out").toFile())
                .redirectError(home.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TIDEMARK_"));
        builder.environment().putAll(environment);
        builder.environment().put("TIDEMARK_JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("the launcher ends")
                .isTrue();
        return process.exitValue();
    }
}
