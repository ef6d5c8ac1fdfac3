package io.tidemark.role.verdict;

import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Runs {@link VerdictTopology} under exactly_once_v2.
 *
 * <p>Inferences that expire before they are read keep it from starting, and stop it while it runs, with their number.
 *
 * <p>State lies on disk with a changelog. A cluster that is away is waited for; whatever else Kafka
 * Streams cannot recover from stops the role, which then is no longer {@link #isHealthy}. Safe for any thread.
 */
public final class VerdictRole implements AutoCloseable {
    private static final String NAME = "verdict";
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);
    private static final Duration DESCRIBE_WITHIN = Duration.ofSeconds(30);

    private final KafkaStreams streams;
    private final StreamsFailures failures;
    private final KafkaStreamsMetrics streamsMetrics;
    private final Meters.Level up;

    /**
     * @param threads stream threads of this process; in [1, 64]
     * @param commitInterval between two transactions, after which scores are seen and state is stored; in [10 ms, 60 s]
     * @param standbys processes besides the active one that keep a task's state warm; in [0, 3]
     * @param acceptsLoss whether to go on when inferences have expired unread
     * @param stateFolder a folder of this process alone
     */
    public record Settings(int threads, Duration commitInterval, int standbys, boolean acceptsLoss, Path stateFolder) {
        public Settings {
            check("threads", threads, 1, 64);
            check("commit-interval in ms", commitInterval.toMillis(), 10, 60_000);
            check("standbys", standbys, 0, 3);
        }

        private static void check(String name, long value, long min, long max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(
                        "verdict." + name + " must be in [" + min + ", " + max + "], but was " + value);
            }
        }

        /** One thread, a commit each 50 ms, no standby. */
        public static Settings in(Path stateFolder) {
            return new Settings(1, ExactlyOnceStreams.COMMIT_INTERVAL, 0, false, stateFolder);
        }
    }

    private VerdictRole(KafkaStreams streams, StreamsFailures failures, Meters meters) {
        this.streams = streams;
        this.failures = failures;
        streamsMetrics = new KafkaStreamsMetrics(streams);
        up = meters.level(MeterName.ROLE_UP, NAME);
    }

    /**
     * Starts the role; Tidemark's topics must be there.
     *
     * @throws IllegalArgumentException when a stream's settings cannot work
     * @throws io.tidemark.kafka.client.BrokerException when a topic is missing, or inferences have expired unread
     */
    public static VerdictRole start(
            KafkaConnection connection,
            Collection<StreamSpec> specs,
            Meters meters,
            Settings settings,
            InstantSource clock) {
        Properties properties = new Properties();
        TopicNames names = connection.names();
        boolean settled = CommittedOffsets.settle(
                connection,
                names.role(NAME),
                List.of(names.inferences(), names.labels(), names.feedback(), names.incidentInbox()),
                OffsetReset.EARLIEST,
                settings.acceptsLoss());
        properties.putAll(settings(connection, settings, settled ? "none" : "earliest"));
        int partitions;
        try (Admin admin = connection.admin()) {
            partitions = new Topics(admin, DESCRIBE_WITHIN).partitions(names.inferences());
        }
        KafkaStreams streams =
                new KafkaStreams(VerdictTopology.build(names, specs, partitions, meters, clock), properties);
        StreamsFailures failures = new StreamsFailures(NAME, connection, names.role(NAME));
        VerdictRole role = new VerdictRole(streams, failures, meters);
        streams.setUncaughtExceptionHandler(failures);
        streams.setStateListener((now, before) -> role.up.set(isHealthy(now) ? 1 : 0));
        role.streamsMetrics.bindTo(meters.registry());
        LocalState.removeOld(streams, settings.stateFolder().resolve(names.role(NAME)), clock);
        streams.start();
        return role;
    }

    private static Map<String, Object> settings(KafkaConnection connection, Settings settings, String lost) {
        Map<String, Object> own = ExactlyOnceStreams.settings(
                connection.names().role(NAME),
                settings.threads(),
                settings.commitInterval(),
                settings.standbys(),
                settings.stateFolder());
        own.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), lost);
        return connection.streams(own);
    }

    private static boolean isHealthy(KafkaStreams.State state) {
        return state == KafkaStreams.State.CREATED
                || state == KafkaStreams.State.RUNNING
                || state == KafkaStreams.State.REBALANCING;
    }

    /** Whether the role does its work, or is about to. */
    public boolean isHealthy() {
        return isHealthy(streams.state());
    }

    /** Why it is no longer {@link #isHealthy}. */
    public String failure() {
        return failures.reason().isEmpty() ? "Kafka Streams stopped" : failures.reason();
    }

    /** Commits, leaves the group at once so that others take over, and stops. */
    @Override
    public void close() {
        streams.close(CloseOptions.timeout(CLOSE_WITHIN)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        streamsMetrics.close();
        up.set(0);
    }
}
