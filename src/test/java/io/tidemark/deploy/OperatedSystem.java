package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.Eventually;
import io.tidemark.SecuredBroker;
import io.tidemark.TopologyFolder;
import io.tidemark.app.cli.CommandLineSession;
import io.tidemark.app.node.Node;
import io.tidemark.app.node.NodeSettings;
import io.tidemark.app.node.RoleAcls.Holder;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.metrics.Meters;
import io.tidemark.metrics.MetricsEndpoint;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.network.Zoo;
import io.tidemark.role.notify.Desk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.resource.PatternType;

/**
 * An installation as an operator makes it: a broker with TLS, SCRAM and ACLs; every role and the console each under its own user with exactly the rights that
 * {@code streams acl} prints; topics by {@code streams apply}; a real Prometheus and Alertmanager; a webhook; the console, which asks for a secret.
 */
final class OperatedSystem implements AutoCloseable {
    static final String PERSON = "ann";

    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final String SECRET = PERSON + ":secret";
    private static final TopicNames NAMES = new TopicNames(TopicNames.DEFAULT_PREFIX);
    private static final Pattern CONSOLE = Pattern.compile("console on http://([\\w.]+:\\d+)/");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Desk desk;
    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final Map<RoleName, Node> roles = new EnumMap<>(RoleName.class);
    private final SecuredBroker broker;
    private final Path topology;
    private final AlertReceiver alertmanager;
    private final Meters meters;
    private final PrometheusServer prometheus;
    private final String console;

    /**
     * Starts it.
     *
     * @param streams the text of each stream file, by the stream's name
     * @param networks of the zoo
     */
    static OperatedSystem start(Path folder, Map<String, String> streams, String... networks) throws Exception {
        Deque<AutoCloseable> begun = new ArrayDeque<>();
        try {
            return new OperatedSystem(
                    folder, begun, TopologyFolder.write(folder.resolve("topology"), streams, networks));
        } catch (Exception | AssertionError e) {
            closeAll(begun);
            throw e;
        }
    }

    private OperatedSystem(Path folder, Deque<AutoCloseable> begun, Path topology) throws Exception {
        this.folder = folder;
        this.topology = topology;
        broker = new SecuredBroker(folder);
        begun.push(broker);
        List<StreamSpec> streams = StreamFile.readAll(List.of(topology.resolve("streams")));
        for (StreamSpec stream : streams) broker.input(stream.input().topic());
        grantWhatIsPrinted();
        operate("streams", "apply", "--replication", "1");
        alertmanager = new AlertReceiver(folder);
        begun.push(alertmanager);
        desk = new Desk();
        begun.push(desk);
        NotifyFile receivers = receivers();
        MetricsEndpoint endpoint = new MetricsEndpoint("127.0.0.1", 0, () -> true);
        begun.push(endpoint);
        meters = endpoint.meters();
        for (RoleName role : RoleName.values()) {
            Node node = Node.start(EnumSet.of(role), settings(role, streams, receivers), meters);
            begun.push(node);
            roles.put(role, node);
        }
        prometheus = new PrometheusServer(folder, endpoint.port(), alertmanager.port());
        begun.push(prometheus);
        console = console(begun);
        closing.addAll(begun);
    }

    private void grantWhatIsPrinted() throws Exception {
        CommandLineSession printed =
                CommandLineSession.of("streams", "acl", "--json", "--topology", topology.toString());
        assertThat(printed.exitCode()).as(printed.err()).isZero();
        List<AclBinding> rights = new ArrayList<>();
        for (String line : printed.out().lines().toList()) {
            JsonNode right = JSON.readTree(line);
            for (JsonNode operation : right.get("operations")) {
                rights.add(SecuredBroker.binding(
                        right.get("principal").asText(),
                        operation.asText(),
                        right.get("resource").asText(),
                        right.get("name").asText(),
                        PatternType.valueOf(right.get("pattern").asText())));
            }
        }
        broker.allow(rights);
    }

    /** What came to the webhook. */
    List<JsonNode> notifications() {
        return desk.bodies();
    }

    /** Runs a command as who operates it; it must succeed. */
    void operate(String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of("--topology", topology.toString()));
        all.addAll(List.of("--config", config(Holder.OPERATOR).toString()));
        CommandLineSession session = CommandLineSession.of(all.toArray(String[]::new));
        assertThat(session.exitCode()).as(all + ": " + session.err()).isZero();
    }

    private Path config(Holder holder) throws Exception {
        return broker.file(holder.toString(), broker.settings(holder));
    }

    private NotifyFile receivers() throws Exception {
        return NotifyFile.read(
                Files.writeString(topology.resolve("notify.yaml"), """
                receivers:
                  - {name: desk, type: webhook, url: "%s"}
                  - {name: alertmanager, type: alertmanager, url: "http://127.0.0.1:%d"}
                """.formatted(desk.url(), alertmanager.port())));
    }

    private NodeSettings settings(RoleName role, List<StreamSpec> streams, NotifyFile receivers) {
        return new NodeSettings(
                new KafkaConnection(broker.settings(Holder.valueOf(role.name())), NAMES),
                new NodeSettings.Declared(streams, Zoo.load(topology.resolve("zoo"))),
                folder.resolve("state-" + role),
                new NodeSettings.Compute("dl4j", new DeviceSpec.Cpu()),
                "run",
                OffsetReset.EARLIEST,
                receivers,
                false);
    }

    private String console(Deque<AutoCloseable> begun) throws Exception {
        Path secret = Files.writeString(folder.resolve("console-secret"), SECRET + "\n");
        Process process = CommandLineSession.start(
                consoleLog(),
                "console",
                "--config",
                config(Holder.CONSOLE).toString(),
                "--console-port",
                "0",
                "--console-auth",
                secret.toString(),
                "--topology",
                topology.toString());
        begun.push(() -> process.destroyForcibly().onExit().join());
        return Eventually.gives(WITHIN, "the console's address", () -> {
            String said = Files.readString(consoleLog());
            assertThat(process.isAlive()).as(said).isTrue();
            Matcher address = CONSOLE.matcher(said);
            return address.find() ? address.group(1) : null;
        });
    }

    private Path consoleLog() {
        return folder.resolve("console.log");
    }

    /** The console's address with the secret in it. */
    String page() {
        return "http://" + SECRET + "@" + console + "/";
    }

    /** A connection with every right. */
    KafkaConnection everything() {
        return broker.everything();
    }

    AlertReceiver alertmanager() {
        return alertmanager;
    }

    PrometheusServer prometheus() {
        return prometheus;
    }

    Meters meters() {
        return meters;
    }

    /** What has failed or was refused so far; empty while nothing has. */
    List<String> failures() throws Exception {
        List<String> failures = new ArrayList<>();
        roles.forEach((role, node) -> {
            if (!node.isHealthy()) failures.add(role + ": " + node.failure());
        });
        Files.readAllLines(consoleLog()).stream()
                .filter(line -> line.contains("uthoriz"))
                .forEach(failures::add);
        return failures;
    }

    private static void closeAll(Deque<AutoCloseable> begun) throws Exception {
        while (!begun.isEmpty()) begun.pop().close();
    }

    @Override
    public void close() throws Exception {
        closeAll(closing);
    }
}
