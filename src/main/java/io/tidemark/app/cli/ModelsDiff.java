package io.tidemark.app.cli;

import io.tidemark.app.console.Columns;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.RegistryView;
import io.tidemark.model.registry.WeightDistance;
import io.tidemark.net.engine.NetworkState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tidemark models diff}. */
@Command(
        name = "diff",
        description = "Compares two versions of a network: layers, lineage, figures and weights.",
        footer = {
            "",
            "Examples:",
            "  tidemark models diff pumps/dense-ae@16 pumps/dense-ae@17",
            "  tidemark models diff pumps/dense-ae pumps/dense-ae@18 --json"
        })
final class ModelsDiff extends ModelsCommand.OnRegistry {
    private static final int TENSORS_SHOWN = 12;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "STREAM/NETWORK[@VERSION]; the champion where no version is given")
    private String first = "";

    @Parameters(index = "1", paramLabel = "MODEL", description = "the other one")
    private String second = "";

    @Override
    public Integer call() throws InterruptedException {
        ModelsCommand.Name one = name(first);
        ModelsCommand.Name two = name(second);
        KafkaConnection kafka = await(TopicNames::models);
        Model a = ModelReader.load(kafka, one.id(), one.version());
        Model b = ModelReader.load(kafka, two.id(), two.version());
        RegistryView view = RegistryView.read(kafka);
        Map<String, List<String>> facts = facts(view, a.manifest(), b.manifest());
        Map<String, Double> distances = WeightDistance.between(a.weights(), b.weights());
        double whole = WeightDistance.overall(a.weights(), b.weights());
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            facts.forEach(line::put);
            line.put("weight-distance", whole);
            line.put("weight-distance-by-tensor", distances);
            out().println(ModelsJson.line(line));
            return 0;
        }
        Columns columns = new Columns(
                Columns.text("", 14),
                Columns.text(a.manifest().label(), 44),
                Columns.text(b.manifest().label(), 44));
        out().println(columns.header());
        facts.forEach((name, values) -> {
            if (name.equals("model")) return;
            List<String> cells = new ArrayList<>(List.of(name));
            cells.add(values.get(0));
            cells.add(values.get(0).equals(values.get(1)) ? "the same" : values.get(1));
            out().println(columns.line(cells));
        });
        weights(a.weights(), b.weights(), distances, whole);
        return 0;
    }

    private void weights(NetworkState a, NetworkState b, Map<String, Double> distances, double whole) {
        out().println();
        if (!a.specHash().equals(b.specHash())) {
            out().println(
                            "The networks have other layers or sizes; only tensors of the same name and shape are compared.");
        }
        out().printf(
                        Locale.ROOT,
                        "The weights part by %.4f of their length (0: equal, about 1.4: unrelated).%n",
                        whole);
        distances.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(TENSORS_SHOWN)
                .forEach(entry -> out().printf(Locale.ROOT, "  %8.4f  %s%n", entry.getValue(), entry.getKey()));
    }

    private static Map<String, List<String>> facts(RegistryView view, ModelVersion a, ModelVersion b) {
        Map<String, String> left = ModelsJson.facts(a, view.state(a).toString(), view.deployment(a.id()));
        Map<String, String> right = ModelsJson.facts(b, view.state(b).toString(), view.deployment(b.id()));
        Map<String, List<String>> both = new LinkedHashMap<>();
        left.forEach((name, value) -> {
            if (!name.equals("layers")) both.put(name, List.of(value, right.getOrDefault(name, "")));
        });
        return both;
    }
}
