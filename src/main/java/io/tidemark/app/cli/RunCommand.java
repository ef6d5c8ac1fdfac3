package io.tidemark.app.cli;

import io.tidemark.app.node.Node;
import io.tidemark.app.node.NodeSettings;
import io.tidemark.app.node.OwnTopics;
import io.tidemark.app.node.RoleName;
import io.tidemark.app.node.StatusLine;
import io.tidemark.app.node.StreamCost;
import io.tidemark.app.web.WebConsole;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicFile;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.kafka.client.Topics;
import io.tidemark.metrics.Build;
import io.tidemark.metrics.MetricsEndpoint;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.network.Zoo;
import io.tidemark.role.ingest.IngestRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark run}: any roles in one process. */
@Command(
        name = "run",
        description = "Runs roles against a Kafka cluster until it is stopped; start more processes to scale.",
        footer = {
            "",
            "Examples:",
            "  tidemark run --bootstrap localhost:9092                          every role in one process",
            "  tidemark run --roles worker --device gpu:0 --bootstrap kafka:9092",
            "  tidemark run --config kafka.properties --prefix plant1.          TLS and SASL pass through"
        })
final class RunCommand extends KafkaCommand {
    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Option(
            names = "--roles",
            paramLabel = "ROLE,…",
            split = ",",
            description = "ingest, worker, learner, verdict, retrain, notify (default: all of them)")
    private List<RoleName> roles = new ArrayList<>();

    @Option(
            names = "--stream",
            paramLabel = "NAME|FILE",
            description =
                    "a stream to run, by name or file; may be repeated; its input topic must be there (default: every"
                            + " declared stream whose input topic exists)")
    private List<String> streams = new ArrayList<>();

    @Mixin
    private EngineOptions engines = new EngineOptions();

    @Option(
            names = "--start",
            paramLabel = "WHERE",
            defaultValue = "latest",
            description =
                    "where to begin an input topic that was never read: latest, earliest, or a time such as 2026-01-01T00:00:00Z")
    private String start = "latest";

    @Option(
            names = "--accept-loss",
            description =
                    "go on when records have expired unread, at the oldest that are kept (default: the role does not start, and says how many)")
    private boolean acceptsLoss;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description =
                    "folder of this process alone, on a disk: the state of its series lies there (default: a temporary one)")
    private @Nullable Path stateFolder;

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            defaultValue = "",
            description =
                    "stable name of this process among those of its roles; part of its transactional ids (default: host and --state-dir)")
    private String instance = "";

    @Mixin
    private MetricsPageOptions metrics = new MetricsPageOptions();

    @Mixin
    private ConsoleOptions console = new ConsoleOptions();

    @Option(names = "--no-create", description = "create no topics; fail when one is missing")
    private boolean noCreate;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Set<RoleName> started = roles.isEmpty() ? EnumSet.allOf(RoleName.class) : EnumSet.copyOf(roles);
        OffsetReset reset = reset();
        DeviceSpec where = engines.device();
        List<StreamSpec> declared = declared();
        Zoo zoo = Zoo.load(topology.zoo());
        NotifyFile notify = NotifyFile.read(topology.notifications());
        for (StreamSpec stream : declared) {
            List<String> problems = StreamCost.of(stream, zoo).problems();
            if (!problems.isEmpty()) {
                throw wrong("stream " + stream.name() + ": " + String.join("; ", problems));
            }
        }
        KafkaConnection kafka = await();
        List<StreamSpec> watched = prepare(kafka, declared);
        boolean told = !start.equals(OffsetReset.LATEST.where());
        if (told && started.contains(RoleName.INGEST)) sayWhereStartHasNoEffect(kafka, watched);
        AtomicReference<@Nullable Node> running = new AtomicReference<>();
        try (MetricsEndpoint endpoint = metrics.open(() -> healthy(running.get()))) {
            Path folder = folder();
            NodeSettings settings = new NodeSettings(
                    kafka,
                    new NodeSettings.Declared(watched, zoo),
                    folder,
                    new NodeSettings.Compute(engines.engine(), where),
                    instance(folder),
                    reset,
                    notify,
                    acceptsLoss);
            try (StopSignal stop = new StopSignal();
                    Node node = Node.start(started, settings, endpoint.meters());
                    Closing page = new Closing(console.start(kafka, watched, zoo, clock()))) {
                running.set(node);
                page.console().ifPresent(shown -> say("console on " + console.address(shown)));
                say(Build.current() + " is running " + started + " for " + names(watched) + "; metrics on "
                        + metrics.address(endpoint));
                boolean failed;
                StatusLine status = new StatusLine(endpoint.meters().registry(), started, watched, System::nanoTime);
                try (StatusTicker ticker = StatusTicker.start(status, this::say)) {
                    failed = node.awaitFailureOr(stop.latch());
                }
                String last = status.next();
                if (!last.isEmpty()) say(last);
                String why = node.failure();
                node.close();
                say((failed ? "stopped; " : "stopped as asked; ") + String.join("; ", node.ended()));
                if (failed) say("a role has failed: " + why);
                return failed ? 1 : 0;
            }
        }
    }

    /** A console that there may be. */
    private record Closing(Optional<WebConsole> console) implements AutoCloseable {
        @Override
        public void close() {
            console.ifPresent(WebConsole::close);
        }
    }

    private static boolean healthy(@Nullable Node node) {
        return node != null && node.isHealthy();
    }

    private OffsetReset reset() {
        try {
            return OffsetReset.parse(start, clock());
        } catch (IllegalArgumentException e) {
            throw wrong("--" + e.getMessage());
        }
    }

    private List<StreamSpec> declared() {
        if (streams.isEmpty()) return topology.declaredStreams();
        List<StreamSpec> found = new ArrayList<>();
        for (String name : streams) {
            found.add(name.endsWith(".yaml") ? StreamFile.read(Path.of(name)) : topology.stream(name));
        }
        return found;
    }

    /** Creates or checks topics, and leaves out undemanded streams whose input is missing. */
    private List<StreamSpec> prepare(KafkaConnection kafka, List<StreamSpec> declared) {
        List<StreamSpec> watched = new ArrayList<>();
        List<String> passedOver = new ArrayList<>();
        try (Admin admin = kafka.admin()) {
            Topics checked = new Topics(admin, Duration.ofSeconds(30));
            // the first apply may have been given another count than topics.yaml declares
            int applied = checked.partitions(kafka.names().samples());
            List<TopicSpec> owned = OwnTopics.specs(TopicFile.read(topology.topics(), applied), kafka.names());
            if (noCreate) checked.require(owned, kafka.bootstrap());
            else checked.create(owned);
            for (StreamSpec stream : declared) {
                String input = stream.input().topic();
                if (checked.missing(List.of(TopicSpec.of(input, 1))).isEmpty()) {
                    watched.add(stream);
                } else if (streams.isEmpty()) {
                    passedOver.add(stream.name() + " (" + input + ")");
                } else {
                    throw new io.tidemark.kafka.client.BrokerException("stream " + stream.name() + " reads topic "
                            + input + ", which does not exist; create it first, or leave the stream out");
                }
            }
        }
        if (!passedOver.isEmpty()) say("not watched, as their topics do not exist: " + String.join(", ", passedOver));
        if (watched.isEmpty()) {
            throw new io.tidemark.kafka.client.BrokerException("no declared stream has an input topic on "
                    + kafka.bootstrap() + "; create one, or name others with --stream");
        }
        return watched;
    }

    private void sayWhereStartHasNoEffect(KafkaConnection kafka, List<StreamSpec> watched) {
        Set<String> inputs = new TreeSet<>();
        for (StreamSpec stream : watched) inputs.add(stream.input().topic());
        for (String input : inputs) {
            if (!IngestRole.hasBegun(kafka, input)) continue;
            say("--start " + start + " has no effect on topic " + input + ", which is read already; to read it again:"
                    + " tidemark streams reset NAME --to " + start);
        }
    }

    private static List<String> names(List<StreamSpec> streams) {
        return streams.stream().map(StreamSpec::name).toList();
    }

    /** A name that is the same after a restart in the same folder, and another one for each folder and host. */
    private String instance(Path folder) {
        if (!instance.isEmpty()) return instance;
        return host() + "-" + Integer.toHexString(folder.toAbsolutePath().hashCode());
    }

    /** Shells and service managers seldom pass HOSTNAME on, and two hosts of one name would end each other's transactions. */
    private static String host() {
        String declared = System.getenv("HOSTNAME");
        if (declared != null && !declared.isBlank()) return declared;
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "local-" + UUID.randomUUID();
        }
    }

    private Path folder() throws IOException {
        Path given = stateFolder;
        return given != null ? Files.createDirectories(given) : Files.createTempDirectory("tidemark-");
    }
}
