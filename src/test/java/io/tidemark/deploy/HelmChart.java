package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The chart as Helm's own code reads and renders it; the test class path has its library for Linux on x86-64. */
final class HelmChart {
    static final Path FOLDER = Path.of("deploy/helm/tidemark");
    static final Path VALUES = FOLDER.resolve("values.yaml");
    /** Values with which every optional part is rendered. */
    static final Path EVERYTHING = Path.of("src/test/resources/helm/everything.yaml");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet");

    private static final Map<String, List<JsonNode>> RENDERED = new ConcurrentHashMap<>();

    private static @Nullable HelmProcess process;

    private HelmChart() {}

    /** Skips the calling tests, with a printed reason, where Helm's library cannot be loaded. */
    static void need() throws IOException {
        boolean loaded = true;
        try {
            ask("load", "", "");
        } catch (UnsatisfiedLinkError e) {
            loaded = false;
            System.err.println("skipped: Helm's native library cannot be loaded here: " + e.getMessage());
        }
        assumeTrue(loaded, "Helm's native library cannot be loaded here");
    }

    /** Ends Helm's process; the next question starts another. */
    static synchronized void close() throws IOException {
        HelmProcess started = process;
        process = null;
        if (started != null) started.close();
    }

    /** {@code helm lint --strict} with the default values: its messages, and {@code passed} or {@code failed}. */
    static List<String> lint() throws IOException {
        return ask("lint", "", "").lines().toList();
    }

    /**
     * {@code helm template}.
     *
     * @param values YAML over the default values
     * @throws IllegalStateException with Helm's message when it refuses
     */
    static String text(String release, String values) throws IOException {
        return ask("template", release, values);
    }

    /** What {@code helm test} starts, beside all else: {@link HelmProcess#HOOK} stands in place of its hook. */
    static List<JsonNode> tests(String values) throws IOException {
        return documents(ask("tests", "tidemark", values));
    }

    /** What the chart says after an installation, for people. */
    static String notes(String values) throws IOException {
        return ask("install", "tidemark", values);
    }

    private static synchronized String ask(String command, String release, String values) throws IOException {
        HelmProcess asked = process;
        if (asked == null) {
            asked = new HelmProcess();
            process = asked;
        }
        Path file = Files.createTempFile("values", ".yaml");
        try {
            Files.writeString(file, values);
            return asked.ask(command, release, file.toString());
        } finally {
            Files.delete(file);
        }
    }

    /** The rendered documents of a release. */
    static List<JsonNode> render(String release, String values) throws IOException {
        return documents(text(release, values));
    }

    private static List<JsonNode> documents(String rendered) {
        List<JsonNode> documents = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(rendered)) {
            if (document != null) documents.add(JSON.valueToTree(document));
        }
        assertThat(documents).isNotEmpty();
        return documents;
    }

    /** With the default values; the caller's own. */
    static List<JsonNode> defaults() throws IOException {
        return once("");
    }

    /** With {@link #EVERYTHING}; the caller's own. */
    static List<JsonNode> everything() throws IOException {
        return once(Files.readString(EVERYTHING));
    }

    private static List<JsonNode> once(String values) throws IOException {
        List<JsonNode> rendered = RENDERED.get(values);
        if (rendered == null) {
            rendered = render("tidemark", values);
            RENDERED.put(values, rendered);
        }
        return rendered.stream().<JsonNode>map(JsonNode::deepCopy).toList();
    }

    static List<JsonNode> workloads(List<JsonNode> documents) {
        List<JsonNode> found = documents.stream()
                .filter(document -> WORKLOADS.contains(document.path("kind").asText()))
                .toList();
        assertThat(found).isNotEmpty();
        return found;
    }

    /** The workload of a role. */
    static JsonNode workload(List<JsonNode> documents, String role) {
        return workloads(documents).stream()
                .filter(workload -> component(workload).equals(role))
                .findFirst()
                .orElseThrow();
    }

    /** The names of roles that have a workload. */
    static Set<String> components(List<JsonNode> documents) {
        Set<String> found = new TreeSet<>();
        for (JsonNode workload : workloads(documents)) found.add(component(workload));
        return found;
    }

    static String component(JsonNode document) {
        return document.at("/metadata/labels")
                .path("app.kubernetes.io/component")
                .asText();
    }

    static JsonNode pod(JsonNode workload) {
        return workload.at("/spec/template/spec");
    }

    static JsonNode container(JsonNode workload) {
        assertThat(pod(workload).get("containers")).hasSize(1);
        return workload.at("/spec/template/spec/containers/0");
    }

    static List<String> arguments(JsonNode workload) {
        List<String> arguments = new ArrayList<>();
        container(workload).get("args").forEach(argument -> arguments.add(argument.asText()));
        return arguments;
    }

    /** Variables of the container that have a value. */
    static Map<String, String> env(JsonNode workload) {
        Map<String, String> env = new TreeMap<>();
        for (JsonNode variable : container(workload).get("env")) {
            if (variable.has("value")) {
                env.put(variable.path("name").asText(), variable.path("value").asText());
            }
        }
        return env;
    }

    static List<JsonNode> all(List<JsonNode> documents, String kind) {
        return documents.stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .toList();
    }

    /** The one object of a kind. */
    static JsonNode only(List<JsonNode> documents, String kind) {
        List<JsonNode> found = all(documents, kind);
        assertThat(found).as(kind).hasSize(1);
        return found.get(0);
    }

    static JsonNode named(List<JsonNode> documents, String kind, String name) {
        return all(documents, kind).stream()
                .filter(document -> name(document).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + kind + " " + name));
    }

    static String name(JsonNode document) {
        return document.at("/metadata/name").asText();
    }

    static Set<String> fields(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
