package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.SecuredBroker.Listener;
import io.tidemark.app.cli.CommandLineSession;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
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
    private static final int EVENTS = 100;

    @TempDir
    static Path folder;

    private SecuredBroker broker;

    @BeforeAll
    void start() throws Exception {
        broker = new SecuredBroker(folder);
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    private static String prefix(Listener listener) {
        return listener.name().toLowerCase(Locale.ROOT) + ".";
    }

    private Map<String, String> settings(Listener listener) {
        Map<String, String> settings = broker.settings(listener, SecuredBroker.TRUSTED);
        settings.put("tidemark.prefix", prefix(listener));
        return settings;
    }

    @ParameterizedTest
    @EnumSource
    void everyEventHasItsOutcomeOverASecuredConnection(Listener listener) throws Exception {
        Path config = broker.file(listener.name(), settings(listener));
        String input = prefix(listener) + "in";
        Path topology = TopologyFolder.write(
                folder.resolve("topology-" + listener), Map.of("pumps", """
                stream: pumps
                input: {topic: %s, series: [series], features: [value]}
                networks: [dense-ae]
                step: event
                """.formatted(input)), "dense-ae");
        broker.input(input);
        feed(input);
        String[] where = {"--config", config.toString(), "--topology", topology.toString()};
        CommandLineSession applied = CommandLineSession.of(with(where, "streams", "apply"));
        assertThat(applied.exitCode()).as(applied.err()).isZero();
        Path log = folder.resolve(listener + ".log");
        Process process = CommandLineSession.start(
                log,
                with(where, "run", "--roles", "ingest,worker,verdict", "--start", "earliest", "--metrics-port", "0"));
        try (OutcomeTally outcomes = new OutcomeTally(
                new KafkaConnection(broker.everything().settings(), new TopicNames(prefix(listener))))) {
            Eventually.holds(SOON, "outcomes", () -> !process.isAlive() || outcomes.read() == EVENTS);
            assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    @Test
    void aWrongPasswordIsNamed() throws Exception {
        Map<String, String> settings = settings(Listener.SCRAM);
        settings.put("sasl.jaas.config", SecuredBroker.login(SecuredBroker.TRUSTED, "wrong"));
        assertThat(refused("wrong-password", settings))
                .contains("Authentication failed")
                .contains("SCRAM-SHA-512");
    }

    @Test
    void aBrokerThatIsNotTrustedIsNamed() throws Exception {
        Map<String, String> settings = settings(Listener.TLS);
        settings.put("ssl.truststore.location", broker.store("broker-trust").toString());
        assertThat(refused("not-trusted", settings))
                .contains("SSL handshake failed")
                .contains("certification path");
    }

    @Test
    void aClientWithoutACertificateIsNamed() throws Exception {
        Map<String, String> settings = settings(Listener.TLS);
        settings.put("bootstrap.servers", "localhost:" + broker.port(Listener.MUTUAL));
        assertThat(refused("no-certificate", settings)).contains("certificate");
    }

    @Test
    void aHostNameThatTheCertificateDoesNotHaveIsNamed() throws Exception {
        Map<String, String> settings = settings(Listener.TLS);
        settings.put("bootstrap.servers", "127.0.0.1:" + broker.port(Listener.TLS));
        assertThat(refused("host-name", settings)).contains("127.0.0.1");
    }

    /** What a command says that cannot connect. */
    private String refused(String name, Map<String, String> settings) throws Exception {
        Path config = broker.file(name, settings);
        CommandLineSession said =
                CommandLineSession.of("models", "list", "--wait", "5s", "--config", config.toString());
        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.err()).doesNotContain("\tat ");
        List<String> lines = said.err().lines().toList();
        return lines.get(lines.size() - 1);
    }

    private static String[] with(String[] options, String... command) {
        return Stream.concat(Arrays.stream(command), Arrays.stream(options)).toArray(String[]::new);
    }

    private void feed(String input) {
        try (Producer<byte[], byte[]> producer = broker.everything().producer(Map.of())) {
            for (int i = 0; i < EVENTS; i++) {
                String json = "{\"series\":\"a\",\"timestamp\":" + (1_700_000_000_000L + i * 1000L) + ",\"value\":"
                        + Math.sin(i * 0.1) + "}";
                producer.send(new ProducerRecord<>(input, "a".getBytes(UTF_8), json.getBytes(UTF_8)));
            }
        }
    }
}
