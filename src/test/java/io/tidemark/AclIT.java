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
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.metrics.Meters;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.RegistryView;
import io.tidemark.net.engine.DeviceSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What who operates Tidemark can do with exactly the rights that {@code streams acl} prints, and what a role says whose right was taken away. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AclIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int EVENTS = 600;

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
        broker.input("plant.in");
        topology = TopologyFolder.write(folder.resolve("topology"), Map.of("pumps", """
                stream: pumps
                input: {topic: plant.in, series: [series], features: [value]}
                networks: [dense-ae]
                step: event
                learning: {first-rows: 256, publish-rows: 1000000}
                """), "dense-ae");
        stream = StreamFile.read(topology.resolve("streams/pumps.yaml"));
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    private static List<RoleAcls.Acl> acls(RoleAcls.Holder holder) {
        return new RoleAcls(new TopicNames(TopicNames.DEFAULT_PREFIX), List.of("plant.in")).of(holder);
    }

    /** One line of each kind; all of them with {@code -Dacl.all}. */
    @Test
    void aRightThatIsMissingIsNamed() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (RoleName role : RoleName.values()) {
            List<RoleAcls.Acl> all = acls(RoleAcls.Holder.valueOf(role.name()));
            for (RoleAcls.Acl missing : all) {
                boolean chosen = Boolean.getBoolean("acl.all")
                        || (role == RoleName.WORKER && missing.name().matches(".*(samples|worker|worker-)"));
                // a role describes and writes much that it needs only when there is something to say
                boolean atStart =
                        missing.operations().contains("READ") || missing.resource() != RoleAcls.Resource.TOPIC;
                if (!chosen || !atStart || role == RoleName.RETRAIN || role == RoleName.NOTIFY) continue;
                List<RoleAcls.Acl> rest = new ArrayList<>(all);
                rest.remove(missing);
                broker.allow(SecuredBroker.bindings(rest));
                String said = runUntilItNames(role, missing.name());
                if (!said.isEmpty()) wrong.add(missing + ": " + said);
                broker.forbid(SecuredBroker.bindings(rest));
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Runs the product as a user does, with the connection in a file; empty when its log has named the resource as not authorised. */
    private String runUntilItNames(RoleName role, String name) throws Exception {
        Path config = config(RoleAcls.Holder.valueOf(role.name()));
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
            Eventually.holds(Duration.ofSeconds(60), name, () -> !process.isAlive() || names(log, name));
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
        return Node.start(
                java.util.EnumSet.of(first, further),
                new NodeSettings(
                        everything,
                        new NodeSettings.Declared(List.of(stream), WholePath.zoo()),
                        folder.resolve("open-" + first),
                        new NodeSettings.Compute("dl4j", new DeviceSpec.Cpu()),
                        "open",
                        OffsetReset.EARLIEST,
                        new NotifyFile(List.of()),
                        false),
                new Meters(new SimpleMeterRegistry()));
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
                producer.send(new ProducerRecord<>("plant.in", "a".getBytes(UTF_8), json.getBytes(UTF_8)));
            }
        }
    }
}
