package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.app.cli.Tidemark;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.kafka.client.Topics;
import io.tidemark.kafka.embedded.BrokerSpec;
import io.tidemark.kafka.embedded.EmbeddedBroker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The product on a broker with TLS, with SASL/SCRAM over TLS and with mutual TLS, each by a file for {@code --config} as a user writes it;
 * and what it says when the file is wrong.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredBrokerIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String SECRET = "change-me";
    private static final int EVENTS = 100;

    @TempDir
    static Path folder;

    private EmbeddedBroker broker;
    private KafkaConnection plain;
    private final Map<Kind, Integer> ports = new HashMap<>();

    private enum Kind {
        TLS,
        SCRAM,
        MUTUAL
    }

    @BeforeAll
    void start() throws Exception {
        keyPair("broker", "CN=localhost");
        keyPair("client", "CN=tidemark");
        trust("client-trust", "broker");
        trust("broker-trust", "client");
        int[] free = ports(5);
        for (Kind kind : Kind.values()) ports.put(kind, free[2 + kind.ordinal()]);
        Map<String, String> settings = new HashMap<>();
        settings.put(
                "listeners",
                "CLIENT://127.0.0.1:" + free[0] + ",CONTROLLER://127.0.0.1:" + free[1] + ",TLS://localhost:" + free[2]
                        + ",SCRAM://localhost:" + free[3] + ",MUTUAL://localhost:" + free[4]);
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + free[1]);
        settings.put(
                "listener.security.protocol.map",
                "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT,TLS:SSL,SCRAM:SASL_SSL,MUTUAL:SSL");
        settings.put("listener.name.mutual.ssl.client.auth", "required");
        settings.put("listener.name.scram.sasl.enabled.mechanisms", "SCRAM-SHA-512");
        settings.put(
                "listener.name.scram.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        settings.put("ssl.keystore.location", store("broker").toString());
        settings.put("ssl.keystore.password", SECRET);
        settings.put("ssl.truststore.location", store("broker-trust").toString());
        settings.put("ssl.truststore.password", SECRET);
        broker = EmbeddedBroker.inProcess(new BrokerSpec(folder.resolve("broker"), free[0], settings));
        plain = KafkaConnection.to(broker.bootstrap());
        try (Admin admin = plain.admin()) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            "tidemark", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), SECRET)))
                    .all()
                    .get();
        }
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    private Path store(String name) {
        return folder.resolve(name + ".p12");
    }

    private void keyPair(String name, String subject) throws Exception {
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                subject,
                "-ext",
                "SAN=dns:localhost",
                "-validity",
                "2",
                "-keystore",
                store(name).toString());
        keytool(
                "-exportcert",
                "-alias",
                name,
                "-file",
                folder.resolve(name + ".crt").toString(),
                "-keystore",
                store(name).toString());
    }

    private void trust(String name, String trusted) throws Exception {
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                trusted,
                "-file",
                folder.resolve(trusted + ".crt").toString(),
                "-keystore",
                store(name).toString());
    }

    private void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", SECRET));
        Path log = folder.resolve("keytool.log");
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(status).as(Files.readString(log)).isZero();
    }

    private static int[] ports(int count) throws Exception {
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < count; i++) held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        int[] ports = held.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        for (ServerSocket socket : held) socket.close();
        return ports;
    }

    /** What a user writes for a listener. */
    private Map<String, String> settings(Kind kind) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", "localhost:" + ports.get(kind));
        settings.put("security.protocol", kind == Kind.SCRAM ? "SASL_SSL" : "SSL");
        settings.put("ssl.truststore.location", store("client-trust").toString());
        settings.put("ssl.truststore.password", SECRET);
        if (kind == Kind.SCRAM) {
            settings.put("sasl.mechanism", "SCRAM-SHA-512");
            settings.put("sasl.jaas.config", scram(SECRET));
        }
        if (kind == Kind.MUTUAL) {
            settings.put("ssl.keystore.location", store("client").toString());
            settings.put("ssl.keystore.password", SECRET);
        }
        settings.put("tidemark.prefix", prefix(kind));
        return settings;
    }

    private static String prefix(Kind kind) {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + ".";
    }

    private static String scram(String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"tidemark\" password=\""
                + password + "\";";
    }

    private Path file(String name, Map<String, String> settings) throws Exception {
        StringBuilder lines = new StringBuilder();
        settings.forEach(
                (key, value) -> lines.append(key).append('=').append(value).append('\n'));
        return Files.writeString(folder.resolve(name + ".properties"), lines);
    }

    @ParameterizedTest
    @EnumSource
    void everyEventHasItsOutcomeOverASecuredConnection(Kind kind) throws Exception {
        Path config = file(kind.name(), settings(kind));
        String input = prefix(kind) + "in";
        Path topology = topology(kind, input);
        try (Admin admin = plain.admin()) {
            new Topics(admin, SOON).create(List.of(new TopicSpec(input, 1, (short) 1, Map.of())));
        }
        feed(input);
        Said applied = say("streams", "apply", "--config", config.toString(), "--topology", topology.toString());
        assertThat(applied.status()).as(applied.err()).isZero();
        Path log = folder.resolve(kind + ".log");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx300m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Tidemark.class.getName(), "run"));
        command.addAll(List.of("--roles", "ingest,worker,verdict", "--start", "earliest", "--metrics-port", "0"));
        command.addAll(List.of("--config", config.toString(), "--topology", topology.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try (OutcomeTally outcomes = new OutcomeTally(new KafkaConnection(
                Map.of("bootstrap.servers", broker.bootstrap()), new io.tidemark.config.TopicNames(prefix(kind))))) {
            Eventually.holds(SOON, "outcomes", () -> !process.isAlive() || outcomes.read() == EVENTS);
            assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    @Test
    void aWrongPasswordIsNamed() throws Exception {
        Map<String, String> settings = settings(Kind.SCRAM);
        settings.put("sasl.jaas.config", scram("wrong"));
        assertThat(refused("wrong-password", settings))
                .contains("Authentication failed")
                .contains("SCRAM-SHA-512");
    }

    @Test
    void aBrokerThatIsNotTrustedIsNamed() throws Exception {
        Map<String, String> settings = settings(Kind.TLS);
        settings.put("ssl.truststore.location", store("broker-trust").toString());
        assertThat(refused("not-trusted", settings))
                .contains("SSL handshake failed")
                .contains("certification path");
    }

    @Test
    void aClientWithoutACertificateIsNamed() throws Exception {
        Map<String, String> settings = settings(Kind.TLS);
        settings.put("bootstrap.servers", "localhost:" + ports.get(Kind.MUTUAL));
        assertThat(refused("no-certificate", settings)).contains("certificate");
    }

    @Test
    void aHostNameThatTheCertificateDoesNotHaveIsNamed() throws Exception {
        Map<String, String> settings = settings(Kind.TLS);
        settings.put("bootstrap.servers", "127.0.0.1:" + ports.get(Kind.TLS));
        assertThat(refused("host-name", settings)).contains("127.0.0.1");
    }

    /** What a command says that cannot connect. */
    private String refused(String name, Map<String, String> settings) throws Exception {
        Path config = file(name, settings);
        Said said = say("models", "list", "--wait", "5s", "--config", config.toString());
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err()).doesNotContain("\tat ");
        List<String> lines = said.err().lines().toList();
        return lines.get(lines.size() - 1);
    }

    private record Said(int status, String err) {}

    private static Said say(String... arguments) {
        StringWriter err = new StringWriter();
        var line = Tidemark.commandLine();
        line.setErr(new PrintWriter(err, true));
        line.setOut(new PrintWriter(new StringWriter()));
        return new Said(line.execute(arguments), err.toString());
    }

    private Path topology(Kind kind, String input) throws Exception {
        Path topology = folder.resolve("topology-" + kind);
        for (String part : List.of("streams", "zoo")) Files.createDirectories(topology.resolve(part));
        Files.writeString(topology.resolve("streams/pumps.yaml"), """
                stream: pumps
                input: {topic: %s, series: [series], features: [value]}
                networks: [dense-ae]
                step: event
                """.formatted(input));
        Files.copy(Path.of("topology/topics.yaml"), topology.resolve("topics.yaml"));
        Files.copy(Path.of("topology/zoo/dense-ae.yaml"), topology.resolve("zoo/dense-ae.yaml"));
        return topology;
    }

    private void feed(String input) {
        try (Producer<byte[], byte[]> producer = plain.producer(Map.of())) {
            for (int i = 0; i < EVENTS; i++) {
                String json = "{\"series\":\"a\",\"timestamp\":" + (1_700_000_000_000L + i * 1000L) + ",\"value\":"
                        + Math.sin(i * 0.1) + "}";
                producer.send(new ProducerRecord<>(input, "a".getBytes(UTF_8), json.getBytes(UTF_8)));
            }
        }
    }
}
