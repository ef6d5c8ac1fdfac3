package io.tidemark.role.ingest;

import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.CommittedOffsets;
import io.tidemark.kafka.client.ExactlyOnceStreams;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.LocalState;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.kafka.client.StreamsFailures;
import io.tidemark.kafka.client.Topics;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/**
 * Runs one {@link IngestTopology} for each input topic, under exactly_once_v2.
 *
 * <p>Events that expire before they are read keep it from starting, with their number. While it runs it goes on at the oldest
 * event: only so can it begin with partitions that its input gets meanwhile.
 *
 * <p>State lies on disk with a changelog. A cluster that is away is waited for; whatever
 * else Kafka Streams cannot recover from stops the role, which then is no longer {@link #isHealthy}. Kafka Streams creates the
 * changelog and the topic of events by itself: where applications may not create topics, they must be there under the names
 * {@code PREFIXingest-INPUT-ingest-state-changelog} and {@code PREFIXingest-INPUT-events-repartition}. Safe for any thread.
 */
public final class IngestRole implements AutoCloseable {
    private static final String NAME = "ingest";
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);
    private static final Duration DESCRIBE_WITHIN = Duration.ofSeconds(30);
    /** Encoded frames of one input partition that wait in memory. */
    private static final int FRAME_BYTES_HELD = 64 << 20;

    private final List<KafkaStreams> applications = new ArrayList<>();
    private final List<KafkaStreamsMetrics> streamsMetrics = new ArrayList<>();
    private final List<StreamsFailures> failures = new ArrayList<>();
    private final Meters.Level up;

    /**
     * @param threads stream threads for each input topic; in [1, 64]
     * @param commitInterval between two transactions, after which samples are seen and state is stored; in [10 ms, 60 s]
     * @param standbys processes besides the active one that keep a task's state warm; in [0, 3]
     * @param replication copies of the topics that Kafka Streams creates; in [1, 32767], or -1 for the cluster's default
     * @param start where to begin in an input topic that was never read
     * @param acceptsLoss whether to go on when events have expired unread
     * @param stateFolder a folder of this process alone
     */
    public record Settings(
            int threads,
            Duration commitInterval,
            int standbys,
            int replication,
            OffsetReset start,
            boolean acceptsLoss,
            Path stateFolder) {
        public Settings {
            check("threads", threads, 1, 64);
            check("commit-interval in ms", commitInterval.toMillis(), 10, 60_000);
            check("standbys", standbys, 0, 3);
            if (replication != -1) check("replication", replication, 1, 32_767);
        }

        private static void check(String name, long value, long min, long max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(
                        "ingest." + name + " must be in [" + min + ", " + max + "], but was " + value);
            }
        }

        /** One thread, a commit each 50 ms, no standby, the cluster's replication, from the earliest record on. */
        public static Settings in(Path stateFolder) {
            return new Settings(1, ExactlyOnceStreams.COMMIT_INTERVAL, 0, -1, OffsetReset.EARLIEST, false, stateFolder);
        }
    }

    private IngestRole(Meters meters) {
        up = meters.level(MeterName.ROLE_UP, NAME);
    }

    /**
     * Starts the role; Tidemark's topics and the input topics must be there.
     *
     * @param contextRows rows of a stream's samples: the longest that one of its networks scores with, at least 1
     * @param clock wall time
     * @throws BrokerException naming the topic that is missing, or how many events have expired unread
     */
    public static IngestRole start(
            KafkaConnection connection,
            Collection<StreamSpec> streams,
            ToIntFunction<StreamSpec> contextRows,
            Meters meters,
            Settings settings,
            InstantSource clock) {
        Map<String, List<StreamSpec>> byInput = new LinkedHashMap<>();
        for (StreamSpec stream : streams) {
            byInput.computeIfAbsent(stream.input().topic(), topic -> new ArrayList<>())
                    .add(stream);
        }
        IngestRole role = new IngestRole(meters);
        try (Admin admin = connection.admin()) {
            int ticks = partitions(admin, connection.names().ticks());
            for (Map.Entry<String, List<StreamSpec>> entry : byInput.entrySet()) {
                int input = partitions(admin, entry.getKey());
                int partitions = IngestTopology.isKeyed(entry.getValue()) ? input : ticks;
                String group = group(connection, entry.getKey());
                CommittedOffsets.settle(
                        connection, group, List.of(entry.getKey()), settings.start(), settings.acceptsLoss());
                Topology topology = IngestTopology.build(
                        connection.names(),
                        entry.getKey(),
                        List.copyOf(entry.getValue()),
                        contextRows,
                        partitions,
                        meters);
                Properties properties = new Properties();
                properties.putAll(settings(connection, settings, entry.getKey()));
                properties.putAll(forOrder(entry.getValue()));
                properties.putAll(forFrames(entry.getValue()));
                KafkaStreams application = new KafkaStreams(topology, properties);
                LocalState.removeOld(application, settings.stateFolder().resolve(group), clock);
                role.add(application, new StreamsFailures(NAME, connection, group), meters);
            }
        }
        role.applications.forEach(KafkaStreams::start);
        return role;
    }

    private void add(KafkaStreams application, StreamsFailures failed, Meters meters) {
        application.setUncaughtExceptionHandler(failed);
        failures.add(failed);
        application.setStateListener((now, before) -> up.set(isHealthy() ? 1 : 0));
        KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(application);
        metrics.bindTo(meters.registry());
        streamsMetrics.add(metrics);
        applications.add(application);
    }

    /** Whether it has a place in an input topic, so that where to begin has no effect there. */
    public static boolean hasBegun(KafkaConnection connection, String input) {
        return CommittedOffsets.begun(connection, group(connection, input)).contains(input);
    }

    private static int partitions(Admin admin, String topic) {
        int partitions = new Topics(admin, DESCRIBE_WITHIN).partitions(topic);
        if (partitions == 0) {
            throw new BrokerException("topic " + topic + " is missing; create it, or run `tidemark streams apply`");
        }
        return partitions;
    }

    /** The consumer group that reads an input topic, which is its application's id too. */
    public static String group(KafkaConnection connection, String input) {
        return connection.names().role(NAME + "-" + input);
    }

    private static Map<String, Object> settings(KafkaConnection connection, Settings settings, String input) {
        Map<String, Object> own = ExactlyOnceStreams.settings(
                group(connection, input),
                settings.threads(),
                settings.commitInterval(),
                settings.standbys(),
                settings.stateFolder());
        own.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.replication());
        own.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        return connection.streams(own);
    }

    /** Where ticks are read beside events, Kafka Streams waits for what it knows to come; one topic alone has no other to wait for. */
    private static Map<String, Object> forOrder(List<StreamSpec> streams) {
        long idleMs = IngestTopology.readsTicks(streams) ? 0 : StreamsConfig.MAX_TASK_IDLE_MS_DISABLED;
        return Map.of(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, idleMs);
    }

    /** What frames need besides: larger records, and fewer of them in memory at a time. */
    private static Map<String, Object> forFrames(List<StreamSpec> streams) {
        int largest = streams.stream()
                .flatMap(stream -> stream.input().image().stream())
                .mapToInt(spec -> spec.limits().maxBytes())
                .max()
                .orElse(0);
        if (largest == 0) return Map.of();
        int held = Math.max(4, Math.min(1_000, FRAME_BYTES_HELD / largest));
        Map<String, Object> own = new HashMap<>();
        own.put(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), KafkaConnection.RECORD_BYTES_MAX);
        own.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), held);
        own.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, held);
        return own;
    }

    private static boolean isHealthy(KafkaStreams.State state) {
        return state == KafkaStreams.State.CREATED
                || state == KafkaStreams.State.RUNNING
                || state == KafkaStreams.State.REBALANCING;
    }

    /** Whether every input topic is read, or about to be. */
    public boolean isHealthy() {
        return applications.stream().allMatch(application -> isHealthy(application.state()));
    }

    /** Why it is no longer {@link #isHealthy}. */
    public String failure() {
        return failures.stream()
                .map(StreamsFailures::reason)
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .orElse("Kafka Streams stopped");
    }

    /** Commits, leaves the groups at once so that others take over, and stops. */
    @Override
    public void close() {
        CloseOptions options = CloseOptions.timeout(CLOSE_WITHIN)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
        applications.forEach(application -> application.close(options));
        streamsMetrics.forEach(KafkaStreamsMetrics::close);
        up.set(0);
    }
}
