package io.tidemark.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.Deployment;
import io.tidemark.model.registry.ModelVersion;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Versions and decisions as {@code tidemark models} prints them. */
final class ModelsJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ModelsJson() {}

    /** The manifest with the version's state. */
    static String version(ModelVersion version, String state) {
        ObjectNode node = JSON.valueToTree(version);
        ObjectNode stated = JSON.createObjectNode();
        stated.put("model", version.label()).put("state", state);
        stated.setAll(node);
        return line(stated);
    }

    static String entry(AuditEntry entry) {
        return line(entry);
    }

    static String line(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What {@code show} says of a version, by its name. */
    static Map<String, String> facts(ModelVersion v, String state, Deployment deployment) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", v.label());
        boolean champion =
                v.version() == deployment.champion() && deployment.roles().sinceMs() > 0;
        facts.put(
                "state",
                state
                        + (champion
                                ? " since "
                                        + Instant.ofEpochMilli(
                                                deployment.roles().sinceMs())
                                : ""));
        facts.put(
                "parent",
                v.origin().parent() == 0 ? "none" : Integer.toString(v.origin().parent()));
        facts.put("job", v.origin().job().isEmpty() ? "none" : v.origin().job());
        facts.put("engine", v.training().engine());
        facts.put("seed", Long.toString(v.training().seed()));
        facts.put("features", Integer.toString(v.architecture().features()));
        facts.put("rows taught", v.training().rowsTaught() + " (" + v.training().rowsWithheld() + " withheld)");
        facts.put("last row", Instant.ofEpochMilli(v.training().lastTimeMs()).toString());
        facts.put("loss", Double.toString(v.training().loss()));
        facts.put(
                "usual error",
                v.reference().median() + " (9 in 10 below " + v.reference().upper() + ") on "
                        + v.reference().samples() + " rows held out");
        facts.put(
                "weights", v.weights().bytes() + " bytes, sha256 " + v.weights().sha256());
        facts.put("network", v.architecture().specHash());
        facts.put("layers", v.architecture().spec().replace("\n", "\n" + " ".repeat(17)));
        return facts;
    }
}
