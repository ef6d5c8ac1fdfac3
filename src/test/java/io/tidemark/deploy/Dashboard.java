package io.tidemark.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A file of {@code dashboards/}. */
record Dashboard(String file, JsonNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the dashboard's variables stand for when everything is chosen; a rate looks back over ten scrapes of the tests. */
    private static final Map<String, String> CHOSEN =
            Map.of("$__rate_interval", "10s", "$job", ".+", "$instance", ".+", "$stream", ".*");

    /** One query of a panel. */
    record Query(String dashboard, String panel, String expression) {
        /** The query as Grafana sends it. */
        String substituted() {
            String text = expression;
            for (Map.Entry<String, String> chosen : CHOSEN.entrySet()) {
                text = text.replace(chosen.getKey(), chosen.getValue());
            }
            return text;
        }
    }

    static List<Dashboard> all() {
        try (Stream<Path> files = Files.list(Path.of("dashboards"))) {
            List<Dashboard> dashboards = new ArrayList<>();
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                dashboards.add(new Dashboard(file.toString(), JSON.readTree(file.toFile())));
            }
            return dashboards;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The panels that show something; rows only hold titles. */
    List<JsonNode> panels() {
        List<JsonNode> panels = new ArrayList<>();
        for (JsonNode panel : json.get("panels")) {
            if (!panel.get("type").asText().equals("row")) panels.add(panel);
        }
        return panels;
    }

    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.get("targets")) {
                queries.add(new Query(
                        file, panel.get("title").asText(), target.get("expr").asText()));
            }
        }
        return queries;
    }

    /** What marks stretches of time on every panel. */
    List<Query> annotations() {
        List<Query> queries = new ArrayList<>();
        for (JsonNode annotation : json.at("/annotations/list")) {
            queries.add(new Query(
                    file,
                    annotation.get("name").asText(),
                    annotation.get("expr").asText()));
        }
        return queries;
    }

    /** Whether exactly one stream is chosen on it. */
    boolean isOfOneStream() {
        return file.endsWith("one-stream.json");
    }

    JsonNode variable(String name) {
        for (JsonNode variable : json.at("/templating/list")) {
            if (variable.path("name").asText().equals(name)) return variable;
        }
        throw new AssertionError(file + " has no variable " + name);
    }
}
