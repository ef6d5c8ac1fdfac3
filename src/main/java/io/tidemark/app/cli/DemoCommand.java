package io.tidemark.app.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.tidemark.app.console.LiveTable;
import io.tidemark.app.console.Terminal;
import io.tidemark.app.demo.Board;
import io.tidemark.app.demo.DemoFeed;
import io.tidemark.app.demo.Fault;
import io.tidemark.app.demo.FaultTally;
import io.tidemark.app.demo.Fleet;
import io.tidemark.app.node.Node;
import io.tidemark.app.node.NodeSettings;
import io.tidemark.app.node.OwnTopics;
import io.tidemark.app.node.RoleName;
import io.tidemark.app.web.WebConsole;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.Section;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicFile;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.kafka.client.Topics;
import io.tidemark.kafka.embedded.BrokerSpec;
import io.tidemark.kafka.embedded.ChildBroker;
import io.tidemark.metrics.MetricsEndpoint;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.network.Zoo;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark demo}: everything at once, with nothing to set up. */
@Command(
        name = "demo",
        header = "Starts a broker, every role and a simulated fleet with faults, and shows what is found.",
        description = {
            "Starts a Kafka broker of its own and every role, feeds the past of a dozen simulated machines at full speed, then the",
            "machines 60x faster than real time with injected faults, and this machine's own metrics; shows what is found."
        },
        footer = {
            "",
            "Examples:",
            "  tidemark demo --for 90s",
            "  tidemark demo --backfill 7d                  a shorter past: live sooner, judged by networks that know less",
            "  tidemark demo --data demo-data --port 9092   keeps the broker's data; reach it with tidemark tail"
        })
final class DemoCommand extends CliCommand {
    private static final String FOUND = "found";
    private static final String MISSED = "missed";
    private static final int MACHINES = 12;
    private static final int PARTITIONS = 4;
    private static final Duration BACKFILL_MIN = Duration.ofHours(1);
    private static final Duration BACKFILL_WITHIN = Duration.ofSeconds(90);
    private static final Duration BACKFILL_PATIENCE = Duration.ofMinutes(10);
    /** Events that are sent before the scores of those before them: enough for every role to be busy. */
    private static final int BACKFILL_AHEAD = 20_000;

    private static final long FAULT_LASTS_MS = Duration.ofMinutes(16).toMillis();
    private static final long FAULT_EVERY_MS = Duration.ofMinutes(12).toMillis();
    private static final long FAULT_FIRST_MS = Duration.ofMinutes(10).toMillis();
    private static final long GRACE_MS = Duration.ofMinutes(10).toMillis();

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "how long the live part lasts, such as 90s (default: until Ctrl-C)")
    private @Nullable Duration lasts;

    @Option(
            names = "--backfill",
            paramLabel = "TIME",
            defaultValue = "28d",
            description = "simulated time before the live part, from 1h to 28d (default: ${DEFAULT-VALUE})")
    private Duration backfill = DemoFeed.BACKFILL_MAX;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "folder in which the broker keeps its data (default: a temporary one)")
    private @Nullable Path data;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "the broker's port (default: a free one)")
    private int port;

    @Mixin
    private MetricsPortOption metrics = new MetricsPortOption();

    @Mixin
    private ConsoleOptions console = new ConsoleOptions();

    @Mixin
    private EngineOption engine = new EngineOption();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "seed of the fleet and its faults (default: ${DEFAULT-VALUE})")
    private long seed;

    @Override
    public Integer call() throws IOException {
        if (backfill.compareTo(BACKFILL_MIN) < 0 || backfill.compareTo(DemoFeed.BACKFILL_MAX) > 0) {
            throw wrong("--backfill must be in [1h, 28d], but was " + Section.show(backfill));
        }
        Terminal terminal = Terminal.detect(System.getenv());
        // lines of the log would break the table that is drawn over itself
        if (terminal.interactive() && System.getenv("TIDEMARK_LOG") == null) {
            ((Logger) LoggerFactory.getLogger("io.tidemark")).setLevel(Level.WARN);
        }
        Path given = data;
        try (StopSignal stop = new StopSignal()) {
            if (given != null) return run(Files.createDirectories(given), stop);
            try (TemporaryFolder folder = TemporaryFolder.create("tidemark-demo-")) {
                return run(folder.path(), stop);
            }
        }
    }

    private int run(Path folder, StopSignal stop) throws IOException {
        say("starting a Kafka broker (log: " + folder.resolve("broker") + ")");
        BrokerSpec broker = BrokerSpec.in(folder.resolve("broker")).onPort(port);
        try (ChildBroker child = ChildBroker.start(broker)) {
            return run(folder, child.bootstrap(), stop);
        }
    }

    private int run(Path folder, String bootstrap, StopSignal stop) throws IOException {
        List<StreamSpec> streams = List.of(topology.stream("machines"), topology.stream("host"));
        try (MetricsEndpoint endpoint = endpoint()) {
            KafkaConnection kafka = KafkaConnection.to(bootstrap);
            createTopics(kafka);
            Zoo zoo = Zoo.load(topology.zoo());
            WebConsole page = console.startAnyway(kafka, streams, zoo, clock());
            say("console on " + console.address(page));
            NodeSettings settings = new NodeSettings(
                    kafka,
                    new NodeSettings.Declared(streams, zoo),
                    Files.createDirectories(folder.resolve("state")),
                    new NodeSettings.Compute(engine.name(), new DeviceSpec.Auto()),
                    "demo",
                    OffsetReset.EARLIEST,
                    NotifyFile.NONE,
                    false);
            say("starting ingest, worker, learner and verdict against " + bootstrap + "; metrics on http://127.0.0.1:"
                    + endpoint.port() + "/metrics");
            try (page;
                    Node node = Node.start(EnumSet.allOf(RoleName.class), settings, endpoint.meters())) {
                return watch(kafka, node, stop);
            }
        }
    }

    private MetricsEndpoint endpoint() throws IOException {
        try {
            return new MetricsEndpoint("127.0.0.1", metrics.port(), () -> true);
        } catch (IOException taken) {
            say("port " + metrics.port() + " is taken; the metrics page takes a free one");
            return new MetricsEndpoint("127.0.0.1", 0, () -> true);
        }
    }

    private void createTopics(KafkaConnection kafka) {
        List<TopicSpec> topics = new ArrayList<>(OwnTopics.specs(TopicFile.read(topology.topics(), 0), kafka.names()));
        topics.add(TopicSpec.of(DemoFeed.MACHINES, PARTITIONS));
        topics.add(TopicSpec.of(DemoFeed.HOST, 1));
        try (Admin admin = kafka.admin()) {
            new Topics(admin, Duration.ofSeconds(30)).create(topics);
        }
    }

    private int watch(KafkaConnection kafka, Node node, StopSignal stop) {
        long endMs = clock().instant()
                .minus(30, ChronoUnit.DAYS)
                .truncatedTo(ChronoUnit.HOURS)
                .toEpochMilli();
        Duration span = lasts == null ? Duration.ofHours(12) : lasts;
        try (DemoFeed feed = new DemoFeed(kafka, new Fleet(MACHINES, seed, List.of()), endMs, backfill, clock());
                Board board = new Board(kafka)) {
            LiveTable table = new LiveTable(
                    System.out,
                    Terminal.detect(System.getenv()),
                    Board.COLUMNS,
                    Duration.ofSeconds(10),
                    System::nanoTime);
            FaultTally tally = new FaultTally(List.of(), GRACE_MS);
            long past = Long.MAX_VALUE;
            try {
                boolean caughtUp = backfill(feed, board, node, stop, table);
                if (!node.failure().isEmpty()) return failed(node);
                if (caughtUp) {
                    past = feed.sent();
                    tally = goLive(feed, board, span);
                    live(feed, board, node, tally, stop, System.nanoTime() + span.toNanos(), table);
                }
            } finally {
                table.close();
            }
            summary(feed, board, tally, node, past);
            return node.isHealthy() ? 0 : failed(node);
        }
    }

    /** Plans the faults from where the backfill ended, and lets the machines live. */
    private FaultTally goLive(DemoFeed feed, Board board, Duration span) {
        long liveMs = feed.simulatedMs();
        long endMs = liveMs + span.toMillis() * DemoFeed.SPEED;
        List<Fault> faults = Fleet.plan(
                MACHINES, seed, liveMs + FAULT_FIRST_MS, endMs - GRACE_MS / 2, FAULT_EVERY_MS, FAULT_LASTS_MS);
        FaultTally tally = new FaultTally(faults, GRACE_MS);
        board.count(tally, liveMs);
        feed.start(faults);
        return tally;
    }

    private int failed(Node node) {
        say("a role has failed: " + node.failure());
        return 1;
    }

    /**
     * Feeds the past, a little ahead of its scores, which are shown; on a slow machine less of it, so that it ends in time.
     *
     * @return false when stopped or failed before
     */
    private boolean backfill(DemoFeed feed, Board board, Node node, StopSignal stop, LiveTable table) {
        say("backfilling " + Section.show(backfill) + " of " + MACHINES + " simulated machines, "
                + feed.backfillEvents()
                + " events, in " + BACKFILL_WITHIN.toSeconds()
                + " s at most (--backfill 2d takes less, Ctrl-C ends it)");
        long all = feed.backfillEvents();
        long startNs = System.nanoTime();
        double leftS = BACKFILL_WITHIN.toSeconds();
        while (true) {
            if (feed.sent() < all && leftS > 0) feed.backfill(Math.min(all, board.outcomes() + BACKFILL_AHEAD));
            // The newest step of each machine is open until its next report.
            if (board.outcomes() >= feed.sent() - MACHINES) return true;
            if (stop.isAsked() || !node.isHealthy()) return false;
            board.poll(Duration.ofMillis(200));
            double tookS = (System.nanoTime() - startNs) / 1e9;
            if (tookS > BACKFILL_PATIENCE.toSeconds()) {
                throw new IllegalStateException("only " + board.outcomes() + " of " + feed.sent()
                        + " events had an outcome after " + BACKFILL_PATIENCE.toMinutes() + " minutes");
            }
            double rate = board.outcomes() / tookS;
            // what is under way wants its time too
            leftS = BACKFILL_WITHIN.toSeconds() - tookS - (feed.sent() - board.outcomes()) / Math.max(1, rate);
            double needsS = (all - board.outcomes()) / Math.max(1, rate);
            double mostS = Math.max(1, BACKFILL_WITHIN.toSeconds() - tookS);
            table.draw(
                    String.format(
                            Locale.ROOT,
                            "tidemark demo   backfill: %,d of %,d events scored, %,.0f a second; live in about %,.0f s",
                            board.outcomes(),
                            all,
                            rate,
                            Math.min(needsS, mostS)),
                    board.rows(),
                    board.news());
        }
    }

    private void live(
            DemoFeed feed, Board board, Node node, FaultTally tally, StopSignal stop, long endNs, LiveTable table) {
        while (System.nanoTime() < endNs && !stop.isAsked() && node.isHealthy()) {
            board.poll(Duration.ofMillis(250));
            feed.check();
            String title = String.format(
                    Locale.ROOT,
                    "tidemark demo   simulated time %s   %d events   %d outcomes   %d faults so far",
                    Instant.ofEpochMilli(feed.simulatedMs()).truncatedTo(ChronoUnit.MINUTES),
                    feed.sent(),
                    board.outcomes(),
                    tally.startedBefore(feed.simulatedMs()).size());
            table.draw(title, board.rows(), board.news());
        }
    }

    private static String fate(FaultTally tally, Fault fault, long nowMs) {
        if (tally.found(fault)) return FOUND;
        return fault.toMs() < nowMs ? MISSED : "going on";
    }

    /** @param past events of the backfill; {@link Long#MAX_VALUE} when it was ended before */
    private void summary(DemoFeed feed, Board board, FaultTally tally, Node node, long past) {
        for (int polls = 0; polls < 3; polls++) board.poll(Duration.ofSeconds(1));
        long nowMs = feed.simulatedMs();
        List<Fault> started = tally.startedBefore(nowMs);
        List<String> fates =
                started.stream().map(fault -> fate(tally, fault, nowMs)).toList();
        PrintStream out = System.out;
        out.println();
        out.printf(
                Locale.ROOT,
                "events              %d (%d of them live)%n",
                feed.sent(),
                Math.max(0, feed.sent() - past));
        out.printf(
                Locale.ROOT,
                "outcomes            %d (%d of them live) %s%n",
                board.outcomes(),
                Math.max(0, board.outcomes() - (past - MACHINES)),
                board.statuses());
        out.printf(
                Locale.ROOT,
                "injected faults     %d, found %d, missed %d%n",
                started.size(),
                Collections.frequency(fates, FOUND),
                Collections.frequency(fates, MISSED));
        for (int i = 0; i < fates.size(); i++) {
            Fault fault = started.get(i);
            out.printf(
                    Locale.ROOT,
                    "  %-8s %-12s %s  %s%n",
                    fates.get(i),
                    fault.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    Fleet.name(fault.machine()),
                    Instant.ofEpochMilli(fault.fromMs()));
        }
        out.printf(
                Locale.ROOT,
                "false alerts        %d on the fleet; %d alerts on this machine's own metrics%n",
                tally.falseAlerts(),
                board.hostAlerts());
        double delay = tally.medianDelayMs();
        out.printf(
                Locale.ROOT,
                "median delay        %s%n",
                Double.isNaN(delay) ? "-" : String.format(Locale.ROOT, "%.0f simulated minutes", delay / 60_000));
        out.printf(Locale.ROOT, "roles               %s%n", node.isHealthy() ? "all up" : "FAILED: " + node.failure());
        out.println();
        out.println(
                "next                tidemark streams init NAME --bootstrap HOST:PORT --topic TOPIC   proposes a stream for a topic of yours");
        out.println(
                "                    tidemark streams init NAME --file FILE                          the same from a file");
        out.println(
                "                    tidemark demo --data DIR --port 9092                            keeps what it wrote; tidemark tail reads it");
        out.flush();
    }
}
