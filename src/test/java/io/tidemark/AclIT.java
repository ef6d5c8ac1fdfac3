package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.app.cli.Tidemark;
import io.tidemark.app.node.Node;
import io.tidemark.app.node.NodeSettings;
import io.tidemark.app.node.RoleAcls;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.kafka.client.Topics;
import io.tidemark.kafka.embedded.BrokerSpec;
import io.tidemark.kafka.embedded.EmbeddedBroker;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.RegistryView;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.role.retrain.JobReports;
import io.tidemark.role.retrain.Period;
import io.tidemark.role.retrain.RetrainRequest;
import io.tidemark.role.retrain.TrainingPlan;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every role under exactly the rights that {@code streams acl} prints, each as its own user (SASL/PLAIN), on a broker that denies
 * everything else; and what a role says whose right was taken away.
 */
class AclIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final TopicNames NAMES = new TopicNames(TopicNames.DEFAULT_PREFIX);
    private static final int EVENTS = 600;
    private static final String INPUT = "plant.in";
    /** Roles that are started before they have rights, and go on in place when they have. */
    private static final Set<RoleName> LATE = EnumSet.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT);

    private static final boolean ALL = Boolean.getBoolean("acl.all");
    private static final Pattern CONSOLE = Pattern.compile("http://[\\w.]+:\\d+");

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private String secured = "";
    private KafkaConnection everything;
    private StreamSpec stream;

    @BeforeEach
    void start() throws Exception {
        int[] ports = ports(3);
        StringBuilder users = new StringBuilder("org.apache.kafka.common.security.plain.PlainLoginModule required");
        for (RoleAcls.Holder role : RoleAcls.Holder.values())
            users.append(" user_").append(role).append("=\"secret\"");
        broker = EmbeddedBroker.inProcess(new BrokerSpec(
                folder.resolve("broker"),
                ports[0],
                Map.of(
                        "listeners",
                        "CLIENT://127.0.0.1:" + ports[0] + ",CONTROLLER://127.0.0.1:" + ports[1]
                                + ",SECURED://127.0.0.1:" + ports[2],
                        "controller.quorum.voters",
                        "1@127.0.0.1:" + ports[1],
                        "listener.security.protocol.map",
                        "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_PLAINTEXT",
                        "listener.name.secured.sasl.enabled.mechanisms",
                        "PLAIN",
                        "listener.name.secured.plain.sasl.jaas.config",
                        users + ";",
                        "authorizer.class.name",
                        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "super.users",
                        "User:ANONYMOUS")));
        secured = "127.0.0.1:" + ports[2];
        everything = KafkaConnection.to(broker.bootstrap());
        WholePath.createTopics(everything);
        try (Admin admin = everything.admin()) {
            new Topics(admin, SOON).create(List.of(new TopicSpec(INPUT, 1, (short) 1, Map.of())));
        }
        Path file = folder.resolve("pumps.yaml");
        Files.writeString(file, """
                stream: pumps
                input: {topic: plant.in, series: [series], features: [value]}
                networks: [dense-ae, linear-forecaster]
                step: event
                learning: {first-rows: 256, publish-rows: 1000000}
                """);
        stream = StreamFile.read(file);
    }

    private static int[] ports(int count) throws Exception {
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < count; i++) held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        int[] ports = held.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        for (ServerSocket socket : held) socket.close();
        return ports;
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private static Collection<RoleAcls.Acl> acls(RoleName role) {
        return acls(RoleAcls.Holder.valueOf(role.name()));
    }

    private static Collection<RoleAcls.Acl> acls(RoleAcls.Holder holder) {
        return new RoleAcls(NAMES, List.of(INPUT)).of(holder);
    }

    private static List<AclBinding> bindings(Collection<RoleAcls.Acl> acls) {
        List<AclBinding> bindings = new ArrayList<>();
        for (RoleAcls.Acl acl : acls) {
            ResourcePattern on = new ResourcePattern(
                    ResourceType.valueOf(acl.resource().name()),
                    acl.name(),
                    acl.prefixed() ? PatternType.PREFIXED : PatternType.LITERAL);
            for (String operation : acl.operations()) {
                bindings.add(new AclBinding(
                        on,
                        new AccessControlEntry(
                                "User:" + acl.role(), "*", AclOperation.valueOf(operation), AclPermissionType.ALLOW)));
            }
        }
        return bindings;
    }

    /** Returns when the broker has taken the rights: it answers that they are written before it goes by them. */
    private void allow(Collection<RoleAcls.Acl> acls) throws Exception {
        Collection<AclBinding> allowed = bindings(acls);
        try (Admin admin = everything.admin()) {
            admin.createAcls(allowed).all().get();
            Eventually.holds(
                    SOON,
                    "the broker goes by the new rights",
                    () -> admin.describeAcls(AclBindingFilter.ANY)
                            .values()
                            .get()
                            .containsAll(allowed));
        }
    }

    private Map<String, String> settings(Object role) {
        return Map.of(
                "bootstrap.servers",
                secured,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + role
                        + "\" password=\"secret\";");
    }

    private Node node(RoleName role, Meters meters) {
        NotifyFile.Receiver nobody = new NotifyFile.Receiver(
                "nobody",
                NotifyFile.Type.WEBHOOK,
                new NotifyFile.Receiver.Target(
                        "http://127.0.0.1:9/",
                        NotifyFile.Secret.NONE,
                        NotifyFile.Secret.NONE,
                        NotifyFile.Secret.NONE,
                        NotifyFile.Secret.NONE),
                new NotifyFile.Receiver.Filter(NotifyFile.Severity.INFO, List.of(), List.of("open")),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
        return Node.start(
                EnumSet.of(role),
                new NodeSettings(
                        new KafkaConnection(settings(role), NAMES),
                        new NodeSettings.Declared(List.of(stream), WholePath.zoo()),
                        folder.resolve(role.toString()),
                        new NodeSettings.Compute("dl4j", new DeviceSpec.Cpu()),
                        "acl",
                        OffsetReset.EARLIEST,
                        new NotifyFile(List.of(nobody)),
                        false),
                meters);
    }

    @Test
    void eachRoleWorksWithItsLeastRights() throws Exception {
        Map<RoleName, Node> nodes = new EnumMap<>(RoleName.class);
        try (OutcomeTally outcomes = new OutcomeTally(everything)) {
            for (RoleName role : RoleName.values()) {
                Meters meters = new Meters(new SimpleMeterRegistry());
                nodes.put(role, node(role, meters));
                if (LATE.contains(role)) {
                    Meters.Level up = meters.level(MeterName.ROLE_UP, role.toString());
                    Eventually.holds(SOON, role + " has started", () -> up.value() == 1);
                    Eventually.holds(SOON, role + " waits for its rights", () -> up.value() == 0);
                }
                allow(acls(role));
            }
            feed();
            Eventually.gives(SOON, "outcomes, a version and a report", () -> {
                for (Map.Entry<RoleName, Node> node : nodes.entrySet()) {
                    if (!node.getValue().isHealthy())
                        return node.getKey() + ": " + node.getValue().failure();
                }
                boolean published = RegistryView.read(everything)
                                .deployment(new ModelId("pumps", "dense-ae"))
                                .champion()
                        > 0;
                return outcomes.read() == EVENTS && published ? "" : null;
            });
            long always = Long.MAX_VALUE / 2;
            String job = new RetrainRequest(
                            "pumps",
                            List.of("pca"),
                            1000,
                            new Period(-always, always),
                            1,
                            new TrainingPlan(5, 20, 1, 0.05))
                    .send(everything)
                    .get(0)
                    .id();
            Eventually.holds(
                    SOON,
                    "a retraining is done",
                    () -> JobReports.find(everything, job).isPresent());
            nodes.forEach((role, node) -> assertThat(node.isHealthy())
                    .as(role + ": " + node.failure())
                    .isTrue());
        } finally {
            nodes.values().forEach(Node::close);
        }
    }

    /** Some lines of the worker; every line of every role with {@code -Dacl.all=true}, while all others work. */
    @Test
    void aRightThatIsMissingIsNamed() throws Exception {
        List<String> wrong = new ArrayList<>();
        if (ALL) {
            try (Node all = open(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT, RoleName.LEARNER);
                    Unrest unrest = new Unrest(everything, INPUT)) {
                Eventually.holds(SOON, "a version", () -> champion() > 0);
            }
        }
        for (RoleName role : RoleName.values()) {
            List<RoleAcls.Acl> all = List.copyOf(acls(role));
            List<RoleAcls.Acl> takenAway = all.stream()
                    .filter(acl -> ALL
                            ? !isOnlyElsewhere(acl)
                            : role == RoleName.WORKER && acl.name().matches(".*(samples|worker|worker-)"))
                    .toList();
            if (takenAway.isEmpty()) continue;
            EnumSet<RoleName> others = EnumSet.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT, RoleName.LEARNER);
            others.remove(role);
            try (Node beside = ALL ? open(others) : null;
                    Unrest unrest = ALL ? new Unrest(everything, INPUT) : null) {
                for (RoleAcls.Acl missing : takenAway) {
                    List<RoleAcls.Acl> rest = new ArrayList<>(all);
                    rest.remove(missing);
                    allow(rest);
                    long began = System.nanoTime();
                    String said = runUntilItNames(role, missing.name());
                    System.out.printf(
                            "%s without %s: %s after %.1f s%n",
                            role, missing, said.isEmpty() ? "named" : "NOT named", (System.nanoTime() - began) * 1e-9);
                    if (!said.isEmpty()) wrong.add(missing + ": " + said);
                    try (Admin admin = everything.admin()) {
                        admin.deleteAcls(bindings(rest).stream()
                                        .map(AclBinding::toFilter)
                                        .toList())
                                .all()
                                .get();
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** What this stream without pictures on a broker with share groups never uses, and what is only looked at. */
    private static boolean isOnlyElsewhere(RoleAcls.Acl acl) {
        return acl.name().equals(NAMES.anomalyMaps())
                || acl.name().equals(NAMES.reconstructions())
                || acl.name().equals(NAMES.role("retrain-consumers"))
                || acl.operations().equals(List.of("DESCRIBE"));
    }

    private int champion() throws InterruptedException {
        return RegistryView.read(everything)
                .deployment(new ModelId("pumps", "dense-ae"))
                .champion();
    }

    /** Runs the product as a user does, with the connection in a file; empty when its log has named the resource as not authorised. */
    private String runUntilItNames(RoleName role, String name) throws Exception {
        Path config = folder.resolve("client.properties");
        // a process that was killed leaves its groups soon
        StringBuilder lines = new StringBuilder("session.timeout.ms=6000\ntransaction.timeout.ms=10000\n");
        settings(role)
                .forEach((key, value) ->
                        lines.append(key).append('=').append(value).append('\n'));
        Files.writeString(config, lines);
        Path log = Files.createTempFile(folder, role.toString(), ".log");
        Path topology = folder.resolve("topology");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Tidemark.class.getName(),
                        "run",
                        "--roles",
                        role.toString(),
                        "--config",
                        config.toString(),
                        "--no-create",
                        "--metrics-port",
                        "0",
                        "--topology",
                        topology(topology).toString(),
                        "--state-dir",
                        folder.resolve("child").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Eventually.holds(Duration.ofSeconds(ALL ? 90 : 60), name, () -> !process.isAlive() || names(log, name));
            return names(log, name) ? "" : tail(log);
        } catch (AssertionError e) {
            return tail(log);
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    private Path topology(Path topology) throws Exception {
        if (Files.exists(topology)) return topology;
        for (String part : List.of("streams", "zoo")) Files.createDirectories(topology.resolve(part));
        Files.copy(folder.resolve("pumps.yaml"), topology.resolve("streams/pumps.yaml"));
        Files.copy(Path.of("topology/topics.yaml"), topology.resolve("topics.yaml"));
        for (String network : List.of("dense-ae", "linear-forecaster"))
            Files.copy(Path.of("topology/zoo", network + ".yaml"), topology.resolve("zoo/" + network + ".yaml"));
        Files.writeString(topology.resolve("notify.yaml"), """
                receivers:
                  - {name: nobody, type: webhook, url: "http://127.0.0.1:9/", retry-for: 1s, timeout: 1s}
                """);
        return topology;
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
    void operatorsAndTheConsoleWorkWithTheirLeastRights() throws Exception {
        allow(acls(RoleAcls.Holder.OPERATOR));
        allow(acls(RoleAcls.Holder.CONSOLE));
        Path operator = config(RoleAcls.Holder.OPERATOR);
        List<String> topology =
                List.of("--topology", topology(folder.resolve("topology")).toString());
        run(operator, topology, "streams", "apply", "--replication", "1");
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
            run(operator, topology, "retrain", "--stream", "pumps", "--networks", "dense-ae", "--queue-only");
            run(operator, none, "tail", "scores", "--from", "earliest", "--max", "1");
            run(operator, topology, "series", "reset", "pumps/a", "--yes");
            run(operator, topology, "streams", "reset", "pumps", "--to", "earliest", "--yes");
        }
        Path config = config(RoleAcls.Holder.CONSOLE);
        Path log = folder.resolve("console.log");
        List<String> command = command("console", "--config", config.toString(), "--console-port", "0");
        command.addAll(topology);
        Process console = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Eventually.holds(SOON, "the console has read scores", () -> {
                assertThat(console.isAlive()).as(Files.readString(log)).isTrue();
                Matcher at = CONSOLE.matcher(Files.readString(log));
                if (!at.find()) return false;
                try (InputStream in = URI.create(at.group() + "/api/v1/series?stream=pumps")
                        .toURL()
                        .openStream()) {
                    return new String(in.readAllBytes(), UTF_8).contains("\"a\"");
                }
            });
            assertThat(Files.readString(log).toLowerCase(Locale.ROOT)).doesNotContain("authoriz");
        } finally {
            console.destroyForcibly().onExit().join();
        }
    }

    /** Roles with every right. */
    private Node open(RoleName first, RoleName... further) {
        return open(EnumSet.of(first, further));
    }

    private Node open(EnumSet<RoleName> roles) {
        return Node.start(
                roles,
                new NodeSettings(
                        everything,
                        new NodeSettings.Declared(List.of(stream), WholePath.zoo()),
                        folder.resolve("open-" + roles.iterator().next()),
                        new NodeSettings.Compute("dl4j", new DeviceSpec.Cpu()),
                        "open",
                        OffsetReset.EARLIEST,
                        new NotifyFile(List.of()),
                        false),
                new Meters(new SimpleMeterRegistry()));
    }

    /** Runs a command, which must succeed. */
    private static void run(Path config, List<String> further, String... arguments) {
        java.io.StringWriter said = new java.io.StringWriter();
        var line = Tidemark.commandLine();
        line.setErr(new java.io.PrintWriter(said, true));
        line.setOut(new java.io.PrintWriter(said, true));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(further);
        all.addAll(List.of("--config", config.toString()));
        int status = line.execute(all.toArray(String[]::new));
        assertThat(status).as(all + ": " + said).isZero();
    }

    private Path config(Object role) throws Exception {
        StringBuilder lines = new StringBuilder();
        settings(role)
                .forEach((key, value) ->
                        lines.append(key).append('=').append(value).append('\n'));
        return Files.writeString(folder.resolve(role + ".properties"), lines);
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Tidemark.class.getName()));
        command.addAll(List.of(arguments));
        return command;
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
