package io.tidemark.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.config.StreamSpec;
import io.tidemark.model.registry.Model;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import io.tidemark.role.learner.Reproduction;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark models reproduce}. */
@Command(
        name = "reproduce",
        description = {
            "Makes a published version anew from its parent checkpoint and the records it learnt from, and compares the weights bit for bit.",
            "Exit code 1 says that they part, or that it cannot be told, such as when the history has expired."
        },
        footer = {"", "Example:", "  tidemark models reproduce pumps/dense-ae@17"})
final class ModelsReproduceCommand extends ModelsCommand.OnRegistry {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ENGINE = Pattern.compile("([a-z0-9-]+)/(cpu|gpu:[0-9]+)( .*)?");

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Option(
            names = "--stream",
            paramLabel = "FILE",
            description = "the stream's file as it was then (default: the one in the topology folder)")
    private @Nullable String streamFile;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "",
            description = "dl4j or djl (default: the one that made the version)")
    private String engineName = "";

    @Parameters(paramLabel = "STREAM/NETWORK[@VERSION]", description = "the champion where no version is given")
    private String name = "";

    @Override
    public Integer call() throws InterruptedException {
        Model model = load(name(name));
        String label = model.manifest().label();
        StreamSpec stream = topology.stream(streamFile != null ? streamFile : model.manifest().id().stream());
        Network network =
                Zoo.load(topology.zoo()).spec(model.manifest().id().network()).bind(stream);
        try (Engine engine = engine(model.manifest().training().engine())) {
            return tell(label, new Reproduction(connection(), stream, network, engine).of(model));
        }
    }

    private Engine engine(String made) {
        Matcher matcher = ENGINE.matcher(made);
        if (!matcher.matches()) {
            if (engineName.isEmpty()) {
                throw wrong("it was made by " + made + "; name an engine with --engine");
            }
            return LastWords.guard(Engines.open(engineName, new DeviceSpec.Cpu()));
        }
        return LastWords.guard(
                Engines.open(engineName.isEmpty() ? matcher.group(1) : engineName, DeviceSpec.parse(matcher.group(2))));
    }

    private int tell(String label, Reproduction.Result result) {
        if (result instanceof Reproduction.Same same) {
            String text = label + " is reproduced: " + same.values() + " values in " + same.tensors()
                    + " tensors are the same, after " + same.records() + " records with " + same.rows()
                    + " rows that taught";
            say(text, facts("model", label, "result", "same", "values", same.values(), "tensors", same.tensors()));
            return 0;
        }
        if (result instanceof Reproduction.Parted parted) {
            String where = parted.tensor().isEmpty()
                    ? "they cannot be compared"
                    : parted.differing() + " values differ, first " + parted.tensor() + "[" + parted.index()
                            + "]: published " + parted.published() + ", replayed " + parted.replayed();
            String notes = String.join("; ", parted.notes());
            say(
                    label + " is not reproduced: " + where + (notes.isEmpty() ? "" : "; " + notes),
                    facts(
                            "model",
                            label,
                            "result",
                            "parted",
                            "tensor",
                            parted.tensor(),
                            "index",
                            parted.index(),
                            "published",
                            parted.published(),
                            "replayed",
                            parted.replayed(),
                            "differing",
                            parted.differing(),
                            "notes",
                            notes));
            return 1;
        }
        String reason = ((Reproduction.Untold) result).reason();
        say(label + " cannot be reproduced: " + reason, facts("model", label, "result", "untold", "reason", reason));
        return 1;
    }

    private static Map<String, Object> facts(Object... pairs) {
        Map<String, Object> facts = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) facts.put(pairs[i].toString(), pairs[i + 1]);
        return facts;
    }

    private void say(String text, Map<String, Object> facts) {
        PrintWriter out = out();
        try {
            out.println(json ? JSON.writeValueAsString(facts) : text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        out.flush();
    }
}
