package io.tidemark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Roles of the built product in a JVM of their own, as an operator would run them; stopped, killed and started again by tests. */
final class RoleProcess implements AutoCloseable {
    private final String role;
    private final List<String> command;
    private final Path logs;
    private Process process;
    private int starts;

    /**
     * @param jvm options of the JVM
     * @param arguments of {@code tidemark run}, without the role
     */
    RoleProcess(String role, Path logs, List<String> jvm, List<String> arguments) {
        this.role = role;
        this.logs = logs;
        command = product(jvm);
        command.addAll(List.of("run", "--roles", role));
        command.addAll(arguments);
        process = start();
    }

    /** The packaged product. */
    static Path jar() {
        Path jar = Path.of(System.getProperty("tidemark.jar", "target/tidemark.jar"));
        if (!Files.exists(jar)) throw new IllegalStateException(jar + " is missing: run mvn package first");
        return jar;
    }

    /** What runs it, without its arguments. */
    static List<String> product(List<String> jvm) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-jar", jar().toString()));
        return command;
    }

    /** Runs it; what it writes goes to a file. */
    static Process start(List<String> command, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.redirectOutput(log.toFile()).start();
    }

    private Process start() {
        starts++;
        try {
            return start(command, log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String role() {
        return role;
    }

    /** What it has written since it was last started. */
    Path log() {
        return logs.resolve(role + "-" + starts + ".log");
    }

    /** Tells it to end, as SIGTERM does, and waits; its exit status. */
    int stop() {
        process.destroy();
        return process.onExit().join().exitValue();
    }

    /** Ends it as kill -9 does and starts it again at once. */
    void killAndRestart() {
        kill();
        startAgain();
    }

    long pid() {
        return process.pid();
    }

    /** Ends it as kill -9 does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Starts what has ended again. */
    void startAgain() {
        process = start();
    }

    /** Whether it runs; a role that ended by itself has failed. */
    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        kill();
    }
}
