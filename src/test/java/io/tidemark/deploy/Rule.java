package io.tidemark.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** An alert rule of {@code deploy/prometheus/rules.yml}. */
record Rule(String name, String expression, String severity, String runbook) {
    static final Path FILE = Path.of("deploy/prometheus/rules.yml");

    static List<Rule> all() {
        List<Rule> rules = new ArrayList<>();
        for (JsonNode group : yaml(FILE).get("groups")) {
            for (JsonNode rule : group.get("rules")) {
                rules.add(new Rule(
                        rule.get("alert").asText(),
                        rule.get("expr").asText(),
                        rule.at("/labels/severity").asText(),
                        rule.at("/annotations/runbook").asText()));
            }
        }
        return rules;
    }

    /** A YAML file as a tree. */
    static JsonNode yaml(Path file) {
        try {
            Object read = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
            return new ObjectMapper().valueToTree(read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
