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
        boolean champion = v.version() == deployment.champion() && deployment.sinceMs() > 0;
        facts.put("state", state + (champion ? " since " + Instant.ofEpochMilli(deployment.sinceMs()) : ""));
        facts.put("parent", v.parent() == 0 ? "none" : Integer.toString(v.parent()));
        facts.put("job", v.job().isEmpty() ? "none" : v.job());
        facts.put("engine", v.engine());
        facts.put("seed", Long.toString(v.seed()));
        facts.put("features", Integer.toString(v.features()));
        facts.put("rows taught", v.rowsTaught() + " (" + v.rowsWithheld() + " withheld)");
        facts.put("last row", Instant.ofEpochMilli(v.lastTimeMs()).toString());
        facts.put("loss", Double.toString(v.loss()));
        facts.put(
                "usual error",
                v.referenceMedian() + " (9 in 10 below " + v.referenceUpper() + ") on " + v.referenceSamples()
                        + " rows held out");
        facts.put("weights", v.bytes() + " bytes, sha256 " + v.sha256());
        facts.put("network", v.specHash());
        facts.put("layers", v.spec().replace("\n", "\n" + " ".repeat(17)));
        return facts;
    }
}
