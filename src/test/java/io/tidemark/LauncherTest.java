package io.tidemark;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./tidemark} in a folder of its own, with Javas that only print their arguments. */
class LauncherTest {

    @TempDir
    Path home;

    record Run(int exitCode, String output, String errors) {}

    @BeforeEach
    void installWithoutSources() throws IOException {
        Files.copy(RepositoryFiles.ROOT.resolve("tidemark"), home.resolve("tidemark"), COPY_ATTRIBUTES);
        Files.createDirectories(home.resolve("target"));
        Files.createFile(home.resolve("target/tidemark.jar"));
    }

    @Test
    void argumentsReachTheProgramAsTheyAre() throws Exception {
        Run run = run(Map.of("TIDEMARK_JAVA_HOME", java("17.0.1")), "run", "pump 3", "*", "");
        assertThat(run.exitCode).isZero();
        assertThat(run.output.lines())
                .containsSubsequence(
                        "-Xmx2g",
                        "-Xms256m",
                        "-XX:+AlwaysPreTouch",
                        "-jar",
                        home.toRealPath() + "/target/tidemark.jar",
                        "run",
                        "pump 3",
                        "*",
                        "");
        assertThat(run.errors).isEmpty();
    }

    @Test
    void heapAndFurtherOptionsComeFromTheEnvironment() throws Exception {
        Run run = run(Map.of(
                "TIDEMARK_JAVA_HOME", java("17.0.1"),
                "TIDEMARK_HEAP", "512m",
                "TIDEMARK_JAVA_OPTS", "-Da=1 -XX:+UseSerialGC"));
        assertThat(run.output.lines()).containsSubsequence("-Xmx512m", "-Da=1", "-XX:+UseSerialGC", "-jar");
        assertThat(run.output).doesNotContain("-Xms");
    }

    @Test
    void memoryOfTheEnginesStaysInOneArenaUnlessSetOtherwise() throws Exception {
        String java = java("17.0.1", "env | grep ^MALLOC_ | sort");
        assertThat(run(Map.of("TIDEMARK_JAVA_HOME", java, "MALLOC_ARENA_MAX", "4"))
                        .output
                        .lines())
                .containsExactly(
                        "MALLOC_ARENA_MAX=4",
                        "MALLOC_MMAP_THRESHOLD_=1073741824",
                        "MALLOC_TOP_PAD_=67108864",
                        "MALLOC_TRIM_THRESHOLD_=268435456");
    }

    @Test
    void nativeAccessIsEnabledWhereJavaWarnsAboutIt() throws Exception {
        String access = "--enable-native-access=ALL-UNNAMED";
        String memory = "--sun-misc-unsafe-memory-access=allow";
        assertThat(run(Map.of("TIDEMARK_JAVA_HOME", java("25"))).output).contains(access, memory);
        assertThat(run(Map.of("TIDEMARK_JAVA_HOME", java("22.0.1"))).output)
                .contains(access)
                .doesNotContain(memory);
        assertThat(run(Map.of("TIDEMARK_JAVA_HOME", java("21.0.2"))).output).doesNotContain(access, memory);
    }

    @Test
    void onlyCommandsThatWorkForLongGetTheHeapAndTheCompilerForIt() throws Exception {
        Map<String, String> environment = Map.of("TIDEMARK_JAVA_HOME", java("17.0.1"));
        for (String[] brief : new String[][] {
            {}, {"--help"}, {"streams", "check"}, {"models", "list"}, {"run", "--help"}, {"demo", "-h"}
        }) {
            assertThat(run(environment, brief).output)
                    .contains("-XX:TieredStopAtLevel=1")
                    .doesNotContain("PreTouch", "-Xms");
        }
        for (String[] lasting :
                new String[][] {{"run"}, {"demo", "--for", "90s"}, {"backtest"}, {"models", "reproduce"}, {"what-comes"}
                }) {
            assertThat(run(environment, lasting).output)
                    .contains("-XX:+AlwaysPreTouch", "-Xms256m")
                    .doesNotContain("Tiered");
        }
    }

    @Test
    void exitCodeOfTheProgramIsTheLaunchers() throws Exception {
        assertThat(run(Map.of("TIDEMARK_JAVA_HOME", java("17", "exit 7"))).exitCode)
                .isEqualTo(7);
    }

    @Test
    void javaHomeThatIsTooOldIsPassedOver() throws Exception {
        String path = java("17.0.9") + "/bin:" + System.getenv("PATH");
        Run run = run(Map.of("JAVA_HOME", java("11.0.2", "echo old"), "PATH", path));
        assertThat(run.output).contains("-jar").doesNotContain("old");
    }

    @Test
    void aNamedJavaThatIsTooOldIsRefusedWithTheRemedy() throws Exception {
        Run run = run(Map.of("TIDEMARK_JAVA_HOME", java("11.0.2")));
        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.output).isEmpty();
        assertThat(run.errors).contains("TIDEMARK_JAVA_HOME must be", "17 or newer", "has 11");
    }

    @Test
    void sourcesNewerThanTheJarAreBuiltFirst() throws Exception {
        Path sources = sources();
        Path mvn = script(
                home.resolve("bin/mvn"),
                "echo \"[INFO] --- maven-compiler-plugin:1:compile ---\"; echo built > target/tidemark.jar");
        Map<String, String> environment =
                Map.of("TIDEMARK_JAVA_HOME", jdk("17"), "PATH", mvn.getParent() + ":" + System.getenv("PATH"));

        Run first = run(environment, "x");
        assertThat(first.errors).contains("building with", "  compiler", "built in");
        assertThat(first.output.lines()).endsWith("x").noneMatch(line -> line.contains("INFO"));
        assertThat(run(environment, "x").errors).isEmpty();

        Files.setLastModifiedTime(sources, FileTime.fromMillis(System.currentTimeMillis() + 5_000));
        assertThat(run(environment, "x").errors).contains("building with");
    }

    @Test
    void aFailedBuildShowsItsErrorsAndStartsNothing() throws Exception {
        sources();
        Path mvn = script(home.resolve("bin/mvn"), "echo \"[ERROR] no such type\"; exit 1");
        Run run = run(Map.of("TIDEMARK_JAVA_HOME", jdk("17"), "PATH", mvn.getParent() + ":" + System.getenv("PATH")));
        assertThat(run.exitCode).isEqualTo(1);
        assertThat(run.output).isEmpty();
        assertThat(run.errors).contains("[ERROR] no such type", "the build failed", "target/build.log");
    }

    /** A checkout whose sources are newer than its jar; returns one of them. */
    private Path sources() throws IOException {
        Files.createDirectories(home.resolve("src/main"));
        Files.createFile(home.resolve("pom.xml"));
        Files.delete(home.resolve("target/tidemark.jar"));
        return Files.createFile(home.resolve("src/main/A.java"));
    }

    private String java(String version) throws IOException {
        return java(version, "printf '%s\\n' \"$@\"");
    }

    private String java(String version, String body) throws IOException {
        Path java = home.resolve("java-" + version);
        script(java.resolve("bin/java"), body);
        Files.writeString(java.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return java.toString();
    }

    private String jdk(String version) throws IOException {
        String java = java(version);
        script(Path.of(java, "bin/javac"), "");
        return java;
    }

    private static Path script(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Run run(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(home.resolve("tidemark").toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(home, "out", "");
        Path errors = Files.createTempFile(home, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment()
                .keySet()
                .removeIf(
                        name -> name.startsWith("TIDEMARK_") || name.startsWith("MALLOC_") || name.equals("JAVA_HOME"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS))
                .as("the launcher ends")
                .isTrue();
        return new Run(process.exitValue(), Files.readString(output), Files.readString(errors));
    }
}
