package io.tidemark.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.Lineage;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.RegistryView;
import io.tidemark.model.registry.Request;
import io.tidemark.model.registry.TestModels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the view of models says of versions, trials and curves. */
class ModelsViewTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ModelId ID = TestModels.draft(1).id();

    private static ModelVersion version(int number, @Nullable Lineage lineage, String job) {
        ModelVersion draft = TestModels.draft(number);
        return new ModelVersion(
                draft.format(),
                draft.id(),
                draft.version(),
                draft.architecture(),
                new ModelVersion.Origin(number - 1, lineage, job, ""),
                draft.training(),
                draft.reference(),
                draft.weights());
    }

    private static AuditEntry entry(int sequence, String action, Map<String, Double> figures) {
        return new AuditEntry(
                new AuditEntry.Position(sequence, sequence),
                "c" + sequence,
                ID,
                new AuditEntry.Change(action, 2, 1, action.equals("promote") ? 2 : 1),
                new Request("trial", "why " + sequence, sequence),
                "",
                figures);
    }

    private static JsonNode json(List<ModelVersion> versions, List<AuditEntry> audit, Map<String, ObjectNode> curves) {
        return ModelsView.json(new RegistryView(versions, Map.of(), Map.of(ID, audit)), curves);
    }

    @Test
    void theNewestTrialPutsTheChallengersFiguresBesideTheChampions() {
        Map<String, Double> early = Map.of("champion-alerts", 9.0, "challenger-alerts", 8.0);
        Map<String, Double> late = Map.of(
                "champion-alerts",
                3.0,
                "challenger-alerts",
                1.0,
                "challenger-labelled",
                Double.NaN,
                "champion-spike",
                0.5);
        JsonNode json = json(
                List.of(),
                List.of(
                        entry(1, "keep", early),
                        entry(2, "promote", late),
                        entry(3, "publish", Map.of("test-loss", 1.0))),
                Map.of());
        assertThat(json.get("trials")).hasSize(1);
        JsonNode trial = json.at("/trials/0");
        assertThat(trial.get("action").asText()).isEqualTo("promote");
        assertThat(trial.get("champion").asInt()).isEqualTo(1);
        assertThat(trial.get("challenger").asInt()).isEqualTo(2);
        JsonNode figures = trial.get("figures");
        assertThat(figures.findValuesAsText("name")).containsExactly("alerts", "labelled", "spike");
        assertThat(figures.get(0))
                .isEqualTo(JSON.createObjectNode()
                        .put("name", "alerts")
                        .put("champion", 3.0)
                        .put("challenger", 1.0));
        assertThat(figures.get(1).has("challenger"))
                .as("what is no number is left out")
                .isFalse();
        assertThat(json.get("audit").findValuesAsText("why")).containsExactly("why 3", "why 2", "why 1");
    }

    @Test
    void curvesAreThoseOfTheLearnersLineageOrOfTheRetrainingsReport() {
        Lineage lineage =
                new Lineage("", "c", "m", new Lineage.Taken(Map.of(), 9, ""), 9, 0, List.of(0.5f, 0.25f, Float.NaN));
        Map<String, ObjectNode> curves = new HashMap<>();
        String report = report();
        ModelsView.curve(report, curves);
        ModelsView.curve(report.replace("1.5", "7.5"), curves);
        ModelsView.curve("no report", curves);
        assertThat(curves).hasSize(1);
        String job = curves.keySet().iterator().next();
        JsonNode versions = json(
                        List.of(version(1, lineage, "learner-1"), version(2, null, job), version(3, null, "")),
                        List.of(),
                        curves)
                .get("versions");
        assertThat(versions.at("/2/curve/train").toString()).isEqualTo("[0.5,0.25,null]");
        assertThat(versions.at("/1/curve/train").toString())
                .as("the first report of a job")
                .isEqualTo("[null,1.5]");
        assertThat(versions.at("/1/curve/validation").toString()).isEqualTo("[2.0,1.2]");
        assertThat(versions.at("/1/curve/steps").toString()).isEqualTo("[0,10]");
        assertThat(versions.get(0).has("curve")).isFalse();
    }

    private static String report() {
        String job = "{\"format\":1,\"stream\":\"pump\",\"network\":\"ae\",\"trial\":0,\"scheduledMs\":1,\"fromMs\":2"
                + ",\"toMs\":3,\"seed\":4,\"steps\":5,\"candidates\":6,\"holdout\":0.1,\"until\":null,\"jobs\":1}";
        String curve = "[{\"epoch\":0,\"steps\":0,\"trainLoss\":\"NaN\",\"validationLoss\":2.0},"
                + "{\"epoch\":1,\"steps\":10,\"trainLoss\":1.5,\"validationLoss\":1.2}]";
        String fit = "{\"network\":\"ae\",\"specHash\":\"h\",\"input\":[64,1],\"parameters\":1,\"multiplyAdds\":2"
                + ",\"engine\":\"djl\",\"build\":\"b\",\"device\":\"cpu\",\"seed\":3,\"batch\":4,\"trainExamples\":5"
                + ",\"validationExamples\":6,\"steps\":7,\"bestEpoch\":0,\"stopped\":\"EPOCHS\",\"seconds\":2"
                + ",\"cpuSeconds\":1.25,\"curve\":" + curve
                + ",\"pretraining\":[],\"errors\":{},\"references\":{}}";
        return "{\"job\":" + job + ",\"status\":\"DONE\",\"reason\":\"\",\"worker\":\"w\",\"deliveries\":1"
                + ",\"startedMs\":7,\"endedMs\":8,\"cpuSeconds\":9,\"version\":\"pump/ae\",\"history\":null"
                + ",\"search\":null,\"fit\":" + fit + ",\"champion\":null}";
    }
}
