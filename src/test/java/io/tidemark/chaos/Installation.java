package io.tidemark.chaos;

import io.tidemark.Eventually;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * Two processes of each role with the topology that they read, and what supervises them: a process that ends by itself is started
 * again, and noted. Safe for any thread.
 */
final class Installation implements AutoCloseable {
    private static final int EACH = 2;
    private static final Duration STARTED_WITHIN = Duration.ofMinutes(3);
    private static final long WATCH_MS = 200;

    private final Path topology;
    private final List<RoleJvm> processes = new ArrayList<>();
    private final List<String> exits = new CopyOnWriteArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread supervisor = new Thread(this::supervise, "supervisor");
    private final Declared declared = new Declared();
    private final int publishRows;

    /** What a rolling restart changes. */
    private static final class Declared {
        boolean otherThreshold;
        boolean otherWindow;
    }

    /**
     * Starts all, from this JVM's class path.
     *
     * @param together the roles of one process, with commas between, for each process of a pair
     * @param config Kafka client settings that all get
     * @param publishRows taught rows between two versions
     */
    Installation(Path folder, Path logs, Cluster cluster, List<String> together, List<String> config, int publishRows)
            throws IOException {
        this(folder, logs, cluster, together, config, publishRows, System.getProperty("java.class.path"));
    }

    /** Starts all from another class path. */
    Installation(
            Path folder,
            Path logs,
            Cluster cluster,
            List<String> together,
            List<String> config,
            int publishRows,
            String classPath)
            throws IOException {
        topology = folder.resolve("topology");
        Files.createDirectories(topology.resolve("streams"));
        Files.createDirectories(topology.resolve("zoo"));
        Files.copy(
                Path.of("topology/topics.yaml"), topology.resolve("topics.yaml"), StandardCopyOption.REPLACE_EXISTING);
        this.publishRows = publishRows;
        declare();
        Path settings = Files.write(folder.resolve("kafka.properties"), config);
        for (int number = 0; number < EACH; number++) {
            for (String roles : together) {
                processes.add(new RoleJvm(
                        roles,
                        number,
                        logs,
                        java(roles, classPath),
                        List.of(
                                "--bootstrap",
                                cluster.bootstrap(),
                                "--config",
                                settings.toString(),
                                "--topology",
                                topology.toString(),
                                "--start",
                                "earliest",
                                "--engine",
                                "dl4j",
                                "--device",
                                "cpu",
                                "--metrics-port",
                                "0",
                                "--instance",
                                "process-" + number,
                                "--state-dir",
                                folder.resolve("state-" + roles + "-" + number).toString())));
            }
        }
        supervisor.start();
    }

    /** @param classPath where it begins with a jar, what this one calls its main class is started */
    private static List<String> java(String roles, String classPath) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                roles.contains("learner") ? "-Xmx448m" : "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Djava.awt.headless=true",
                "-cp",
                classPath,
                mainClass(classPath));
    }

    private static String mainClass(String classPath) {
        String first = classPath.split(File.pathSeparator, 2)[0];
        if (!first.endsWith("tidemark.jar")) return "io.tidemark.app.cli.Tidemark";
        try (JarFile jar = new JarFile(first)) {
            return jar.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes what is declared now; a process that starts reads it. */
    private void declare() throws IOException {
        write("zoo/tiny-ae.yaml", """
                summary: A small autoencoder of the last rows.
                works: Here.
                fails: Elsewhere.
                cost: Next to nothing.
                paper: none
                kind: autoencoder
                window: %d
                layers:
                  - flatten
                  - dense: {units: 3, activation: swish}
                  - dense: {units: output}
                training:
                  loss: smooth-l1
                  learning-rate: 0.005
                  batch: 32
                """.formatted(declared.otherWindow ? 12 : 8));
        String rest = """
                networks: [tiny-ae]
                learning: {first-rows: 256, first-steps: 20, rows-per-step: 64, publish-rows: %d, buffer-rows: 4096}
                scaling: {clip: %s}
                verdict: {open: %s}
                retrain: {cron: "* * * * *", history: 10m, networks: [tiny-ae], steps: 40, candidates: 1}
                """;
        String clip = declared.otherWindow ? "8" : "10";
        String open = declared.otherThreshold ? "0.8" : "0.7";
        write("streams/machines.yaml", """
                stream: machines
                input: {topic: machines, series: [series], features: [value]}
                step: event
                """ + rest.formatted(publishRows, clip, open));
        write(
                "streams/lines.yaml",
                """
                stream: lines
                input: {topic: lines, series: [series], features: [value]}
                step: %s
                lateness: 500ms
                idle-close: 4s
                """.formatted(declared.otherWindow ? "2s" : "1s") + rest.formatted(publishRows / 8, clip, open));
    }

    /** Whole or not at all: a process may be starting. */
    private void write(String name, String text) throws IOException {
        Path whole = topology.resolve(name);
        Path part = topology.resolve(name + ".part");
        Files.writeString(part, text);
        Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void supervise() {
        try {
            while (!stop.await(WATCH_MS, TimeUnit.MILLISECONDS)) {
                for (RoleJvm process : processes) {
                    synchronized (process) {
                        if (process.isAlive() || stop.getCount() == 0) continue;
                        exits.add(process.name() + " ended with " + process.exitCode() + " ("
                                + process.log().getFileName() + "): " + process.lastLine());
                        process.start();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    List<RoleJvm> processes() {
        return processes;
    }

    /** What ended by itself, and its last words. */
    List<String> exits() {
        return exits;
    }

    /** An error when one ends by itself meanwhile: what cannot start is no fault to recover from. */
    void awaitStarted() {
        for (RoleJvm process : processes) {
            awaitStarted(process);
            if (!exits.isEmpty()) throw new AssertionError(exits.get(0));
        }
    }

    void awaitStarted(RoleJvm process) {
        Eventually.holds(STARTED_WITHIN, process.name() + " runs; see " + process.log(), () -> {
            synchronized (process) {
                return process.hasPrinted("running [");
            }
        });
    }

    void killAndRestart(RoleJvm process) {
        synchronized (process) {
            process.kill();
            process.start();
        }
    }

    /** Stops and starts each process, the first ones of all roles before the second ones, after a change of what is declared. */
    void roll(ChaosFault.Kind change) throws IOException, InterruptedException {
        if (change == ChaosFault.Kind.ROLLED_WINDOW) declared.otherWindow = !declared.otherWindow;
        else declared.otherThreshold = !declared.otherThreshold;
        declare();
        restartEach();
    }

    /** Stops each process, and starts it from another class path on the same folders, in the order of {@link #roll}. */
    void upgrade(String classPath) throws InterruptedException {
        for (RoleJvm process : processes) {
            synchronized (process) {
                process.program(java(process.role(), classPath));
            }
        }
        restartEach();
    }

    private void restartEach() throws InterruptedException {
        for (RoleJvm process : processes) {
            synchronized (process) {
                process.stop();
                process.start();
            }
            awaitStarted(process);
        }
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            supervisor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        processes.forEach(RoleJvm::close);
    }
}
