package io.tidemark.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.StreamText;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.RegistryView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is declared, and the registry of models, which is read again at most every ten seconds. Safe for any thread. */
final class DeclaredView {
    private static final long FRESH_MS = 10_000;
    private static final int AUDIT_MAX = 50;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaConnection connection;
    private final Map<String, StreamSpec> specs = new TreeMap<>();
    private ObjectNode models = JSON.createObjectNode();
    private long readMs = Long.MIN_VALUE;

    DeclaredView(KafkaConnection connection, Collection<StreamSpec> streams) {
        this.connection = connection;
        for (StreamSpec stream : streams) specs.put(stream.name(), stream);
    }

    /** Adds to what came in of each stream what is declared of it. */
    ObjectNode streams(ObjectNode json) {
        List<String> seen = new ArrayList<>();
        for (JsonNode stream : json.path("streams")) {
            String name = stream.path("name").asText();
            seen.add(name);
            StreamSpec spec = specs.get(name);
            if (spec != null) declare((ObjectNode) stream, spec);
        }
        for (StreamSpec spec : specs.values()) {
            if (!seen.contains(spec.name())) {
                declare(
                        json.withArray("streams")
                                .addObject()
                                .put("name", spec.name())
                                .put("outcomes", 0),
                        spec);
            }
        }
        return json;
    }

    private static void declare(ObjectNode stream, StreamSpec spec) {
        stream.put("about", spec.about()).put("topic", spec.input().topic());
        ArrayNode networks = stream.putArray("networks");
        spec.networks().forEach(networks::add);
        stream.put("file", StreamText.describe(spec));
    }

    /** Versions, and what was decided of them, newest first. */
    synchronized ObjectNode models(long nowMs) throws InterruptedException {
        if (readMs != Long.MIN_VALUE && nowMs - readMs < FRESH_MS) return models;
        RegistryView view = RegistryView.read(connection);
        ObjectNode json = JSON.createObjectNode();
        ArrayNode versions = json.putArray("versions");
        view.versions().stream()
                .sorted(Comparator.comparing(ModelVersion::id)
                        .thenComparing(
                                Comparator.comparingInt(ModelVersion::version).reversed()))
                .forEach(v -> version(versions.addObject(), v, view));
        ArrayNode audit = json.putArray("audit");
        view.audit().values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(
                                (AuditEntry entry) -> entry.request().whenMs())
                        .reversed())
                .limit(AUDIT_MAX)
                .forEach(entry -> entry(audit.addObject(), entry));
        models = json;
        readMs = nowMs;
        return json;
    }

    /** Has the registry read again for the next question. */
    synchronized void forgetModels() {
        readMs = Long.MIN_VALUE;
    }

    private static void version(ObjectNode json, ModelVersion v, RegistryView view) {
        json.put("stream", v.id().stream()).put("network", v.id().network()).put("version", v.version());
        json.put("state", view.state(v).toString())
                .put("parent", v.origin().parent())
                .put("engine", v.training().engine());
        json.put("rows_taught", v.training().rowsTaught())
                .put("rows_withheld", v.training().rowsWithheld());
        json.put("last_row", v.training().lastTimeMs());
        finite(json, "loss", v.training().loss());
        finite(json, "usual_error", v.reference().median());
    }

    private static void finite(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) json.put(name, value);
    }

    private static void entry(ObjectNode json, AuditEntry entry) {
        json.put("when", entry.request().whenMs())
                .put("who", entry.request().who())
                .put("action", entry.change().action());
        json.put(
                "model",
                entry.model()
                        + (entry.change().version() == 0
                                ? ""
                                : "@" + entry.change().version()));
        json.put("before", entry.change().before()).put("after", entry.change().after());
        json.put("why", entry.refused().isEmpty() ? entry.request().why() : "refused: " + entry.refused());
    }
}
