package io.tidemark.deploy;

import static io.tidemark.deploy.HelmChart.all;
import static io.tidemark.deploy.HelmChart.component;
import static io.tidemark.deploy.HelmChart.container;
import static io.tidemark.deploy.HelmChart.defaults;
import static io.tidemark.deploy.HelmChart.everything;
import static io.tidemark.deploy.HelmChart.fields;
import static io.tidemark.deploy.HelmChart.name;
import static io.tidemark.deploy.HelmChart.named;
import static io.tidemark.deploy.HelmChart.only;
import static io.tidemark.deploy.HelmChart.pod;
import static io.tidemark.deploy.HelmChart.workload;
import static io.tidemark.deploy.HelmChart.workloads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which values the chart refuses, and whether what it renders fits together. */
class HelmValuesTest {
    private static final int NAME_MAX = 63;
    /** A StatefulSet's name and the hash of its revision are one label. */
    private static final int WORKLOAD_MAX = 52;

    @TempDir
    Path folder;

    @BeforeAll
    static void needsHelm() throws IOException {
        HelmChart.need();
    }

    @AfterAll
    static void endsHelm() throws IOException {
        HelmChart.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kafk: {bootstrap: 'a:1'} | kafk",
                "kafka: {bootstrp: 'a:1'} | bootstrp",
                "roles: {wroker: {replicas: 2}} | wroker",
                "roles: {worker: {replcas: 2}} | replcas",
                "roles: {ingest: {gpu: {enabled: true}}} | gpu",
                "roles: {worker: {gpu: {enable: true}}} | enable",
                "roles: {worker: {autoscaling: {maxReplica: 2}}} | maxReplica",
                "roles: {console: {auth: {secret: a}}} | secret",
                "roles: {learner: {resources: {limit: {memory: 2Gi}}}} | limit",
                "roles: {retrain: {tolerations: [{keys: a}]}} | keys",
                "image: {name: a} | name",
                "topology: {zoo: {}} | zoo",
                "networkPolicy: {brokers: [{namespaces: {}}]} | namespaces",
                "serviceMonitor: {intervall: 10s} | intervall",
                "metrics: {port: 1} | port"
            })
    void aMisspeltValueIsRefusedByItsName(String values, String name) {
        assertThatThrownBy(() -> HelmChart.text("tidemark", values))
                .hasMessageContaining("additional properties '" + name + "' not allowed");
    }

    @Test
    void theLinkToTheConsoleLeadsWhereTheValueSays() throws IOException {
        List<JsonNode> documents = HelmChart.render(
                "tidemark", "dashboards: {enabled: true, console: 'https://tidemark.example/console'}");
        JsonNode dashboards =
                named(documents, "ConfigMap", "tidemark-dashboards").get("data");
        assertThat(dashboards).isNotEmpty();
        for (JsonNode dashboard : dashboards) {
            assertThat(dashboard.asText())
                    .contains("\"https://tidemark.example/console\"")
                    .doesNotContain("localhost");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "roles: {notify: {heap: 2gb}} | /roles/notify/heap",
                "streams: {pumps: {stream: pumps}} | /streams/pumps",
                "dashboards: {enabled: 'yes'} | /dashboards/enabled",
                "dashboards: {console: console.example} | /dashboards/console",
                "kafka: {bootstrap: kafka} | /kafka/bootstrap",
                "kafka: {settings: {linger.ms: 5}} | /kafka/settings/linger.ms",
                "terminationGracePeriodSeconds: 30 | /terminationGracePeriodSeconds",
                "start: yesterday | /start",
                "roles: {worker: null} | missing property 'worker'"
            })
    void aValueThatCannotBeIsRefusedByItsPlace(String values, String place) {
        assertThatThrownBy(() -> HelmChart.text("tidemark", values)).hasMessageContaining(place);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kafka: {settings: {sasl.jaas.config: hush}} | sasl.jaas.config",
                "kafka: {settings: {ssl.keystore.password: hush}} | ssl.keystore.password",
                "kafka: {settings: {ssl.keystore.key: hush}} | ssl.keystore.key",
                "roles: {notify: {env: {PAGERDUTY_KEY: hush}}} | PAGERDUTY_KEY",
                "roles: {worker: {env: {Password: hush}}} | Password"
            })
    void aSecretAmongTheValuesIsRefused(String values, String name) {
        assertThatThrownBy(() -> HelmChart.text("tidemark", values)).hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{streams: {a: b}, streamsConfigMap: c} | streams and streamsConfigMap exclude each other",
                "roles: {notify: {enabled: true}} | needs topology.notify",
                "kafka: {bootstrap: ''} | only with kafka.existingSecret",
                "{kafka: {bootstrap: '', existingSecret: a}, networkPolicy: {enabled: true}} | networkPolicy.brokerPorts",
                "{kafka: {bootstrap: '', existingSecret: a}, roles: {worker: {autoscaling: {enabled: true}}}} | needs kafka.bootstrap",
                "roles: {worker: {autoscaling: {enabled: true, minReplicas: 5}}} | not be above maxReplicas"
            })
    void valuesThatContradictEachOtherAreRefused(String values, String why) {
        assertThatThrownBy(() -> HelmChart.text("tidemark", values)).hasMessageContaining(why);
    }

    @Test
    void theSchemaAndTheDefaultValuesHaveTheSameNames() throws IOException {
        JsonNode schema = new ObjectMapper()
                .readTree(HelmChart.FOLDER.resolve("values.schema.json").toFile());
        Set<String> declared = new TreeSet<>(fields(schema.get("properties")));
        declared.remove("global");
        JsonNode values = Rule.yaml(HelmChart.VALUES);
        assertThat(fields(values)).isEqualTo(declared);
        String text = Files.readString(HelmChart.VALUES);
        for (String kind : List.of("role", "engineRole", "worker", "console")) {
            for (String name : fields(schema.at("/definitions").path(kind).get("properties")))
                assertThat(text).contains(name);
        }
        List<JsonNode> open = new ArrayList<>();
        takesOtherNames(schema, open);
        assertThat(open).as("objects that take a misspelt name").isEmpty();
    }

    private static void takesOtherNames(JsonNode schema, List<JsonNode> open) {
        boolean closed = schema.has("additionalProperties")
                && !schema.path("additionalProperties").asBoolean(true);
        if (schema.has("properties") && !closed) open.add(schema);
        for (JsonNode part : schema) takesOtherNames(part, open);
    }

    @Test
    void noSecretIsRenderedAndEachIsReferredToByName() throws IOException {
        List<JsonNode> documents = everything();
        assertThat(all(documents, "Secret")).isEmpty();
        Map<String, Set<String>> used = new TreeMap<>();
        for (JsonNode workload : workloads(documents)) {
            Set<String> names = used.computeIfAbsent(component(workload), role -> new TreeSet<>());
            for (JsonNode volume : pod(workload).get("volumes")) {
                if (!volume.has("secret")) continue;
                names.add(volume.at("/secret/secretName").asText());
                assertThat(volume.at("/secret/defaultMode").asInt()).isEqualTo(0440);
            }
            for (JsonNode from : container(workload).path("envFrom")) {
                names.add(from.at("/secretRef/name").asText());
            }
        }
        assertThat(used)
                .containsEntry("ingest", Set.of("kafka-client", "metrics-token", "registry-credentials"))
                .containsEntry("worker", Set.of("kafka-client", "metrics-token"))
                .containsEntry("notify", Set.of("kafka-client", "metrics-token", "chat", "pager"))
                .containsEntry("console", Set.of("kafka-client", "console-auth"));
        assertThat(mounts(workload(documents, "notify"))).containsEntry("/run/secrets/chat", "secret-0");
    }

    private static Map<String, String> mounts(JsonNode workload) {
        Map<String, String> mounts = new TreeMap<>();
        for (JsonNode mount : container(workload).get("volumeMounts")) {
            String at = mount.path("mountPath").asText();
            assertThat(mounts.put(at, mount.path("name").asText())).as(at).isNull();
        }
        return mounts;
    }

    @Test
    void everyReferenceLeadsToAnObjectOfTheRelease() throws IOException {
        for (List<JsonNode> documents : List.of(defaults(), everything())) {
            String account = name(only(documents, "ServiceAccount"));
            for (JsonNode workload : workloads(documents)) {
                assertThat(pod(workload).path("serviceAccountName").asText()).isEqualTo(account);
                assertThat(selects(workload.at("/spec/selector/matchLabels"), labels(workload)))
                        .isTrue();
                if (workload.path("kind").asText().equals("StatefulSet")) {
                    named(documents, "Service", workload.at("/spec/serviceName").asText());
                }
                Set<String> volumes = new TreeSet<>();
                for (JsonNode volume : pod(workload).get("volumes")) {
                    volumes.add(volume.path("name").asText());
                    JsonNode map = volume.path("configMap");
                    if (!map.isMissingNode())
                        named(documents, "ConfigMap", map.path("name").asText());
                }
                assertThat(new TreeSet<>(mounts(workload).values())).isEqualTo(volumes);
            }
            for (JsonNode service : all(documents, "Service")) {
                List<JsonNode> pods = selected(documents, service.at("/spec/selector"));
                assertThat(pods).as(name(service)).isNotEmpty();
                for (JsonNode workload : pods) {
                    assertThat(container(workload).at("/ports/0/name"))
                            .isEqualTo(service.at("/spec/ports/0/targetPort"));
                }
            }
            assertThat(all(documents, "PodDisruptionBudget")).hasSameSizeAs(workloads(documents));
            for (JsonNode budget : all(documents, "PodDisruptionBudget")) {
                assertThat(selected(documents, budget.at("/spec/selector/matchLabels")))
                        .hasSize(1);
            }
        }
        JsonNode monitor = only(everything(), "ServiceMonitor");
        List<JsonNode> scraped = all(everything(), "Service").stream()
                .filter(service -> selects(monitor.at("/spec/selector/matchLabels"), service.at("/metadata/labels")))
                .toList();
        assertThat(scraped).hasSize(1);
        assertThat(scraped.get(0).at("/spec/ports/0/name")).isEqualTo(monitor.at("/spec/endpoints/0/port"));
        assertThat(selected(everything(), scraped.get(0).at("/spec/selector")))
                .as("every role")
                .hasSize(6);
    }

    private static JsonNode labels(JsonNode workload) {
        return workload.at("/spec/template/metadata/labels");
    }

    private static boolean selects(JsonNode selector, JsonNode labels) {
        assertThat(selector).isNotEmpty();
        return fields(selector).stream().allMatch(key -> selector.get(key).equals(labels.get(key)));
    }

    private static List<JsonNode> selected(List<JsonNode> documents, JsonNode selector) {
        return workloads(documents).stream()
                .filter(workload -> selects(selector, labels(workload)))
                .toList();
    }

    @Test
    void policiesOpenThePortsInUse() throws IOException {
        List<JsonNode> documents = everything();
        JsonNode every = named(documents, "NetworkPolicy", "tidemark");
        assertThat(selected(documents, every.at("/spec/podSelector/matchLabels")))
                .hasSameSizeAs(workloads(documents));
        assertThat(every.at("/spec/policyTypes").toString()).isEqualTo("[\"Ingress\",\"Egress\"]");
        assertThat(every.at("/spec").has("ingress")).as("nothing comes in").isFalse();
        assertThat(ports(every.at("/spec/egress"))).containsExactly("53", "53", "5353", "5353", "8081", "9093", "9094");
        assertThat(every.at("/spec/egress/1/to/0/namespaceSelector")).isNotEmpty();
        Map<String, Integer> pods = Map.of("metrics", 6, "console", 1, "notify", 1);
        pods.forEach((part, count) -> {
            JsonNode policy = named(documents, "NetworkPolicy", "tidemark-" + part);
            assertThat(selected(documents, policy.at("/spec/podSelector/matchLabels")))
                    .hasSize(count);
        });
        assertThat(ports(named(documents, "NetworkPolicy", "tidemark-metrics").at("/spec/ingress")))
                .containsExactly("metrics");
        assertThat(ports(named(documents, "NetworkPolicy", "tidemark-notify").at("/spec/egress")))
                .containsExactly("443", "9093");
        assertThat(all(defaults(), "NetworkPolicy")).isEmpty();
    }

    private static List<String> ports(JsonNode rules) {
        List<String> ports = new ArrayList<>();
        for (JsonNode rule : rules) {
            for (JsonNode port : rule.get("ports")) ports.add(port.path("port").asText());
        }
        return ports.stream().sorted().toList();
    }

    @Test
    void namesFitAndDifferWhateverTheReleaseIsCalled() throws IOException {
        String values = Files.readString(HelmChart.EVERYTHING);
        String longest = "a".repeat(50);
        Set<String> first = names(HelmChart.render(longest + "-b1", values));
        Set<String> second = names(HelmChart.render(longest + "-b2", values));
        assertThat(first).doesNotContainAnyElementsOf(second);
        assertThat(names(HelmChart.render("1.plant", values)))
                .allMatch(name -> name.matches("[a-z][a-z0-9-]*[a-z0-9]"));
        assertThat(names(HelmChart.render("plant", ""))).allMatch(name -> name.startsWith("plant-tidemark"));
        assertThat(names(defaults())).contains("tidemark-ingest").allMatch(name -> name.startsWith("tidemark"));
    }

    /** Kinds and names of all objects, which fit. */
    private static Set<String> names(List<JsonNode> documents) {
        Set<String> names = new TreeSet<>();
        Set<String> objects = new TreeSet<>();
        for (JsonNode document : documents) {
            String name = name(document);
            boolean workload = document.at("/spec/template").isObject();
            assertThat(name).hasSizeBetween(1, workload ? WORKLOAD_MAX : NAME_MAX);
            assertThat(objects.add(document.path("kind").asText() + " " + name))
                    .as(name)
                    .isTrue();
            for (JsonNode label : document.at("/metadata/labels")) {
                assertThat(label.asText()).hasSizeLessThanOrEqualTo(NAME_MAX);
            }
            names.add(name);
        }
        return names;
    }

    @Test
    void streamFilesAreReadAsKubernetesLaysThem() throws IOException {
        List<JsonNode> documents = everything();
        JsonNode files = named(documents, "ConfigMap", "tidemark-streams").get("data");
        assertThat(fields(files)).containsExactly("2.valves.yaml", "pumps.yaml");
        Path version = Files.createDirectory(folder.resolve("..2026_01_01"));
        Files.createSymbolicLink(folder.resolve("..data"), version.getFileName());
        for (String file : fields(files)) {
            Files.writeString(version.resolve(file), files.get(file).asText());
            Files.createSymbolicLink(folder.resolve(file), Path.of("..data", file));
        }
        assertThat(StreamFile.readAll(List.of(folder)).stream().map(StreamSpec::name))
                .containsExactly("valves", "pumps");
        for (JsonNode workload : workloads(documents)) {
            assertThat(mounts(workload)).containsEntry("/tidemark/topology/streams", "streams");
        }
        assertThat(fields(named(documents, "ConfigMap", "tidemark-topology").get("data")))
                .containsExactly("notify.yaml", "schemas.zoo.valves.avsc", "topics.yaml", "zoo.zoo.own-ae.yaml");
        assertThat(mounts(workload(documents, "ingest")))
                .containsKeys(
                        "/tidemark/topology/topics.yaml",
                        "/tidemark/topology/schemas/zoo.valves.avsc",
                        "/tidemark/topology/zoo/zoo.own-ae.yaml")
                .doesNotContainKey("/tidemark/topology/notify.yaml");
        assertThat(mounts(workload(documents, "notify"))).containsKey("/tidemark/topology/notify.yaml");
        JsonNode own = workload(HelmChart.render("tidemark", "streamsConfigMap: own"), "ingest");
        assertThat(pod(own).get("volumes").toString()).contains("{\"name\":\"own\"}");
    }

    @Test
    void aChangedFileStartsThePodsThatReadIt() throws IOException {
        String values = "roles: {notify: {enabled: true}}\n";
        Map<String, String> before = checksums(values + "streams: {a: b}\ntopology: {notify: c}");
        assertThat(checksums(values + "streams: {a: b}\ntopology: {notify: c}")).isEqualTo(before);
        Map<String, String> stream = checksums(values + "streams: {a: d}\ntopology: {notify: c}");
        assertThat(stream.keySet()).isEqualTo(before.keySet());
        assertThat(stream).allSatisfy((role, sum) -> assertThat(before).doesNotContainEntry(role, sum));
        Map<String, String> receiver = checksums(values + "streams: {a: b}\ntopology: {notify: d}");
        assertThat(receiver).allSatisfy((role, sum) -> {
            if (role.equals("notify")) assertThat(before).doesNotContainEntry(role, sum);
            else assertThat(before).containsEntry(role, sum);
        });
    }

    private static Map<String, String> checksums(String values) throws IOException {
        Map<String, String> sums = new TreeMap<>();
        for (JsonNode workload : workloads(HelmChart.render("tidemark", values))) {
            JsonNode annotations = workload.at("/spec/template/metadata/annotations");
            sums.put(component(workload), annotations.path("checksum/topology").asText());
        }
        return sums;
    }

    @Test
    void notesSayWhatIsMissing() throws IOException {
        assertThat(HelmChart.notes("")).contains("NO STREAM IS DECLARED", "logs tidemark-ingest-0", "Nothing scrapes");
        assertThat(HelmChart.notes(Files.readString(HelmChart.EVERYTHING)))
                .contains("port-forward service/tidemark-console 9474", "reach ports 9093, 9094")
                .doesNotContain("NO STREAM", "Nothing scrapes", "read-only");
    }
}
