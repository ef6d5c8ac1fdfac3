package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kafka.client.KafkaForTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The built product at work: what scores and what learns in one process that an operator has started, and what its metrics page says. */
final class RunningProduct implements AutoCloseable {
    /** A meter that has not moved for so long will not; how much a busy machine does meanwhile is its own affair. */
    private static final Duration STILL = Duration.ofMinutes(3);

    private static final int TERMINATED = 128 + 15;

    private final KafkaForTests kafka;
    private final Path topology;
    private final Path logs;
    private final RoleProcess process;

    /**
     * Starts it; its topics are its own business, and the input topics must be there.
     *
     * @param topology a folder that {@link TopologyFolder} has written
     * @param folder of this process's state
     * @param name of the folder below {@code target} that holds what it writes
     */
    RunningProduct(KafkaForTests kafka, Path topology, Path folder, String name) throws IOException {
        this.kafka = kafka;
        this.topology = topology;
        logs = Files.createDirectories(Path.of("target", name));
        List<String> arguments = new ArrayList<>(common());
        arguments.addAll(List.of("--start", "earliest", "--metrics-port", "0", "--device", "cpu", "--engine", "dl4j"));
        arguments.addAll(List.of("--state-dir", folder.toString(), "--set", "session.timeout.ms=6000"));
        process = new RoleProcess(
                "ingest,worker,learner,verdict", logs, List.of("-Xmx600m", "-XX:+UseSerialGC"), arguments);
    }

    private List<String> common() {
        return List.of("--bootstrap", kafka.bootstrap(), "--prefix", kafka.prefix(), "--topology", topology.toString());
    }

    /** Sends events to the input topic, in their order, and returns when the broker has them. */
    void send(Stream<String> events) {
        String topic = kafka.prefix() + "in";
        try (Producer<byte[], byte[]> producer = kafka.producer(Map.of("linger.ms", "20"))) {
            events.forEach(event -> producer.send(new ProducerRecord<>(topic, 0, null, event.getBytes(UTF_8))));
            producer.flush();
        }
    }

    /** What the metrics page says now; see {@link ScrapedPage#sum}. */
    double meter(String meter, String... labels) {
        assertThat(process.isAlive()).as("it runs; see %s", process.log()).isTrue();
        ScrapedPage page = Objects.requireNonNull(ScrapedPage.toldIn(log()), "its metrics page");
        return page.sum(meter, labels);
    }

    /** Waits for as long as a meter rises until it says so much; fails at once when the process has ended. */
    void await(double least, String meter, String... labels) {
        double said = Double.NEGATIVE_INFINITY;
        while (said < least) {
            double before = said;
            said = Eventually.gives(
                    STILL,
                    meter + List.of(labels) + " rises to " + least + "; see " + process.log(),
                    () -> process.isAlive() ? (Double) meter(meter, labels) : (Double) Double.NaN,
                    value -> Double.isNaN(value) || value > before);
            assertThat(said).as("it runs; see %s", process.log()).isNotNaN();
        }
    }

    /** Waits until so many events of a stream have had their outcomes since it was last started. */
    void awaitOutcomes(String stream, long events) {
        await(events, "tidemark_outcomes_total", "stream", stream);
    }

    /** What it has written since it was last started. */
    String log() {
        try {
            return Files.readString(process.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it as an operator does. */
    void stop() {
        assertThat(process.stop()).as(log()).isEqualTo(TERMINATED);
    }

    /** Starts it again on what it left. */
    void startAgain() {
        process.startAgain();
    }

    /** Another command of the product on the same installation, to its end; what it wrote. */
    String command(String... arguments) throws IOException, InterruptedException {
        Path out = logs.resolve(arguments[0] + ".log");
        List<String> command = RoleProcess.product(List.of("-Xmx400m"));
        command.addAll(List.of(arguments));
        command.addAll(common());
        Process run = RoleProcess.start(command, out);
        try {
            int status = run.waitFor();
            String said = Files.readString(out);
            assertThat(status).as("%s: %s", command, said).isZero();
            return said;
        } finally {
            run.destroyForcibly();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
