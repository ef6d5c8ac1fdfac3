package io.tidemark.app.bench;

import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.kafka.client.Topics;
import io.tidemark.kafka.embedded.BrokerSpec;
import io.tidemark.kafka.embedded.ChildBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What an event costs from the input topic to its score, as a multiple of an exactly-once pass-through of the same records on
 * the same broker in the same run, and how long it takes at a fixed rate.
 *
 * <p>Processor time counts everything: the producer of the events, every role, the reader of the scores, and the broker.
 */
public final class EndToEnd {

    /**
     * @param series distinct series; in [1, 100_000]
     * @param warmUp events before the measured ones, so that windows are full, models published and code compiled
     * @param events measured events
     * @param ratePerSecond events a second of the latency part
     * @param rateSeconds length of the latency part
     */
    public record Settings(int series, int warmUp, int events, int ratePerSecond, int rateSeconds) {
        public Settings {
            if (series < 1 || series > 100_000) {
                throw new IllegalArgumentException("series must be in [1, 100000], but was " + series);
            }
            if (events < 100) throw new IllegalArgumentException("events must be at least 100, but was " + events);
        }
    }

    /**
     * What one path through Kafka costs.
     *
     * @param eventsPerSecond measured events over the time from the first sent to the last read
     * @param cpuMicros processor time for an event, microseconds
     * @param cpuMicrosByPart the same by groups of threads
     * @param logBytes bytes an event adds to the broker's logs, compressed, in one replica of every topic but the input
     * @param logBytesByTopic the same by topic, those of less than a tenth of a byte left out
     * @param garbageBytes bytes of heap that this process's threads allocate for an event: load, roles and reader
     * @param latencyP50Ms from an event's Kafka timestamp to its record's arrival at a read_committed reader
     * @param latencyP99Ms the same, 99th percentile
     */
    public record Cost(
            double eventsPerSecond,
            double cpuMicros,
            Map<String, Double> cpuMicrosByPart,
            double logBytes,
            Map<String, Double> logBytesByTopic,
            double garbageBytes,
            double latencyP50Ms,
            double latencyP99Ms) {}

    /** @param cpuMultiple the product's processor time for an event over the pass-through's */
    public record Result(Settings settings, Cost passThrough, Cost tidemark, double cpuMultiple) {}

    /** The product under measurement, started against a broker. */
    public interface Product {
        /** Topics to create besides the input. */
        List<TopicSpec> topics();

        /** The topic that carries one record for each event. */
        String outcomes();

        /** Starts every role; closing what is returned stops them. */
        AutoCloseable start(String bootstrap);

        /** Whether every declared network has a model in use, so that measuring may begin. */
        boolean warm();

        /** Names the group of a thread by the thread's name. */
        String group(String threadName);
    }

    private static final String INPUT = "bench.input";
    private static final String COPY = "bench.copy";
    private static final int PARTITIONS = 4;

    private final Settings settings;
    private final Records records;
    private final Consumer<String> progress;

    /** @param progress receives a line for each phase */
    public EndToEnd(Settings settings, Records records, Consumer<String> progress) {
        this.settings = settings;
        this.records = records;
        this.progress = progress;
    }

    /** Runs both paths on a fresh broker in a folder. */
    public Result run(Path folder, Product product) {
        try (ChildBroker broker = ChildBroker.start(BrokerSpec.in(folder));
                Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()))) {
            Topics topics = new Topics(admin, Duration.ofSeconds(30));
            topics.create(List.of(TopicSpec.of(INPUT, PARTITIONS), TopicSpec.of(COPY, PARTITIONS)));
            topics.create(product.topics());
            ProcessHandle child = ProcessHandle.of(broker.pid()).orElseThrow();
            progress.accept("pass-through: warming up");
            Cost copied;
            try (PassThrough copy = new PassThrough(streams(broker.bootstrap(), folder), INPUT, COPY)) {
                copied = measure(broker.bootstrap(), admin, child, COPY, () -> true, EndToEnd::passThroughGroup);
            }
            progress.accept("tidemark: warming up");
            topics.create(List.of(TopicSpec.of(input(), PARTITIONS)));
            Cost whole;
            try (AutoCloseable roles = product.start(broker.bootstrap())) {
                whole = measure(broker.bootstrap(), admin, child, product.outcomes(), product::warm, product::group);
            }
            return new Result(settings, copied, whole, whole.cpuMicros() / copied.cpuMicros());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the roles did not stop: " + e.getMessage(), e);
        }
    }

    /** The input topic of the product's part. */
    public static String input() {
        return "bench.events";
    }

    private Cost measure(
            String bootstrap,
            Admin admin,
            ProcessHandle child,
            String outcomes,
            java.util.function.BooleanSupplier warm,
            UnaryOperator<String> group)
            throws IOException {
        String input = outcomes.equals(COPY) ? INPUT : input();
        try (Load load = new Load(bootstrap, input, records);
                Arrivals arrivals = new Arrivals(bootstrap, outcomes)) {
            long sent = load.burst(settings.warmUp());
            arrivals.awaitCount(sent, Duration.ofMinutes(5));
            while (!warm.getAsBoolean()) {
                sent += load.burst(settings.series() * 4);
                arrivals.awaitCount(sent, Duration.ofMinutes(5));
            }
            progress.accept("measuring " + settings.events() + " events at full speed");
            CpuMeter meter = new CpuMeter(child, group);
            LogBytes log = new LogBytes(admin, input);
            Map<String, Long> logBefore = log.read();
            long garbageBefore = ThreadsCpu.allocatedBytes();
            Map<String, Long> before = meter.read();
            long start = System.nanoTime();
            sent += load.burst(settings.events());
            arrivals.awaitCount(sent, Duration.ofMinutes(10));
            double seconds = (System.nanoTime() - start) / 1e9;
            Map<String, Long> used = CpuMeter.between(before, meter.read());
            double garbage = (double) (ThreadsCpu.allocatedBytes() - garbageBefore) / settings.events();
            Map<String, Double> logs = log.eachSince(logBefore, settings.events());
            progress.accept("measuring latency at " + settings.ratePerSecond() + " events a second");
            arrivals.startLatency();
            sent += load.steady(settings.ratePerSecond(), settings.rateSeconds());
            arrivals.awaitCount(sent, Duration.ofMinutes(5));
            Map<String, Double> parts = new java.util.TreeMap<>();
            used.forEach((name, ns) -> parts.put(name, ns / 1000.0 / settings.events()));
            return new Cost(
                    settings.events() / seconds,
                    CpuMeter.total(used) / 1000.0 / settings.events(),
                    parts,
                    logs.values().stream().mapToDouble(Double::doubleValue).sum(),
                    logs,
                    garbage,
                    arrivals.latencyMs(50),
                    arrivals.latencyMs(99));
        }
    }

    private static Properties streams(String bootstrap, Path folder) {
        Properties p = new Properties();
        p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        p.put(
                StreamsConfig.STATE_DIR_CONFIG,
                folder.resolve("pass-through-state").toString());
        p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        // The clients' settings of Tidemark's own roles: with Kafka's defaults the reference would cost several times
        // as much.
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 2_000);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        p.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 << 10);
        return p;
    }

    private static String passThroughGroup(String thread) {
        if (thread.startsWith("bench-")) return "load and reader";
        return thread.startsWith("kafka-producer-network-thread") && thread.contains("bench-load")
                ? "load and reader"
                : "kafka streams";
    }
}
