package io.tidemark.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.console.Columns;
import io.tidemark.learn.fit.Footprint;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.EngineProvider;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.Schedule;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Zoo;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark networks}: the zoo. */
@Command(
        name = "networks",
        description = "Lists the networks of the zoo, says what one costs, and trains one on files.",
        subcommands = {NetworksCommand.ListNetworks.class, NetworksCommand.Show.class, NetworksFitCommand.class})
final class NetworksCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say list, show or fit");
    }

    static String shape(int[] shape) {
        return Arrays.stream(shape)
                .mapToObj(Integer::toString)
                .reduce((a, b) -> a + "x" + b)
                .orElse("");
    }

    /** {@code tidemark networks list}. */
    @Command(
            name = "list",
            description = "Lists every network of the zoo.",
            footer = {"", "Example:", "  tidemark networks list"})
    static final class ListNetworks extends CliCommand {
        @Mixin
        private TopologyOptions topology = new TopologyOptions();

        @Mixin
        private JsonOption json = new JsonOption();

        @Override
        public Integer call() {
            PrintWriter out = out();
            Columns columns = new Columns(
                    Columns.text("network", 22),
                    Columns.text("kind", 12),
                    Columns.text("reads", 9),
                    Columns.text("", 90));
            if (!json.isGiven()) out.println(columns.header());
            Zoo.load(topology.zoo()).entries().forEach((name, entry) -> {
                NetworkSpec network = entry.spec();
                String kind = network.kind().name().toLowerCase(Locale.ROOT);
                boolean image = network.input() == NetworkSpec.Input.IMAGE;
                if (json.isGiven()) {
                    ObjectNode node = new ObjectMapper().createObjectNode();
                    node.put("network", name).put("kind", kind);
                    node.put("input", network.input().name().toLowerCase(Locale.ROOT));
                    node.put("window", network.window())
                            .put("summary", entry.about().summary());
                    out.println(node);
                    return;
                }
                String reads = image ? "image" : network.window() + " rows";
                out.println(
                        columns.line(List.of(name, kind, reads, entry.about().summary())));
            });
            return 0;
        }
    }

    /** {@code tidemark networks show}. */
    @Command(
            name = "show",
            description = {
                "Shows one network at a size: layers, parameters, work, memory, and the engines that can run it.",
                "A multiply-add is two floating-point operations. Memory is an estimate from the shapes, without the library's own."
            },
            footer = {
                "",
                "Examples:",
                "  tidemark networks show lstm-forecaster --features 38",
                "  tidemark networks show image-dense-ae --image 1x28x28 --json"
            })
    static final class Show extends CliCommand {
        @Mixin
        private TopologyOptions topology = new TopologyOptions();

        @Parameters(paramLabel = "NAME", description = "a network of the zoo")
        private String name = "";

        @Option(
                names = "--features",
                paramLabel = "N",
                defaultValue = "1",
                description = "values in a row (default: ${DEFAULT-VALUE})")
        private int features;

        @Option(
                names = "--image",
                paramLabel = "CxHxW",
                defaultValue = "1x28x28",
                description = "channels, rows and columns, of a network of images (default: ${DEFAULT-VALUE})")
        private String image = "";

        @Option(
                names = "--batch",
                paramLabel = "N",
                description = "samples at a time, for the memory (default: the network's own)")
        private @Nullable Integer batch;

        @Option(names = "--json", description = "print one JSON object")
        private boolean json;

        @Override
        public Integer call() {
            Zoo.Entry entry = topology.network(name);
            Network network = bind(entry.spec());
            int samples = batch == null ? network.training().optimisation().batch() : batch;
            if (samples < 1 || samples > 65_536) {
                throw wrong("--batch must be in [1, 65536], but was " + samples);
            }
            Map<String, String> engines = engines(network);
            if (json) printJson(entry, network, samples, engines);
            else print(entry, network, samples, engines);
            return 0;
        }

        private Network bind(NetworkSpec network) {
            if (network.input() != NetworkSpec.Input.IMAGE) return network.bind(features);
            String[] sizes = image.split("x", -1);
            if (sizes.length != 3 || !image.matches("\\d{1,4}x\\d{1,4}x\\d{1,4}")) {
                throw wrong("--image must be channels, rows and columns such as 1x28x28, but was " + image);
            }
            return network.bind(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
        }

        /** For each engine, why it cannot run the network here; empty when it can. */
        private static Map<String, String> engines(Network network) {
            Map<String, String> engines = new LinkedHashMap<>();
            for (EngineProvider provider : Engines.available()) {
                Optional<String> unusable = provider.unusable(new DeviceSpec.Auto());
                if (unusable.isPresent()) {
                    engines.put(provider.name(), unusable.get());
                    continue;
                }
                try (Engine engine = provider.open(new DeviceSpec.Auto())) {
                    List<String> lacks = engine.unsupported(network);
                    String more = lacks.size() > 1 ? " (and " + (lacks.size() - 1) + " more)" : "";
                    engines.put(provider.name(), lacks.isEmpty() ? "" : lacks.get(0) + more);
                } catch (EngineException e) {
                    engines.put(provider.name(), String.valueOf(e.getMessage()));
                }
            }
            return engines;
        }

        private void print(Zoo.Entry entry, Network network, int samples, Map<String, String> engines) {
            PrintWriter out = out();
            Zoo.About about = entry.about();
            out.println(name + ": " + about.summary());
            out.println("  works:  " + about.works());
            out.println("  fails:  " + about.fails());
            out.println("  cost:   " + about.cost());
            out.println("  paper:  " + about.paper());
            out.println();
            Columns columns = new Columns(
                    Columns.number("", 3),
                    Columns.text("layer", 20),
                    Columns.text("gives", 14),
                    Columns.number("parameters", 12),
                    Columns.number("multiply-adds", 14));
            out.println(columns.header());
            out.println(columns.line(
                    List.of("", "input", shape(network.inputs().get(0).shape()), "", "")));
            for (BoundLayer layer : network.layers()) {
                out.println(columns.line(List.of(
                        Integer.toString(layer.index()),
                        layer.layer().word(),
                        shape(layer.output()),
                        count(parameters(layer)),
                        count(layer.multiplyAdds()))));
            }
            out.println(columns.line(List.of(
                    "",
                    network.outputs().get(0).name(),
                    shape(network.outputs().get(0).shape()),
                    count(network.parameterCount()),
                    count(network.multiplyAdds()))));
            Footprint memory = new Footprint(network);
            out.println();
            out.println("training: " + training(network.training()));
            out.printf(
                    Locale.ROOT,
                    "memory at a batch of %d: %s to score, %s to train%n",
                    samples,
                    bytes(memory.scoringBytes(samples)),
                    bytes(memory.trainingBytes(samples)));
            engines.forEach((engine, why) ->
                    out.println("engine " + engine + ": " + (why.isEmpty() ? "runs it" : "no: " + why)));
        }

        /** The training set-up, without what is left at its default. */
        private static String training(TrainingSpec training) {
            if (training.method().isClosedForm()) return training.method().summary();
            StringBuilder text =
                    new StringBuilder("loss " + word(training.objective().loss()));
            text.append(", ")
                    .append(training.optimisation().optimiser().getClass().getSimpleName());
            text.append(" at ")
                    .append(training.optimisation().learningRate())
                    .append(", batch ")
                    .append(training.optimisation().batch());
            Schedule schedule = training.optimisation().schedule();
            if (!schedule.equals(Schedule.CONSTANT)) {
                text.append(", schedule ")
                        .append(schedule.decay().getClass().getSimpleName().toLowerCase(Locale.ROOT));
                if (schedule.warmUpSteps() > 0) {
                    text.append(" after ").append(schedule.warmUpSteps()).append(" steps of warm-up");
                }
            }
            if (training.patience() > 0) text.append(", patience ").append(training.patience());
            if (training.pretraining() != TrainingSpec.Pretraining.NONE) {
                text.append(", pretraining ").append(word(training.pretraining()));
            }
            training.augmentations()
                    .forEach(a ->
                            text.append(", ").append(word(a.kind())).append(' ').append(a.strength()));
            return text.toString();
        }

        private static String word(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private static long parameters(BoundLayer layer) {
            return layer.parameters().stream()
                    .mapToLong(BoundLayer.Parameter::size)
                    .sum();
        }

        private static String count(long n) {
            return n == 0 ? "" : String.format(Locale.ROOT, "%,d", n);
        }

        private static String bytes(long bytes) {
            return bytes < 1 << 20
                    ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
                    : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
        }

        private void printJson(Zoo.Entry entry, Network network, int samples, Map<String, String> engines) {
            ObjectNode node = new ObjectMapper().createObjectNode();
            node.put("network", name).put("hash", network.hash());
            node.put("summary", entry.about().summary())
                    .put("works", entry.about().works());
            node.put("fails", entry.about().fails()).put("cost", entry.about().cost());
            node.put("paper", entry.about().paper());
            node.put("input", shape(network.inputs().get(0).shape()));
            node.put("output", shape(network.outputs().get(0).shape()));
            node.put("parameters", network.parameterCount());
            node.put("multiply_adds", network.multiplyAdds()).put("flops", 2 * network.multiplyAdds());
            Footprint memory = new Footprint(network);
            node.put("batch", samples).put("scoring_bytes", memory.scoringBytes(samples));
            node.put("training_bytes", memory.trainingBytes(samples));
            ArrayNode layers = node.putArray("layers");
            for (BoundLayer layer : network.layers()) {
                layers.addObject()
                        .put("layer", layer.layer().word())
                        .put("output", shape(layer.output()))
                        .put("parameters", parameters(layer))
                        .put("multiply_adds", layer.multiplyAdds());
            }
            ObjectNode by = node.putObject("engines");
            engines.forEach((engine, why) -> by.put(engine, why.isEmpty() ? "runs it" : why));
            out().println(node);
        }
    }
}
