package io.tidemark.deploy;

import static io.tidemark.deploy.HelmChart.all;
import static io.tidemark.deploy.HelmChart.arguments;
import static io.tidemark.deploy.HelmChart.component;
import static io.tidemark.deploy.HelmChart.components;
import static io.tidemark.deploy.HelmChart.container;
import static io.tidemark.deploy.HelmChart.defaults;
import static io.tidemark.deploy.HelmChart.env;
import static io.tidemark.deploy.HelmChart.everything;
import static io.tidemark.deploy.HelmChart.fields;
import static io.tidemark.deploy.HelmChart.named;
import static io.tidemark.deploy.HelmChart.only;
import static io.tidemark.deploy.HelmChart.pod;
import static io.tidemark.deploy.HelmChart.workload;
import static io.tidemark.deploy.HelmChart.workloads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.cli.Tidemark;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.TopicNames;
import io.tidemark.metrics.MetricsEndpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The chart in deploy/helm/tidemark, rendered by Helm's own code, held to the API of Kubernetes and to the product. */
class HelmChartTest {
    private static final Path FILES = HelmChart.FOLDER.resolve("files");

    @BeforeAll
    static void needsHelm() throws IOException {
        HelmChart.need();
    }

    @AfterAll
    static void endsHelm() throws IOException {
        HelmChart.close();
    }

    @Test
    void lintFindsNothing() throws IOException {
        assertThat(HelmChart.lint())
                .endsWith("passed")
                .noneMatch(message -> message.contains("WARNING") || message.contains("ERROR"));
    }

    @Test
    void everyObjectFitsTheApiOfKubernetes() throws IOException {
        for (List<JsonNode> documents : List.of(defaults(), everything())) {
            for (JsonNode document : documents) {
                if (KubernetesObject.isKnown(document)) KubernetesObject.check(document);
                else assertThat(KubernetesObject.kind(document)).isEqualTo("keda.sh/v1alpha1/ScaledObject");
            }
        }
    }

    @Test
    void aFieldThatTheApiLacksAndAValueOfAnotherTypeAreFound() throws IOException {
        ObjectNode worker = (ObjectNode) workload(defaults(), "worker");
        ((ObjectNode) pod(worker)).put("automountServiceAccountTokn", false);
        assertThatThrownBy(() -> KubernetesObject.check(worker)).hasMessageContaining("automountServiceAccountTokn");
        ((ObjectNode) pod(worker)).remove("automountServiceAccountTokn");
        KubernetesObject.check(worker);
        ((ObjectNode) container(worker).at("/env/1")).put("value", 1);
        assertThatThrownBy(() -> KubernetesObject.check(worker)).hasMessageContaining("\"value\"");
    }

    @Test
    void theSecondFileTurnsEverythingOnThatIsOffByDefault() throws IOException {
        List<String> off = new ArrayList<>();
        switches(Rule.yaml(HelmChart.VALUES), Rule.yaml(HelmChart.EVERYTHING), "", off);
        assertThat(off).isEmpty();
        Set<String> kinds = new TreeSet<>();
        everything().forEach(document -> kinds.add(document.path("kind").asText()));
        assertThat(kinds)
                .contains("NetworkPolicy", "PrometheusRule", "ScaledObject", "ServiceMonitor", "StatefulSet")
                .hasSize(10);
    }

    private static void switches(JsonNode defaults, JsonNode chosen, String path, List<String> off) {
        defaults.fields().forEachRemaining(entry -> {
            String at = path + "/" + entry.getKey();
            boolean isOff =
                    !entry.getValue().asBoolean() && !chosen.path("enabled").asBoolean();
            if (entry.getKey().equals("enabled") && isOff) off.add(at);
            switches(entry.getValue(), chosen.path(entry.getKey()), at, off);
        });
    }

    @Test
    void everyRoleAndTheConsoleHaveAWorkload() throws IOException {
        Set<String> known = new TreeSet<>(Set.of("console"));
        for (RoleName role : RoleName.values()) known.add(role.toString());
        assertThat(fields(Rule.yaml(HelmChart.VALUES).get("roles"))).isEqualTo(known);
        assertThat(components(everything())).isEqualTo(known);
        assertThat(components(defaults()))
                .containsExactlyInAnyOrder("ingest", "worker", "learner", "verdict", "retrain");
        assertThat(components(HelmChart.render("tidemark", "roles: {ingest: {enabled: false}}")))
                .containsExactlyInAnyOrder("worker", "learner", "verdict", "retrain");
    }

    @Test
    void everyCommandLineIsOneThatTheProductTakes() throws IOException {
        CommandLine product = Tidemark.commandLine();
        for (List<JsonNode> documents : List.of(defaults(), everything())) {
            for (JsonNode workload : workloads(documents)) {
                CommandLine.ParseResult parsed =
                        product.parseArgs(arguments(workload).toArray(String[]::new));
                assertThat(parsed.subcommand().commandSpec().name())
                        .isEqualTo(component(workload).equals("console") ? "console" : "run");
            }
        }
    }

    @Test
    void everyRoleHasItsArguments() throws IOException {
        List<String> common = List.of(
                "--bootstrap=kafka:9092",
                "--prefix=tidemark.",
                "--topology=/tidemark/topology",
                "--instance=$(POD_NAME)",
                "--state-dir=/tmp/tidemark",
                "--metrics-host=0.0.0.0",
                "--metrics-port=9464");
        for (JsonNode workload : workloads(defaults())) {
            String role = component(workload);
            List<String> expected = new ArrayList<>(List.of("run", "--roles=" + role));
            expected.addAll(common);
            if (role.equals("ingest")) expected.add("--start=latest");
            assertThat(arguments(workload)).as(role).isEqualTo(expected);
        }
        List<JsonNode> documents = everything();
        for (JsonNode workload : workloads(documents)) {
            assertThat(arguments(workload))
                    .contains(
                            "--bootstrap=kafka-0.kafka:9093,kafka-1.kafka:9094",
                            "--prefix=plant1.",
                            "--config=/etc/tidemark/kafka/client.properties",
                            "--set=client.rack=a",
                            "--set=request.timeout.ms=30000");
            if (!component(workload).equals("console")) {
                assertThat(arguments(workload)).contains("--metrics-secret=/etc/tidemark/metrics/token", "--no-create");
            }
        }
        assertThat(arguments(workload(documents, "ingest"))).contains("--start=2026-01-01T00:00:00Z");
        assertThat(arguments(workload(documents, "worker")))
                .contains("--engine=djl", "--device=gpu:0")
                .endsWith("--accept-loss");
        assertThat(arguments(workload(documents, "console")))
                .contains("--console-host=0.0.0.0", "--console-port=9474", "--console-auth=/etc/tidemark/console/auth");
    }

    @Test
    void replicasHeapAndGpusAreTheDeclaredOnes() throws IOException {
        List<JsonNode> documents = everything();
        JsonNode worker = workload(documents, "worker");
        assertThat(workload(documents, "ingest").at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(worker.at("/spec").has("replicas")).as("KEDA sets them").isFalse();
        assertThat(workload(defaults(), "worker").at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(env(workload(documents, "ingest")))
                .containsEntry("JAVA_TOOL_OPTIONS", "-Xmx3g -XX:+UseStringDeduplication")
                .containsEntry("TIDEMARK_LOG", "DEBUG");
        assertThat(env(workload(documents, "learner"))).containsEntry("MALLOC_ARENA_MAX", "2");
        assertThat(env(workload(defaults(), "ingest"))).containsOnlyKeys("TIDEMARK_LOG");
        assertThat(container(worker).at("/resources/limits").toString())
                .isEqualTo("{\"memory\":\"2Gi\",\"nvidia.com/gpu\":1}");
        assertThat(container(worker).path("image").asText()).isEqualTo("images.example/tidemark-cuda:0.1.0");
        assertThat(container(workload(documents, "ingest")).path("image").asText())
                .startsWith("images.example/tidemark@sha256:0123");
        assertThat(pod(worker).get("nodeSelector").toString())
                .isEqualTo(
                        "{\"accelerator\":\"h200\",\"kubernetes.io/arch\":\"amd64\",\"kubernetes.io/os\":\"linux\"}");
        assertThat(pod(worker).path("runtimeClassName").asText()).isEqualTo("nvidia");
        assertThat(container(workload(documents, "retrain"))
                        .at("/resources/limits")
                        .toString())
                .contains("\"nvidia.com/mig-1g.10gb\":1");
        assertThat(workload(defaults(), "worker").toString()).doesNotContain("gpu");
    }

    @Test
    void probesAskThePageThatTheProductHas() throws IOException, InterruptedException {
        String port = Objects.requireNonNull(
                        Tidemark.commandLine().getSubcommands().get("run"))
                .getCommandSpec()
                .findOption("--metrics-port")
                .defaultValue();
        HttpClient client = HttpClient.newHttpClient();
        try (MetricsEndpoint page = new MetricsEndpoint("127.0.0.1", 0, () -> true, "secret", null)) {
            for (JsonNode workload : workloads(everything())) {
                JsonNode container = container(workload);
                boolean console = component(workload).equals("console");
                String open = container.at("/ports/0/containerPort").asText();
                assertThat(open).isEqualTo(console ? "9474" : port);
                assertThat(arguments(workload)).contains((console ? "--console-port=" : "--metrics-port=") + open);
                for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                    JsonNode check = container.path(probe).path(console ? "tcpSocket" : "httpGet");
                    assertThat(check.path("port").asText())
                            .isEqualTo(container.at("/ports/0/name").asText());
                    if (!console)
                        assertThat(status(client, page, check, "")).as(probe).isEqualTo(200);
                }
            }
            JsonNode scraped = only(everything(), "ServiceMonitor").at("/spec/endpoints/0");
            assertThat(status(
                            client,
                            page,
                            scraped,
                            scraped.at("/authorization/type").asText() + " secret"))
                    .isEqualTo(200);
            assertThat(status(client, page, scraped, "Bearer other")).isEqualTo(401);
        }
    }

    @Test
    void helmTestAsksEveryPodWhetherItsRoleWorks() throws IOException {
        for (String values : List.of("", Files.readString(HelmChart.EVERYTHING))) {
            List<JsonNode> documents = HelmChart.render("tidemark", values);
            JsonNode test = only(HelmChart.tests(values), "Pod");
            KubernetesObject.check(test);
            assertThat(test.at("/metadata/annotations/" + HelmProcess.HOOK.replace("/", "~1"))
                            .asText())
                    .isEqualTo("test");
            assertThat(test.at("/spec/restartPolicy").asText()).isEqualTo("Never");
            JsonNode container = test.at("/spec/containers/0");
            assertThat(container.path("command").isMissingNode())
                    .as("the image's own entry point: an image on nothing has no shell")
                    .isTrue();
            CommandLine.ParseResult parsed = Tidemark.commandLine()
                    .parseArgs(texts(container.get("args")))
                    .subcommand();
            assertThat(parsed.commandSpec().name()).isEqualTo("healthy");
            URI asked = URI.create(parsed.matchedPositionalValue(0, ""));
            JsonNode service = named(documents, "Service", asked.getHost());
            assertThat(service.at("/spec/clusterIP").asText())
                    .as("a name for every pod")
                    .isEqualTo("None");
            assertThat(service.at("/spec/ports/0/port").asInt()).isEqualTo(asked.getPort());
            int pods = 0;
            for (JsonNode workload : workloads(documents)) {
                if (component(workload).equals("console")) continue;
                assertThat(container(workload)
                                .at("/readinessProbe/httpGet/path")
                                .asText())
                        .isEqualTo(asked.getPath());
                pods += workload.at("/spec").has("replicas")
                        ? workload.at("/spec/replicas").asInt()
                        : only(documents, "ScaledObject")
                                .at("/spec/minReplicaCount")
                                .asInt();
            }
            assertThat(parsed.matchedOptionValue("--least", 0)).isEqualTo(pods);
            assertThat(container.path("image"))
                    .isEqualTo(container(workload(documents, "ingest")).path("image"));
            assertThat(container.get("securityContext"))
                    .isEqualTo(container(workload(documents, "ingest")).get("securityContext"));
            assertThat(test.at("/metadata/labels/app.kubernetes.io~1name").asText())
                    .as("no selector of the release finds it")
                    .isEqualTo("tidemark-test");
        }
        JsonNode from = named(everything(), "NetworkPolicy", "tidemark-metrics").at("/spec/ingress/0/from/1");
        JsonNode labels = only(HelmChart.tests(Files.readString(HelmChart.EVERYTHING)), "Pod")
                .at("/metadata/labels");
        assertThat(fields(from.at("/podSelector/matchLabels")))
                .isNotEmpty()
                .allSatisfy(label -> assertThat(labels.get(label))
                        .isEqualTo(from.at("/podSelector/matchLabels").get(label)));
        String alone = "roles: {ingest: {enabled: false}, worker: {enabled: false}, verdict: {enabled: false},"
                + " learner: {enabled: false}, retrain: {enabled: false}, console: {enabled: true}}";
        assertThat(all(HelmChart.tests(alone), "Pod"))
                .as("a console has no such page")
                .isEmpty();
    }

    private static String[] texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts.toArray(String[]::new);
    }

    private static int status(HttpClient client, MetricsEndpoint page, JsonNode check, String authorization)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                "http://127.0.0.1:" + page.port() + check.path("path").asText()));
        if (!authorization.isEmpty()) request.header("Authorization", authorization);
        return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void podsAreGivenLongerToStopThanTheProductTakes() throws IOException, ReflectiveOperationException {
        var within = Class.forName("io.tidemark.app.cli.StopSignal").getDeclaredField("STOP_WITHIN_SECONDS");
        within.setAccessible(true);
        for (JsonNode workload : workloads(everything())) {
            assertThat(pod(workload).path("terminationGracePeriodSeconds").asLong())
                    .isGreaterThanOrEqualTo(within.getLong(null) + 10);
        }
    }

    @Test
    void podsRunWithoutRootTokenOrWritableImage() throws IOException {
        for (JsonNode workload : workloads(everything())) {
            JsonNode pod = pod(workload);
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(container(workload).get("securityContext").toString())
                    .isEqualTo("{\"allowPrivilegeEscalation\":false,\"readOnlyRootFilesystem\":true,"
                            + "\"capabilities\":{\"drop\":[\"ALL\"]}}");
            List<String> writable = new ArrayList<>();
            for (JsonNode mount : container(workload).get("volumeMounts")) {
                if (!mount.path("readOnly").asBoolean())
                    writable.add(mount.path("mountPath").asText());
            }
            assertThat(writable).containsExactly("/tmp");
        }
        assertThat(only(everything(), "ServiceAccount")
                        .path("automountServiceAccountToken")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void imageAndUserAreThoseOfTheBuild() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String version = first(pom, "<artifactId>tidemark</artifactId>\\s*<version>(.*?)</version>");
        String image = first(pom, "<to>\\s*<image>(.*?)</image>").replace("${project.version}", version);
        JsonNode worker = workload(defaults(), "worker");
        assertThat(container(worker).path("image").asText()).isEqualTo(image);
        JsonNode security = pod(worker).get("securityContext");
        assertThat(security.path("runAsUser").asText() + ":"
                        + security.path("runAsGroup").asText())
                .isEqualTo(first(pom, "<user>(.*?)</user>"));
        assertThat(arguments(worker)).contains("--topology=" + first(pom, "<into>(/tidemark/.*?)</into>"));
        JsonNode chart = Rule.yaml(HelmChart.FOLDER.resolve("Chart.yaml"));
        assertThat(List.of(
                        chart.path("version").asText(), chart.path("appVersion").asText()))
                .containsOnly(version);
        String assigned = "podSecurity: {runAsUser: null, runAsGroup: null, fsGroup: null}";
        assertThat(fields(pod(workload(HelmChart.render("tidemark", assigned), "worker"))
                        .get("securityContext")))
                .containsExactly("fsGroupChangePolicy", "runAsNonRoot", "seccompProfile");
    }

    private static String first(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }

    @Test
    void rulesAndDashboardsAreTheOriginals() throws IOException {
        copy(Rule.FILE, FILES.resolve("rules.yml"));
        Set<String> copies = new TreeSet<>();
        try (Stream<Path> originals = Files.list(Path.of("dashboards"))) {
            for (Path original : originals.toList()) {
                String file = String.valueOf(original.getFileName());
                copy(original, FILES.resolve("dashboards").resolve(file));
                copies.add(file);
            }
        }
        List<JsonNode> documents = everything();
        assertThat(only(documents, "PrometheusRule").at("/spec/groups"))
                .isEqualTo(Rule.yaml(Rule.FILE).get("groups"));
        JsonNode dashboards =
                named(documents, "ConfigMap", "tidemark-dashboards").get("data");
        assertThat(fields(dashboards)).isEqualTo(copies);
        ObjectMapper json = new ObjectMapper();
        for (String file : copies) {
            assertThat(json.readTree(dashboards.get(file).asText()))
                    .isEqualTo(json.readTree(Path.of("dashboards", file).toFile()));
        }
    }

    @Test
    void rulesLeadToARunbookOfYourOwnWhereOneIsNamed() throws IOException {
        assertThat(Rule.yaml(HelmChart.VALUES).at("/prometheusRule/runbookUrl").asText())
                .isEqualTo(Rule.RUNBOOK);
        String text = HelmChart.text(
                "tidemark", "prometheusRule: {enabled: true, runbookUrl: 'https://wiki.example/tidemark'}");
        assertThat(text)
                .contains("runbook_url: https://wiki.example/tidemark#tidemarkroledown")
                .doesNotContain("runbook_url: " + Rule.RUNBOOK);
        for (String wrong : List.of("wiki.example", "'https://wiki.example/a#b'", "''")) {
            assertThatThrownBy(() ->
                            HelmChart.text("tidemark", "prometheusRule: {enabled: true, runbookUrl: " + wrong + "}"))
                    .hasMessageContaining("runbookUrl");
        }
    }

    /** Helm reads no file outside of a chart. */
    private static void copy(Path original, Path copy) throws IOException {
        if (System.getProperty("regenerate") != null) Files.writeString(copy, Files.readString(original));
        assertThat(copy)
                .as("copy it anew: mvn -q test -Dtest=HelmChartTest -Dregenerate")
                .hasSameTextualContentAs(original);
    }

    @Test
    void scrapedPagesHaveTheJobThatTheRulesAskFor() throws IOException {
        JsonNode job = only(everything(), "ServiceMonitor").at("/spec/endpoints/0/relabelings/0");
        assertThat(job.path("targetLabel").asText()).isEqualTo("job");
        String name = job.path("replacement").asText();
        Set<String> recorded = Rule.recorded().stream().map(Rule::name).collect(Collectors.toSet());
        Stream.concat(Rule.all().stream(), Rule.recorded().stream()).forEach(rule -> {
            for (PromQl.Selector selector : PromQl.selectors(rule.expression())) {
                if (!recorded.contains(selector.metric()))
                    assertThat(selector.labels()).as(rule.name()).contains("job");
            }
            assertThat(rule.expression()).doesNotContainPattern("job=\"(?!" + name + "\")");
        });
    }

    @Test
    void workersAreScaledByTheLagOfTheirGroup() throws IOException {
        List<JsonNode> documents = everything();
        JsonNode scaled = only(documents, "ScaledObject").get("spec");
        assertThat(fields(scaled))
                .containsExactly(
                        "cooldownPeriod",
                        "maxReplicaCount",
                        "minReplicaCount",
                        "pollingInterval",
                        "scaleTargetRef",
                        "triggers");
        assertThat(scaled.at("/scaleTargetRef/name").asText()).isEqualTo(HelmChart.name(workload(documents, "worker")));
        JsonNode trigger = scaled.at("/triggers/0");
        TopicNames names = new TopicNames("plant1.");
        assertThat(trigger.path("type").asText()).isEqualTo("kafka");
        JsonNode metadata = trigger.get("metadata");
        assertThat(metadata.path("consumerGroup").asText()).isEqualTo(names.role(RoleName.WORKER.toString()));
        assertThat(metadata.path("topic").asText()).isEqualTo(names.samples());
        assertThat(metadata.path("lagThreshold").asText()).isEqualTo("2000000");
        assertThat(metadata.path("sasl").asText()).isEqualTo("scram_sha512");
        assertThat(metadata)
                .as("KEDA takes texts alone")
                .allSatisfy(value -> assertThat(value.isTextual()).isTrue());
        assertThat(trigger.at("/authenticationRef/name").asText()).isEqualTo("kafka");
    }
}
