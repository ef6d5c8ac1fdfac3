package io.tidemark;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.app.node.Node;
import io.tidemark.app.node.NodeSettings;
import io.tidemark.app.node.OwnTopics;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicFile;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.kafka.client.Topics;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.network.Zoo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;

/** Roles in this process, from the earliest event on, and what a read_committed reader sees come out of them. */
public final class WholePath implements AutoCloseable {
    private static final Path TOPOLOGY = Path.of("topology");

    private final Meters meters = new Meters(new SimpleMeterRegistry());
    private final Node node;
    private final OutcomeTally outcomes;

    private WholePath(KafkaConnection kafka, Set<RoleName> roles, NodeSettings settings) {
        outcomes = new OutcomeTally(kafka);
        node = Node.start(roles, settings, meters);
    }

    /** Tidemark's own topics, one copy each. */
    public static void createTopics(KafkaConnection kafka) {
        try (Admin admin = kafka.admin()) {
            new Topics(admin, Duration.ofSeconds(30))
                    .create(OwnTopics.specs(
                            TopicFile.read(TOPOLOGY.resolve("topics.yaml"), 0), kafka.names(), (short) 1));
        }
    }

    /** The networks that ship. */
    public static Zoo zoo() {
        return Zoo.load(TOPOLOGY.resolve("zoo"));
    }

    /**
     * Starts roles; the topics must be there.
     *
     * @param state a folder of these roles alone
     */
    public static WholePath start(KafkaConnection kafka, List<StreamSpec> streams, Set<RoleName> roles, Path state) {
        NodeSettings settings = new NodeSettings(
                kafka,
                new NodeSettings.Declared(streams, zoo()),
                state,
                new NodeSettings.Compute("dl4j", new DeviceSpec.Cpu()),
                "path",
                OffsetReset.EARLIEST,
                NotifyFile.NONE,
                false);
        return new WholePath(kafka, roles, settings);
    }

    public OutcomeTally outcomes() {
        return outcomes;
    }

    /** The version that a network scores with; 0 before its first. */
    public double modelVersion(String stream, String network) {
        return meters.level(MeterName.MODEL_VERSION, stream, network).value();
    }

    /** The networks of a stream that are out of use. */
    public double suspended(String stream) {
        return meters.level(MeterName.SUSPENDED, stream).value();
    }

    /** Records that a role has passed over. */
    public double passedOver(String role) {
        return meters.counter(MeterName.PASSED_OVER, role).count();
    }

    /** Reads until so many events have outcomes; fails at once when a role fails. */
    public void awaitOutcomes(Duration within, int wanted) {
        Eventually.gives(within, wanted + " events have outcomes", () -> {
            String failure = failure();
            if (!failure.isEmpty()) return failure;
            return outcomes.read() >= wanted ? "" : null;
        });
        if (!failure().isEmpty()) throw new AssertionError("a role has failed: " + failure());
    }

    /** Why a role has failed; empty while none has. */
    public String failure() {
        return node.isHealthy() ? "" : node.failure();
    }

    @Override
    public void close() {
        outcomes.close();
        node.close();
    }
}
