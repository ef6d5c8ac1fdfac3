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

/** An alert rule or a recording rule of {@code deploy/prometheus/rules.yml}. */
record Rule(String name, String expression, String severity, String runbook) {
    static final Path FILE = Path.of("deploy/prometheus/rules.yml");
    /** The page that every rule leads to a section of. */
    static final String RUNBOOK = "https://tidemark.io/deploy/RUNBOOK.html";

    /** Every alert rule, in the order of the file. */
    static List<Rule> all() {
        return read("alert");
    }

    /** Every recording rule by the name that it records, in the order of the file; severity and runbook are empty. */
    static List<Rule> recorded() {
        return read("record");
    }

    private static List<Rule> read(String kind) {
        List<Rule> rules = new ArrayList<>();
        for (JsonNode group : yaml(FILE).get("groups")) {
            for (JsonNode rule : group.get("rules")) {
                if (!rule.has(kind)) continue;
                rules.add(new Rule(
                        rule.get(kind).asText(),
                        rule.get("expr").asText(),
                        rule.at("/labels/severity").asText(),
                        rule.at("/annotations/runbook_url").asText()));
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
