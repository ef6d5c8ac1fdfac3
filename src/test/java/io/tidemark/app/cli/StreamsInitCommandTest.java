package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaForTests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsInitCommandTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aFirstFileIsAcceptedByCheckAndNeverOverwritten() throws Exception {
        Path file = folder.resolve("pumps.yaml");
        String[] command = {"streams", "init", "pumps", "--topic", "plant.pumps", "--out", file.toString()};

        assertThat(CommandLineSession.of(command).err()).contains("features is a guess");
        assertThat(Files.readString(file)).contains("stream: pumps\n", "  topic: plant.pumps\n", "  # format: json\n");
        assertThat(CommandLineSession.of("streams", "check", file.toString()).out())
                .contains("1 stream is valid");

        String before = Files.readString(file);
        var again = CommandLineSession.of(command);
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).contains("exists; remove it, or name another file with --out");
        assertThat(file).hasContent(before);
    }

    @Test
    void aNameThatNoStreamMayHaveIsRefusedAndNothingIsWritten() {
        Path file = folder.resolve("x.yaml");
        var session = CommandLineSession.of("streams", "init", "Pump 1", "--out", file.toString());
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains("stream must be lower-case letters, digits and dashes");
        assertThat(file).doesNotExist();
    }

    @Test
    void whatDescribePrintsIsTheSameStream() throws Exception {
        Path shipped = Path.of("topology/examples/smd.yaml");
        var session = CommandLineSession.of("streams", "describe", shipped.toString());
        assertThat(session.out()).contains("verdict:").contains("# default");
        Path written = Files.writeString(folder.resolve("smd.yaml"), session.out());
        assertThat(StreamFile.read(written)).isEqualTo(StreamFile.read(shipped));
    }

    @Test
    void aFileOfRecordsGivesAFileThatCheckAcceptsWithAReasonForEachChoice() throws Exception {
        StringBuilder rows = new StringBuilder("timestamp,pump,flow,pressure\n");
        for (int i = 0; i < 40; i++) rows.append("2026-01-01T00:%02d:00Z,p%d,%d,2.5\n".formatted(i / 2, i % 2, i));
        Path data = Files.writeString(folder.resolve("data.csv"), rows);
        Path file = folder.resolve("pumps.yaml");

        var session =
                CommandLineSession.of("streams", "init", "pumps", "--file", data.toString(), "--out", file.toString());

        assertThat(session.err()).isEmpty();
        assertThat(CommandLineSession.of("streams", "check", file.toString()).out())
                .contains("1 stream is valid");
        StreamSpec spec = StreamFile.read(file);
        assertThat(spec.input().encoding().format()).isEqualTo(InputSpec.Format.CSV);
        assertThat(spec.input().fields().series()).containsExactly("pump");
        assertThat(spec.features()).isEqualTo(2);
        assertThat(spec.input().fields().time().field()).isEqualTo("timestamp");
        assertThat(Files.readString(file))
                .contains("# Events of a series are 1m apart", "# Every field whose values are all numbers.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--bootstrap", "--set", "--config"})
    void theNewestRecordsOfATopicGiveOneToo(String option) throws Exception {
        KafkaForTests kafka = KafkaForTests.fresh();
        String topic = kafka.topic("pumps", 2);
        for (int i = 0; i < 20; i++) {
            String event = "{\"at\": \"2026-01-01T00:%02d:00Z\", \"site\": \"a\", \"flow\": %d.5}".formatted(i, i);
            kafka.send(topic, new byte[] {(byte) i}, event.getBytes(StandardCharsets.UTF_8));
        }
        Path file = folder.resolve("pumps.yaml");
        String setting = "bootstrap.servers=" + kafka.bootstrap();
        String broker = switch (option) {
            case "--bootstrap" -> kafka.bootstrap();
            case "--set" -> setting;
            default ->
                Files.writeString(folder.resolve("client.properties"), setting).toString();
        };

        var session = CommandLineSession.of(
                "streams", "init", "pumps", "--topic", topic, option, broker, "--out", file.toString());

        assertThat(session.err()).isEmpty();
        StreamSpec spec = StreamFile.read(file);
        assertThat(spec.input().topic()).isEqualTo(topic);
        assertThat(spec.input().fields().features()).containsExactly(new InputSpec.Feature("flow", "flow"));
        assertThat(spec.input().fields().series()).containsExactly("site");
    }

    @Test
    void aFileThatIsNoSampleIsRefusedAndNothingIsWritten() throws Exception {
        Path data = Files.writeString(folder.resolve("data.txt"), "hello\nworld\n");
        Path file = folder.resolve("pumps.yaml");
        var session =
                CommandLineSession.of("streams", "init", "pumps", "--file", data.toString(), "--out", file.toString());
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains("are too little to go by");
        assertThat(file).doesNotExist();
    }
}
