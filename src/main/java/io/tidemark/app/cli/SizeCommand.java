package io.tidemark.app.cli;

import io.tidemark.app.console.Columns;
import io.tidemark.app.node.SizePlan;
import io.tidemark.app.node.StreamCost;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicFile;
import io.tidemark.net.network.Zoo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark size}: what machines a load takes. */
@Command(
        name = "size",
        description = {
            "Says what a stream takes under a load: cores, processes and heap of each role, partitions, disk and network.",
            "The figures are measured costs of an event, multiplied out; nothing is read from Kafka."
        },
        footer = {
            "",
            "Examples:",
            "  tidemark size --stream pumps --series 2000 --rate 2000",
            "  tidemark size --stream topology/streams/pumps.yaml --series 100000 --rate 50000 --replication 1 --json"
        })
final class SizeCommand extends CliCommand {
    @Option(
            names = "--stream",
            required = true,
            paramLabel = "NAME|FILE",
            description = "the stream, by its name or its file")
    private String stream = "";

    @Option(
            names = "--series",
            required = true,
            paramLabel = "N",
            description = "series that hold state; in [1, 10000000], and at most limits.series of the stream")
    private int series;

    @Option(
            names = "--rate",
            required = true,
            paramLabel = "R",
            description = "events a second of all series together; in (0, 1e9]")
    private double rate;

    @Option(
            names = "--replication",
            paramLabel = "N",
            defaultValue = "3",
            description = "copies of each partition; in [1, 10] (default: ${DEFAULT-VALUE})")
    private int replication = 3;

    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Override
    public Integer call() {
        StreamSpec declared = topology.stream(stream);
        if (declared.input().image().isPresent()) {
            throw wrong("stream " + declared.name() + " is of images; size is for rows of values");
        }
        StreamCost cost = StreamCost.of(declared, Zoo.load(topology.zoo()));
        if (!cost.problems().isEmpty()) throw wrong(String.join("\n", cost.problems()));
        SizePlan plan;
        try {
            SizePlan.Load load = new SizePlan.Load(series, rate, replication);
            plan = SizePlan.of(cost, load, TopicFile.read(topology.topics(), 0));
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        if (json.isGiven()) out().println(ModelsJson.line(facts(plan)));
        else print(plan);
        out().flush();
        return 0;
    }

    private void print(SizePlan plan) {
        SizePlan.Load load = plan.load();
        line(
                "stream",
                "%s: %,d series, %,.0f events and %,.0f steps a second",
                plan.cost().stream().name(),
                load.series(),
                load.eventsPerSecond(),
                plan.stepsPerSecond());
        Columns columns = new Columns(
                Columns.text("  role", 12),
                Columns.number("cores", 8),
                Columns.number("processes", 9),
                Columns.number("heap of each", 12),
                Columns.number("memory of each", 14));
        out().println(columns.header());
        for (SizePlan.RoleSize role : plan.roles()) {
            out().println(columns.line(List.of(
                    "  " + role.role(),
                    cores(role.cores()),
                    Integer.toString(role.processes()),
                    bytes(role.heapBytes()),
                    bytes(role.memoryBytes()))));
        }
        out().println(columns.line(List.of("  brokers", cores(plan.brokerCores()), "", "", "")));
        line(
                "together",
                "%s cores beside the brokers', %d processes, %s of memory",
                cores(plan.roles().stream()
                        .mapToDouble(SizePlan.RoleSize::cores)
                        .sum()),
                plan.roles().stream().mapToInt(SizePlan.RoleSize::processes).sum(),
                bytes(memory(plan)));
        line("partitions", "%d", plan.partitions());
        line(
                "state",
                "%s of heap in ingest and verdict if all series report often, %s on their disks and to restore",
                bytes(stateHeap(plan)),
                bytes(stateStored(plan)));
        line(
                "disk",
                "%s: topics %s, changelogs %s, in %d copies",
                bytes(plan.disk().bytes()),
                bytes(plan.disk().topics()),
                bytes(plan.disk().changelogs()),
                load.replication());
        line(
                "network",
                "%s/s into the brokers, %s/s between them, %s/s out",
                bytes(plan.traffic().in()),
                bytes(plan.traffic().between()),
                bytes(plan.traffic().out()));
    }

    private void line(String name, String format, Object... values) {
        out().println(String.format(Locale.ROOT, "  %-12s", name) + String.format(Locale.ROOT, format, values));
    }

    private static Map<String, Object> facts(SizePlan plan) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("stream", plan.cost().stream().name());
        facts.put("series", plan.load().series());
        facts.put("eventsPerSecond", plan.load().eventsPerSecond());
        facts.put("stepsPerSecond", plan.stepsPerSecond());
        facts.put("partitions", plan.partitions());
        List<Map<String, Object>> roles = new ArrayList<>();
        for (SizePlan.RoleSize size : plan.roles()) {
            Map<String, Object> role = new LinkedHashMap<>();
            role.put("role", size.role().toString());
            role.put("cores", size.cores());
            role.put("processes", size.processes());
            role.put("heapBytes", size.heapBytes());
            role.put("memoryBytes", size.memoryBytes());
            roles.add(role);
        }
        facts.put("roles", roles);
        facts.put("memoryBytes", memory(plan));
        facts.put("brokerCores", plan.brokerCores());
        facts.put("stateHeapBytes", stateHeap(plan));
        facts.put("stateStoredBytes", stateStored(plan));
        facts.put("topicsDiskBytes", Math.round(plan.disk().topics()));
        facts.put("changelogsDiskBytes", Math.round(plan.disk().changelogs()));
        facts.put("networkInBytesPerSecond", Math.round(plan.traffic().in()));
        facts.put("networkBetweenBytesPerSecond", Math.round(plan.traffic().between()));
        facts.put("networkOutBytesPerSecond", Math.round(plan.traffic().out()));
        return facts;
    }

    private static long memory(SizePlan plan) {
        return plan.roles().stream()
                .mapToLong(role -> role.processes() * role.memoryBytes())
                .sum();
    }

    private static long stateHeap(SizePlan plan) {
        return plan.cost().state().heap() * plan.load().series();
    }

    private static long stateStored(SizePlan plan) {
        return plan.cost().state().stored() * plan.load().series();
    }

    private static String cores(double cores) {
        return String.format(Locale.ROOT, cores < 10 ? "%.2f" : "%.0f", cores);
    }

    private static String bytes(double bytes) {
        String[] units = {"KiB", "MiB", "GiB", "TiB", "PiB"};
        double scaled = bytes / 1024;
        int unit = 0;
        while (scaled >= 1024 && unit < units.length - 1) {
            scaled /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, scaled < 10 ? "%.1f %s" : "%.0f %s", scaled, units[unit]);
    }
}
