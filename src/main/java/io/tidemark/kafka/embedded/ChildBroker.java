package io.tidemark.kafka.embedded;

import io.tidemark.kafka.client.BrokerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A single-node broker in a JVM of its own, made from this JVM's class path. It ends when it is closed and when this process
 * ends, however that happens.
 *
 * <p>The child's log is {@link BrokerSpec#logFile()}; the one of the run before is kept beside it. Start from jars: classes that
 * a build replaces under a running broker break it.
 */
public final class ChildBroker implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(20);
    private static final String LOG_CONFIG = "io/tidemark/kafka/embedded/logback-broker.xml";

    private final Process process;
    private final String bootstrap;

    private ChildBroker(Process process, String bootstrap) {
        this.process = process;
        this.bootstrap = bootstrap;
    }

    /** A broker with its data in this folder, on a free port. */
    public static ChildBroker start(Path folder) {
        return start(BrokerSpec.in(folder));
    }

    /**
     * Starts the child and returns when it answers, 2 to 5 seconds on a quiet machine.
     *
     * @throws BrokerException with the child's own reason, or the place of its log
     */
    public static ChildBroker start(BrokerSpec spec) {
        Process process = launch(spec);
        boolean ready = false;
        try {
            String line = firstLine(process).get(READY_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null || !line.startsWith(BrokerMain.READY)) {
                throw new BrokerException(
                        line != null && line.startsWith(BrokerMain.FAILED)
                                ? line.substring(BrokerMain.FAILED.length())
                                : "the broker ended before it was ready; see " + spec.logFile());
            }
            ready = true;
            return new ChildBroker(process, line.substring(BrokerMain.READY.length()));
        } catch (TimeoutException late) {
            throw new BrokerException(
                    "the broker was not ready within " + READY_WITHIN.toSeconds() + " s; see " + spec.logFile(), late);
        } catch (ExecutionException failed) {
            throw new BrokerException("the broker's output could not be read; see " + spec.logFile(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BrokerException("interrupted while the broker was starting", interrupted);
        } finally {
            if (!ready) {
                process.destroyForcibly();
            }
        }
    }

    private static Process launch(BrokerSpec spec) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=" + LOG_CONFIG,
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName(),
                spec.folder().toString(),
                Integer.toString(spec.port())));
        spec.settings().forEach((key, value) -> command.add(key + "=" + value));
        try {
            Files.createDirectories(spec.folder());
            if (Files.exists(spec.logFile())) {
                Path before = spec.folder().resolve(spec.logFile().getFileName() + ".before");
                Files.move(spec.logFile(), before, StandardCopyOption.REPLACE_EXISTING);
            }
            return new ProcessBuilder(command)
                    .redirectError(spec.logFile().toFile())
                    .start();
        } catch (IOException failed) {
            throw new BrokerException("the broker's process could not be started: " + failed.getMessage(), failed);
        }
    }

    private static CompletableFuture<@Nullable String> firstLine(Process process) {
        CompletableFuture<@Nullable String> line = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader output = new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                        line.complete(output.readLine());
                    } catch (IOException | UncheckedIOException failed) {
                        line.completeExceptionally(failed);
                    }
                },
                "child-broker-output");
        reader.setDaemon(true);
        reader.start();
        return line;
    }

    /** HOST:PORT for clients. */
    public String bootstrap() {
        return bootstrap;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the child as kill -9 does, for tests of failover. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Lets the child close its log segments, and kills it when it takes longer than 20 s. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(CLOSED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException alreadyEnded) {
            process.destroyForcibly();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
