package io.tidemark.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One process of one role; one thread at a time. */
final class RoleJvm implements AutoCloseable {
    private static final long EXIT_SECONDS_MAX = 60;

    private final String role;
    private final int number;
    private final List<String> arguments;
    private final Path logs;
    private List<String> java;
    private Process process;
    private int starts;

    /**
     * @param number among the processes of its role, from 0
     * @param java the program with its options, up to the class
     * @param arguments of {@code tidemark run}, without the role
     */
    RoleJvm(String role, int number, Path logs, List<String> java, List<String> arguments) {
        this.role = role;
        this.number = number;
        this.logs = logs;
        this.java = java;
        this.arguments = arguments;
        process = launch();
    }

    private Process launch() {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of("run", "--roles", role));
        command.addAll(arguments);
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("OMP_NUM_THREADS", "1");
            builder.environment().put("MALLOC_ARENA_MAX", "1");
            starts++;
            return builder.redirectOutput(log().toFile()).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the present process prints. */
    Path log() {
        return logs.resolve(name().replace(',', '+') + "-" + starts + ".log");
    }

    /** Its last line that is not part of a stack trace. */
    String lastLine() {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("\t"))
                    .reduce((before, line) -> line)
                    .orElse("(nothing was printed)");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the present process has printed so. */
    boolean hasPrinted(String text) {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.anyMatch(line -> line.contains(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String role() {
        return role;
    }

    String name() {
        return role + "-" + number;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    void start() {
        process = launch();
    }

    /** @param with the program with its options, up to the class; it takes effect at the next start */
    void program(List<String> with) {
        java = with;
    }

    /** As kill -9. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** As kill; what does not end within a minute is an error. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(EXIT_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new AssertionError(name() + " has not ended a minute after SIGTERM; see " + log());
        }
    }

    /** As kill -STOP: every thread stands still, and no connection ends. */
    void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0 && process.isAlive()) throw new IOException("kill " + name + " of " + name() + " gave " + code);
    }

    @Override
    public void close() {
        kill();
    }
}
