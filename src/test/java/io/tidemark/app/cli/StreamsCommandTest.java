package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kafka.client.KafkaForTests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsCommandTest {
    @TempDir
    private Path folder = Path.of("");

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private Path stream = Path.of("");

    @BeforeEach
    void writeStream() throws Exception {
        stream = write("dense-ae");
    }

    private Path write(String network) throws Exception {
        return Files.writeString(folder.resolve("pumps.yaml"), """
                stream: pumps
                input:
                  topic: %sinput
                  series: [pump]
                  features: [flow, pressure]
                networks: [%s]
                """.formatted(kafka.prefix(), network));
    }

    private CommandLineSession apply(String... further) {
        String[] fixed = {
            "streams", "apply", stream.toString(), "--bootstrap", kafka.bootstrap(), "--prefix", kafka.prefix()
        };
        String[] arguments = java.util.Arrays.copyOf(fixed, fixed.length + further.length);
        System.arraycopy(further, 0, arguments, fixed.length, further.length);
        return CommandLineSession.of(arguments);
    }

    @Test
    void theShippedStreamsAreGoodAndTellWhatTheyCost() {
        var session = CommandLineSession.of("streams", "check", "topology/examples");
        assertThat(session.err()).isEmpty();
        assertThat(session.exitCode()).isZero();
        assertThat(session.out()).contains("nab", "bytes an event", "streams are valid");
    }

    @Test
    void aStreamOfTheUserComesBeforeAnExampleOfItsName() throws Exception {
        Path topology = folder.resolve("topology");
        Files.createDirectories(topology.resolve("zoo"));
        Files.createDirectories(topology.resolve("examples"));
        Files.createDirectories(topology.resolve("streams"));
        Files.copy(Path.of("topology/examples/nab.yaml"), topology.resolve("examples/nab.yaml"));
        Files.writeString(
                topology.resolve("streams/mine.yaml"),
                "stream: nab\ninput: {topic: of-the-user, features: [v]}\nnetworks: []\n");
        var tried = CommandLineSession.of(
                "streams", "try", "nab", "--bootstrap", kafka.bootstrap(), "--topology", topology.toString());
        assertThat(tried.err()).contains("of-the-user");
    }

    @Test
    void examplesAreFoundByNameAndAreNoStreamsOfTheUser() throws Exception {
        for (String part : List.of("examples", "zoo")) {
            Path copies = Files.createDirectories(folder.resolve("topology").resolve(part));
            try (Stream<Path> files = Files.list(Path.of("topology").resolve(part))) {
                for (Path file : files.toList()) Files.copy(file, copies.resolve(file.getFileName()));
            }
        }
        String topology = folder.resolve("topology").toString();
        for (String[] all : new String[][] {
            {"streams", "check", "--topology", topology},
            {"run", "--bootstrap", kafka.bootstrap(), "--topology", topology},
            {"feedback", "p1", "2026-01-01T00:00:00Z", "normal", "--bootstrap", "nowhere:1", "--topology", topology}
        }) {
            var none = CommandLineSession.of(all);
            assertThat(none.exitCode()).isEqualTo(2);
            assertThat(none.err()).contains("no stream is declared in " + topology, "tidemark streams init NAME");
        }
        var unknown = CommandLineSession.of(
                "streams", "try", "nob", "--bootstrap", kafka.bootstrap(), "--topology", topology);
        assertThat(unknown.err()).contains("there is no stream nob in", "there are: none; and examples: bench, ");

        Path streams = Files.createDirectories(folder.resolve("topology/streams"));
        Files.writeString(streams.resolve("hall-3.yaml"), "stream: pumps\ninput: {topic: t, features: [v]}\n");
        assertThat(CommandLineSession.of("streams", "check", "--topology", topology)
                        .out())
                .contains("1 stream is valid");
        for (String name : List.of("nab", "pumps", "hall-3")) {
            assertThat(CommandLineSession.of(
                                    "streams", "try", name, "--bootstrap", kafka.bootstrap(), "--topology", topology)
                            .err())
                    .as(name)
                    .doesNotContain("there is no stream");
        }
    }

    @Test
    void anUnknownNetworkIsNamedWithTheOnesThereAre() throws Exception {
        Path wrong = write("dense-xe");
        var session = CommandLineSession.of("streams", "check", wrong.toString());
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err())
                .contains("stream pumps: there is no network dense-xe in the zoo; there are")
                .contains("dense-ae");
    }

    @Test
    void whatCodesTakeIsToldAndThatNoNetworkCanGiveThem() throws Exception {
        String declared = Files.readString(write("dense-ae")) + "outputs: {codes: true}\n";
        var good = CommandLineSession.of(
                "streams", "check", Files.writeString(stream, declared).toString());
        assertThat(good.err()).isEmpty();
        assertThat(good.out()).contains(", codes about 380, training");
        String forecaster = declared.replace("dense-ae", "lstm-forecaster");
        var session = CommandLineSession.of(
                "streams", "check", Files.writeString(stream, forecaster).toString());
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains("stream pumps: outputs.codes needs an autoencoder with a bottleneck");
    }

    @Test
    void topicsAreCreatedOnceAndTheirPartitionCountIsFixed() {
        var first = apply("--partitions", "2");
        assertThat(first.err()).isEmpty();
        assertThat(first.out()).contains("topics created, 0 were there").contains("input does not exist yet");
        assertThat(apply("--partitions", "2").out()).startsWith("0 topics created");
        var other = apply("--partitions", "3");
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.err()).contains("scores has 2 partitions but 3 are declared");
    }

    @Test
    void withoutCreationTheCommandsArePrinted() {
        var session = apply("--no-create", "--replication", "3");
        assertThat(session.exitCode()).isEqualTo(1);
        assertThat(session.out().lines())
                .allMatch(line -> line.startsWith("kafka-topics.sh --bootstrap-server " + kafka.bootstrap()))
                .allMatch(line -> line.contains("--replication-factor 3"))
                .anyMatch(line -> line.contains(kafka.prefix() + "models") && line.contains("cleanup.policy=compact"));
    }

    @Test
    void runTakesThePartitionCountOfTheFirstApply() {
        assertThat(apply("--partitions", "2").exitCode()).isZero();
        var session = CommandLineSession.of(
                "run", "--stream", stream.toString(), "--bootstrap", kafka.bootstrap(), "--prefix", kafka.prefix());
        assertThat(session.err()).contains("reads topic " + kafka.prefix() + "input, which does not exist");
        assertThat(session.exitCode()).isEqualTo(1);
    }

    @Test
    void runNamesTheAddressOfTheMetricsPageThatIsTaken() throws Exception {
        assertThat(apply().exitCode()).isZero();
        kafka.topic("input", 1);
        try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
            var session = CommandLineSession.of(
                    "run",
                    "--stream",
                    stream.toString(),
                    "--bootstrap",
                    kafka.bootstrap(),
                    "--prefix",
                    kafka.prefix(),
                    "--metrics-port",
                    Integer.toString(taken.getLocalPort()));
            assertThat(session.exitCode()).isEqualTo(1);
            assertThat(session.err())
                    .contains("the metrics page cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .contains("--metrics-port");
        }
    }

    @Test
    void moreNetworksThanTheVerdictHearsAreRefused() throws Exception {
        Path wrong = write(
                "attention-ae, bi-lstm-ae, conv-ae, conv-forecaster, deep-ae, dense-ae, dense-ae-10, denoising-ae, lstm-ae,"
                        + " lstm-forecaster, lstm-forecaster-20, pca, sparse-ae, sparse-denoising-ae, stacked-ae, variational-ae, image-conv-ae");
        var session = CommandLineSession.of("streams", "check", wrong.toString());
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains("stream pumps: networks must be at most 16, but were 17");
    }

    @Test
    void aStateThatTheVerdictCannotTakeIsRefusedWithItsLine() throws Exception {
        Files.writeString(stream, Files.readString(stream) + "limits: {state: 4KiB}\n");
        var session = CommandLineSession.of("streams", "check", stream.toString());
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains("pumps.yaml:7").contains("state");
    }
}
