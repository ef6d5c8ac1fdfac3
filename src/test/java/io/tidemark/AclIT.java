package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.app.cli.CommandLineSession;
import io.tidemark.app.node.Node;
import io.tidemark.app.node.NodeSettings;
import io.tidemark.app.node.RoleAcls;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.CommittedOffsets;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.RegistryView;
import io.tidemark.net.engine.DeviceSpec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What who operates Tidemark can do with exactly the rights that {@code streams acl} prints, and what a role says whose right was taken away. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AclIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int EVENTS = 600;
    private static final String INPUT = "plant.in";
    private static final boolean ALL = Boolean.getBoolean("acl.all");
    /** Which rights of all are taken away, by a part of how they print, such as {@code role=retrain.*tidemark.jobs}. */
    private static final Pattern ONLY = Pattern.compile(System.getProperty("acl.only", ""));

    private static final Set<RoleName> WORKING =
            EnumSet.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT, RoleName.LEARNER);

    @TempDir
    static Path folder;

    private SecuredBroker broker;
    private KafkaConnection everything;
    private Path topology;
    private StreamSpec stream;

    @BeforeAll
    void start() throws Exception {
        broker = new SecuredBroker(folder);
        everything = broker.everything();
        WholePath.createTopics(everything);
        broker.input(INPUT);
        topology =
                TopologyFolder.write(folder.resolve("topology"), Map.of("pumps", """
                stream: pumps
                input: {topic: plant.in, series: [series], features: [value]}
                networks: [dense-ae, linear-forecaster]
                step: 1s
                idle-close: 5s
                learning: {first-rows: 256, publish-rows: 1000000}
                """), "dense-ae", "linear-forecaster");
        Files.writeString(topology.resolve("notify.yaml"), """
                receivers:
                  - {name: nobody, type: webhook, url: "http://127.0.0.1:9/", retry-for: 1s, timeout: 1s}
                """);
        stream = StreamFile.read(topology.resolve("streams/pumps.yaml"));
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    private static List<RoleAcls.Acl> acls(RoleAcls.Holder holder) {
        return new RoleAcls(new TopicNames(TopicNames.DEFAULT_PREFIX), List.of(INPUT)).of(holder);
    }

    /** Some lines of the worker; with {@code -Dacl.all=true} every line of every role, or those of {@code acl.only}, while all others work. */
    @Test
    void aRightThatIsMissingIsNamed() throws Exception {
        List<String> wrong = new ArrayList<>();
        if (ALL) {
            try (Node all = open(WORKING);
                    Unrest unrest = new Unrest(everything, INPUT)) {
                Eventually.holds(SOON, "a version", () -> champion() > 0);
            }
        }
        for (RoleName role : RoleName.values()) {
            List<RoleAcls.Acl> takenAway = acls(RoleAcls.Holder.valueOf(role.name())).stream()
                    .filter(acl -> ALL
                            ? !isOnlyElsewhere(acl)
                                    && ONLY.matcher(acl.toString()).find()
                            : role == RoleName.WORKER && acl.name().matches(".*(samples|worker|worker-)"))
                    .toList();
            if (takenAway.isEmpty()) continue;
            EnumSet<RoleName> others = EnumSet.copyOf(WORKING);
            others.remove(role);
            try (Node beside = ALL ? open(others) : null;
                    Unrest unrest = ALL ? new Unrest(everything, INPUT) : null) {
                for (RoleAcls.Acl missing : takenAway) {
                    String said = saidWithout(role, missing);
                    if (!said.isEmpty()) wrong.add(missing + ": " + said);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private String saidWithout(RoleName role, RoleAcls.Acl missing) throws Exception {
        List<RoleAcls.Acl> rest = new ArrayList<>(acls(RoleAcls.Holder.valueOf(role.name())));
        rest.remove(missing);
        broker.allow(SecuredBroker.bindings(rest));
        long began = System.nanoTime();
        String said = runUntilItNames(role, missing.name());
        System.out.printf(
                "%s without %s: %s after %.1f s%n",
                role, missing, said.isEmpty() ? "named" : "NOT named", (System.nanoTime() - began) * 1e-9);
        broker.forbid(SecuredBroker.bindings(rest));
        return said;
    }

    /** What this stream without codes and pictures on a broker with share groups never uses, and what is only looked at. */
    private static boolean isOnlyElsewhere(RoleAcls.Acl acl) {
        TopicNames names = new TopicNames(TopicNames.DEFAULT_PREFIX);
        return acl.name().equals(names.codes())
                || acl.name().equals(names.anomalyMaps())
                || acl.name().equals(names.reconstructions())
                || acl.name().equals(names.role("retrain-consumers"))
                || acl.operations().equals(List.of("DESCRIBE"));
    }

    private int champion() throws InterruptedException {
        return RegistryView.read(everything)
                .deployment(new ModelId("pumps", "dense-ae"))
                .champion();
    }

    /** With its least rights and then with one of them taken away, of which it says so and shows the rest. */
    @Test
    void aConsoleShowsWhatItMayRead() throws Exception {
        RoleAcls.Acl silences = acls(RoleAcls.Holder.CONSOLE).stream()
                .filter(acl -> acl.name().endsWith("silences"))
                .findFirst()
                .orElseThrow();
        try (Producer<byte[], byte[]> producer = everything.producer(Map.of())) {
            producer.send(new ProducerRecord<>(silences.name(), "x".getBytes(UTF_8), "{}".getBytes(UTF_8)));
        }
        String refused = "the console is not authorized to read " + silences.name() + " and goes on without it";
        broker.allow(SecuredBroker.bindings(acls(RoleAcls.Holder.CONSOLE)));
        try {
            assertThat(saidByConsole("the record is not a silence")).doesNotContain("authoriz");
            RoleAcls.Acl reading = new RoleAcls.Acl(
                    silences.role(), List.of("READ"), silences.resource(), silences.name(), silences.prefixed());
            broker.forbid(SecuredBroker.bindings(List.of(reading)));
            assertThat(saidByConsole(refused)).containsOnlyOnce("WARN");
        } finally {
            broker.forbid(SecuredBroker.bindings(acls(RoleAcls.Holder.CONSOLE)));
        }
    }

    /** The log of a console that shows what it reads and has said something. */
    private String saidByConsole(String sentence) throws Exception {
        Path log = Files.createTempFile(folder, "console", ".log");
        Process process = CommandLineSession.start(
                log,
                "console",
                "--console-port",
                "0",
                "--config",
                config(RoleAcls.Holder.CONSOLE).toString(),
                "--topology",
                topology.toString());
        try {
            Pattern address = Pattern.compile("console on (http://[\\w.]+:\\d+/)");
            String page = Eventually.gives(SOON, "it listens", () -> {
                Matcher found = address.matcher(Files.readString(log));
                return found.find() ? found.group(1) : null;
            });
            HttpClient http = HttpClient.newHttpClient();
            Eventually.passes(
                    SOON, () -> assertThat(get(http, page + "api/v1/now")).contains("\"live\":true"));
            assertThat(get(http, page + "healthy")).isEqualTo("ok\n");
            Eventually.holds(SOON, sentence, () -> Files.readString(log).contains(sentence));
            return Files.readString(log);
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    private static String get(HttpClient http, String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Started without any, they wait in place, and work when they have them. */
    @ParameterizedTest
    @EnumSource(names = {"INGEST", "WORKER", "VERDICT"})
    void rightsThatComeLateAreWaitedFor(RoleName role) throws Exception {
        RoleAcls.Holder holder = RoleAcls.Holder.valueOf(role.name());
        KafkaConnection own = new KafkaConnection(broker.settings(holder), new TopicNames(TopicNames.DEFAULT_PREFIX));
        Meters meters = new Meters(new SimpleMeterRegistry());
        Meters.Level up = meters.level(MeterName.ROLE_UP, role.toString());
        String group = own.names().role(role + (role == RoleName.INGEST ? "-" + INPUT : ""));
        try (Node node = node(own, EnumSet.of(role), meters)) {
            Eventually.holds(SOON, "it has started", () -> up.value() == 1);
            Eventually.holds(SOON, "it waits for its rights", () -> up.value() == 0);
            assertThat(node.failure()).isEmpty();
            broker.allow(SecuredBroker.bindings(acls(holder)));
            Eventually.holds(SOON, "it works", () -> CommittedOffsets.members(everything, group) == 1);
            assertThat(node.failure()).isEmpty();
        } finally {
            broker.forbid(SecuredBroker.bindings(acls(holder)));
        }
    }

    /** Runs the product as a user does, with the connection in a file; empty when its log has named the resource as not authorised. */
    private String runUntilItNames(RoleName role, String name) throws Exception {
        RoleAcls.Holder holder = RoleAcls.Holder.valueOf(role.name());
        Map<String, String> settings = new TreeMap<>(broker.settings(holder));
        // a process that was killed leaves its groups soon
        settings.putAll(Map.of("session.timeout.ms", "6000", "transaction.timeout.ms", "10000"));
        Path config = broker.file(holder + "-short", settings);
        Path log = Files.createTempFile(folder, role.toString(), ".log");
        Process process = CommandLineSession.start(
                log,
                "run",
                "--roles",
                role.toString(),
                "--config",
                config.toString(),
                "--no-create",
                "--metrics-port",
                "0",
                "--topology",
                topology.toString(),
                "--state-dir",
                folder.resolve("child").toString());
        try {
            Eventually.holds(Duration.ofSeconds(ALL ? 90 : 60), name, () -> !process.isAlive() || names(log, name));
            return names(log, name) ? "" : tail(log);
        } catch (AssertionError e) {
            return tail(log);
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    private static boolean names(Path log, String name) throws Exception {
        return Files.readAllLines(log).stream()
                .anyMatch(line -> line.toLowerCase(Locale.ROOT).contains("authoriz") && line.contains(name));
    }

    private static String tail(Path log) throws Exception {
        String all = Files.readString(log);
        return all.substring(Math.max(0, all.length() - 1500));
    }

    /** Every command that changes or reads something, with the rights of who operates, after the roles have run. */
    @Test
    void operatorsWorkWithTheirLeastRights() throws Exception {
        broker.allow(SecuredBroker.bindings(acls(RoleAcls.Holder.OPERATOR)));
        Path operator = config(RoleAcls.Holder.OPERATOR);
        List<String> declared = List.of("--topology", topology.toString());
        run(operator, declared, "streams", "apply", "--replication", "1");
        feed();
        try (Node learner = open(RoleName.LEARNER)) {
            try (Node others = open(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT);
                    OutcomeTally outcomes = new OutcomeTally(everything)) {
                Eventually.holds(SOON, "outcomes and a version", () -> {
                    assertThat(others.isHealthy()).as(others.failure()).isTrue();
                    boolean published = RegistryView.read(everything)
                                    .deployment(new ModelId("pumps", "dense-ae"))
                                    .champion()
                            > 0;
                    return outcomes.read() == EVENTS && published;
                });
            }
            List<String> none = List.of();
            run(operator, none, "models", "list");
            run(operator, none, "models", "pin", "pumps/dense-ae@1", "--why", "a test");
            run(operator, none, "silence", "--for", "1h", "--stream", "pumps");
            run(operator, none, "silence", "list");
            run(operator, none, "incidents");
            run(operator, declared, "retrain", "--stream", "pumps", "--networks", "dense-ae", "--queue-only");
            run(operator, none, "tail", "scores", "--from", "earliest", "--max", "1");
            run(operator, declared, "series", "reset", "pumps/a", "--yes");
            run(operator, declared, "streams", "reset", "pumps", "--to", "earliest", "--yes");
        }
    }

    /** Roles with every right. */
    private Node open(RoleName first, RoleName... further) {
        return open(EnumSet.of(first, further));
    }

    private Node open(Set<RoleName> roles) {
        return node(everything, roles, new Meters(new SimpleMeterRegistry()));
    }

    private Node node(KafkaConnection kafka, Set<RoleName> roles, Meters meters) {
        return Node.start(
                roles,
                new NodeSettings(
                        kafka,
                        new NodeSettings.Declared(List.of(stream), WholePath.zoo()),
                        folder.resolve("state-" + kafka.settings().size()
                                + roles.iterator().next()),
                        new NodeSettings.Compute("dl4j", new DeviceSpec.Cpu()),
                        "open",
                        OffsetReset.EARLIEST,
                        new NotifyFile(List.of()),
                        false),
                meters);
    }

    /** Runs a command, which must succeed. */
    private static void run(Path config, List<String> further, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(further);
        all.addAll(List.of("--config", config.toString()));
        CommandLineSession session = CommandLineSession.of(all.toArray(String[]::new));
        assertThat(session.exitCode())
                .as(all + ": " + session.err() + session.out())
                .isZero();
    }

    private Path config(RoleAcls.Holder holder) throws Exception {
        return broker.file(holder.toString(), broker.settings(holder));
    }

    private void feed() {
        try (Producer<byte[], byte[]> producer = everything.producer(Map.of())) {
            for (int i = 0; i < EVENTS; i++) {
                String json = "{\"series\":\"a\",\"timestamp\":" + (1_700_000_000_000L + i * 1000L) + ",\"value\":"
                        + Math.sin(i * 0.1) + "}";
                producer.send(new ProducerRecord<>(INPUT, "a".getBytes(UTF_8), json.getBytes(UTF_8)));
            }
        }
    }
}
