package io.tidemark.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.app.bench.BenchImages;
import io.tidemark.app.bench.CostBaseline;
import io.tidemark.app.bench.EndToEnd;
import io.tidemark.app.bench.FrameParts;
import io.tidemark.app.bench.Records;
import io.tidemark.app.bench.Waves;
import io.tidemark.app.node.Node;
import io.tidemark.app.node.NodeSettings;
import io.tidemark.app.node.OwnTopics;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicFile;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidemark bench}: figures of this machine, each beside a reference measured in the same run. */
@Command(
        name = "bench",
        description = "Measures Tidemark on this machine, each figure beside a reference from the same run.",
        subcommands = {BenchCommand.EndToEndCommand.class, BenchEnginesCommand.class, BenchMemoryCommand.class})
final class BenchCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to measure: end-to-end, engines or memory");
    }

    /** {@code tidemark bench end-to-end}. */
    @Command(
            name = "end-to-end",
            header = "Measures the whole product against a broker of its own.",
            description = {
                "Events a second, processor time an event and latency from produce to committed score, against a broker of its own,",
                "beside an exactly-once Kafka Streams pass-through of the same records."
            },
            footer = {
                "",
                "Examples:",
                "  tidemark bench end-to-end --json > baseline.json",
                "  tidemark bench end-to-end --baseline baseline.json"
            })
    static final class EndToEndCommand extends CliCommand {
        @Mixin
        private TopologyOptions topology = new TopologyOptions();

        @Option(
                names = "--stream",
                paramLabel = "NAME|FILE",
                description = "a stream on topic bench.events (default: bench, bench-images for --kind image)")
        private String stream = "";

        @Option(
                names = "--kind",
                paramLabel = "rows|image",
                defaultValue = "rows",
                description = "what is sent: univariate rows, or JPEG images (default: ${DEFAULT-VALUE})")
        private String kind = "rows";

        @Option(
                names = "--images",
                paramLabel = "DIR",
                description = "with --kind image: the JPEG files to send; else drawn ones of 248 x 373 pixels")
        private @Nullable Path images;

        @Option(
                names = "--series",
                paramLabel = "N",
                defaultValue = "1000",
                description = "distinct series (default: ${DEFAULT-VALUE})")
        private int series;

        @Option(
                names = "--warm-up",
                paramLabel = "N",
                defaultValue = "500000",
                description = "events before the measured ones (default: ${DEFAULT-VALUE})")
        private int warmUp;

        @Option(
                names = "--events",
                paramLabel = "N",
                defaultValue = "500000",
                description = "measured events (default: ${DEFAULT-VALUE})")
        private int events;

        @Option(
                names = "--rate",
                paramLabel = "N",
                defaultValue = "2000",
                description = "events a second of the latency part (default: ${DEFAULT-VALUE})")
        private int rate;

        @Option(
                names = "--seconds",
                paramLabel = "N",
                defaultValue = "20",
                description = "length of the latency part (default: ${DEFAULT-VALUE})")
        private int seconds;

        @Option(names = "--engine", paramLabel = "NAME", defaultValue = "auto", description = "auto, dl4j or djl")
        private String engine = "auto";

        @Option(names = "--json", description = "print one JSON object")
        private boolean json;

        @Option(
                names = "--baseline",
                paramLabel = "FILE",
                description = {
                    "what an earlier run wrote with --json: fails when the multiple of the pass-through, log bytes or garbage an event",
                    "are more than 15 %% above it; the same --series, --warm-up and --events make them comparable"
                })
        private @Nullable Path baselineFile;

        @Override
        public Integer call() throws IOException {
            PrintWriter err = err();
            CostBaseline baseline = baselineFile == null ? null : CostBaseline.read(baselineFile);
            if (!kind.equals("rows") && !kind.equals("image")) {
                throw wrong("--kind must be rows or image, but was " + kind);
            }
            if (kind.equals("image") && baselineFile != null) {
                throw wrong("--baseline works with --kind rows only");
            }
            if (kind.equals("image")) return callForImages(err);
            if (stream.isEmpty()) stream = "bench";
            EndToEnd bench = bench(new Waves(series), err);
            EndToEnd.Result result;
            try (TemporaryFolder folder = TemporaryFolder.create("tidemark-bench-")) {
                result = bench.run(folder.path(), new Whole(folder.path()));
            }
            PrintWriter out = out();
            if (json) out.println(new ObjectMapper().writeValueAsString(result));
            else print(out, result);
            out.flush();
            if (baseline == null) return 0;
            List<String> risen = baseline.risen(result);
            risen.forEach(sentence -> err.println("tidemark: " + sentence));
            if (risen.isEmpty()) err.println("tidemark: within 15 % of " + baselineFile);
            return risen.isEmpty() ? 0 : 1;
        }

        private EndToEnd bench(Records records, PrintWriter err) {
            return new EndToEnd(new EndToEnd.Settings(series, warmUp, events, rate, seconds), records, line -> {
                err.println("tidemark: " + line);
                err.flush();
            });
        }

        private int callForImages(PrintWriter err) throws IOException {
            if (stream.isEmpty()) stream = "bench-images";
            BenchImages pictures =
                    new BenchImages(images == null ? BenchImages.drawn() : BenchImages.below(images), series);
            EndToEnd bench = bench(pictures, err);
            EndToEnd.Result result;
            try (TemporaryFolder folder = TemporaryFolder.create("tidemark-bench-")) {
                result = bench.run(folder.path(), new Whole(folder.path()));
            }
            FrameParts parts;
            StreamSpec watched = topology.stream(stream);
            Zoo zoo = Zoo.load(topology.zoo());
            try (Engine opened = Engines.open(engine, new DeviceSpec.Auto())) {
                List<Network> networks = watched.networks().stream()
                        .map(name -> zoo.spec(name).bind(watched))
                        .toList();
                parts = FrameParts.measure(watched, networks, opened, pictures.images());
            }
            PrintWriter out = out();
            if (json) {
                out.println(new ObjectMapper().writeValueAsString(Map.of("result", result, "parts", parts)));
                return 0;
            }
            print(out, result);
            double all = result.tidemark().cpuMicros();
            out.println("\nby itself, µs an image");
            out.printf(
                    Locale.ROOT,
                    "  %-40s %8.0f  %4.0f %%%n",
                    "decode, resize",
                    parts.decodeMicros(),
                    100 * parts.decodeMicros() / all);
            out.printf(
                    Locale.ROOT,
                    "  %-40s %8.0f  %4.0f %%%n",
                    "networks, maps, regions",
                    parts.scoreMicros(),
                    100 * parts.scoreMicros() / all);
            double rest = Math.max(0, all - parts.decodeMicros() - parts.scoreMicros());
            out.printf(
                    Locale.ROOT,
                    "  %-40s %8.0f  %4.0f %%%n",
                    "Kafka, verdict, learning and the rest",
                    rest,
                    100 * rest / all);
            return 0;
        }

        private static void print(PrintWriter out, EndToEnd.Result result) {
            out.printf(Locale.ROOT, "%-36s %14s %14s%n", "", "pass-through", "tidemark");
            row(
                    out,
                    "events a second",
                    result.passThrough().eventsPerSecond(),
                    result.tidemark().eventsPerSecond());
            row(
                    out,
                    "processor time an event, µs",
                    result.passThrough().cpuMicros(),
                    result.tidemark().cpuMicros());
            row(
                    out,
                    "latency p50, ms",
                    result.passThrough().latencyP50Ms(),
                    result.tidemark().latencyP50Ms());
            row(
                    out,
                    "latency p99, ms",
                    result.passThrough().latencyP99Ms(),
                    result.tidemark().latencyP99Ms());
            row(
                    out,
                    "log bytes an event, input left out",
                    result.passThrough().logBytes(),
                    result.tidemark().logBytes());
            row(
                    out,
                    "garbage an event, bytes",
                    result.passThrough().garbageBytes(),
                    result.tidemark().garbageBytes());
            out.printf(Locale.ROOT, "%nprocessor time: %.1f times the pass-through%n%n", result.cpuMultiple());
            out.println("where it goes, µs an event");
            for (Map.Entry<String, Double> part :
                    result.tidemark().cpuMicrosByPart().entrySet()) {
                out.printf(Locale.ROOT, "  %-40s %8.2f%n", part.getKey(), part.getValue());
            }
            out.println("\nlog bytes an event");
            result.tidemark()
                    .logBytesByTopic()
                    .forEach((topic, bytes) -> out.printf(Locale.ROOT, "  %-60s %8.1f%n", topic, bytes));
        }

        private static void row(PrintWriter out, String name, double passThrough, double tidemark) {
            out.printf(Locale.ROOT, "%-36s %14.1f %14.1f%n", name, passThrough, tidemark);
        }

        /** Every role in this process. */
        private final class Whole implements EndToEnd.Product {
            private final Path folder;
            private final Meters meters = new Meters(new SimpleMeterRegistry());
            private final StreamSpec watched = topology.stream(stream);
            private final TopicNames names = new TopicNames(TopicNames.DEFAULT_PREFIX);

            Whole(Path folder) {
                this.folder = folder;
                if (!watched.input().topic().equals(EndToEnd.input())) {
                    throw wrong("stream " + watched.name() + " must read topic " + EndToEnd.input() + ", but reads "
                            + watched.input().topic());
                }
            }

            @Override
            public List<TopicSpec> topics() {
                return OwnTopics.specs(TopicFile.read(topology.topics(), 0), names);
            }

            @Override
            public String outcomes() {
                return names.scores();
            }

            @Override
            public AutoCloseable start(String bootstrap) {
                NodeSettings settings = new NodeSettings(
                        KafkaConnection.to(bootstrap),
                        new NodeSettings.Declared(List.of(watched), Zoo.load(topology.zoo())),
                        folder.resolve("state"),
                        new NodeSettings.Compute(engine, new DeviceSpec.Auto()),
                        "bench",
                        OffsetReset.EARLIEST,
                        false);
                return Node.start(EnumSet.allOf(RoleName.class), settings, meters);
            }

            @Override
            public boolean warm() {
                return watched.networks().stream()
                        .allMatch(network -> meters.level(MeterName.MODEL_VERSION, watched.name(), network)
                                        .value()
                                > 0);
            }

            @Override
            public String group(String thread) {
                if (thread.contains("bench-")) return "load and reader of scores";
                for (RoleName role : RoleName.values()) if (thread.contains(role.toString())) return "role " + role;
                return "other threads";
            }
        }
    }
}
