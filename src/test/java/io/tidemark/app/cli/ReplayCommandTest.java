package io.tidemark.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kafka.client.KafkaForTests;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {
    @TempDir
    private Path folder = Path.of("");

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final String topic = kafka.prefix() + "pumps";
    private Path stream = Path.of("");
    private Path data = Path.of("");

    @BeforeEach
    void writeFiles() throws Exception {
        stream = Files.writeString(folder.resolve("pumps.yaml"), """
                stream: pumps
                input:
                  topic: %s
                  series: [pump]
                  features: [flow]
                """.formatted(topic));
        data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("a.csv"), "timestamp,flow\n2014-01-01 00:00:00,1\n2014-01-01 00:00:01,2\n");
        Files.createDirectories(data.resolve("north"));
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(data.resolve("north/b.csv.gz")))) {
            gzip.write("timestamp,flow\n2020-01-01 00:00:00,7\n".getBytes(UTF_8));
        }
    }

    private CommandLineSession replay(String... further) {
        List<String> arguments = new java.util.ArrayList<>(
                List.of("replay", data.toString(), "--stream", stream.toString(), "--bootstrap", kafka.bootstrap()));
        arguments.addAll(List.of(further));
        return CommandLineSession.of(arguments.toArray(String[]::new));
    }

    private List<String> values(int count) {
        return kafka.read(topic, count).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    @Test
    void filesSideBySideSendARowOfEachInTurn() {
        var session = replay("--create", "1");
        assertThat(session.err()).isEmpty();
        assertThat(session.exitCode()).isZero();
        assertThat(session.out()).isEqualToIgnoringNewLines("3 records of 2 files sent to " + topic);
        assertThat(values(3))
                .containsExactly(
                        "{\"pump\":\"a\",\"timestamp\":\"2014-01-01 00:00:00\",\"flow\":1}",
                        "{\"pump\":\"north/b\",\"timestamp\":\"2020-01-01 00:00:00\",\"flow\":7}",
                        "{\"pump\":\"a\",\"timestamp\":\"2014-01-01 00:00:01\",\"flow\":2}");
        assertThat(kafka.read(topic, 3))
                .extracting(record -> new String(record.key(), UTF_8))
                .containsExactly("a", "north/b", "a");
    }

    @Test
    void filesInSequenceFollowOneAnother() {
        assertThat(replay("--create", "1", "--sequence").exitCode()).isZero();
        assertThat(values(3)).extracting(value -> value.contains("north/b")).containsExactly(false, false, true);
    }

    @Test
    void atAGivenSpeedEventsAreSentWhenTheyAreDue() {
        assertThat(replay("--create", "1", "--speed", "10x").exitCode()).isZero();
        assertThat(values(3)).extracting(value -> value.contains("north/b")).containsExactly(false, true, false);
        var wrong = replay("--speed", "fast");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("--speed must be max or a factor such as 1x, 10x or 0.5x, but was fast");
    }

    @Test
    void withoutTheTopicTheCommandThatCreatesItIsNamed() {
        var session = replay();
        assertThat(session.exitCode()).isEqualTo(1);
        assertThat(session.err())
                .contains(
                        "there is no topic " + topic + "; add --create PARTITIONS, or create it with: kafka-topics.sh");
    }

    @Test
    void whatWouldBecomeOfTheNewestRecordsIsTriedWithoutWriting() throws Exception {
        Files.writeString(data.resolve("a.csv"), "timestamp,flow\n2014-01-01 00:00:00,1\nsoon,2\n");
        assertThat(replay("--create", "1").exitCode()).isZero();

        var session = CommandLineSession.of(
                "streams", "try", stream.toString(), "--last", "2", "--bootstrap", kafka.bootstrap());

        assertThat(session.err()).isEmpty();
        assertThat(session.exitCode()).isZero();
        assertThat(session.out())
                .contains("north/b")
                .contains("flow 7.00000")
                .contains("time-unreadable")
                .contains("field timestamp is \"soon\"")
                .endsWith("2 records of " + topic + ": {event=1, time-unreadable=1}" + System.lineSeparator());
    }
}
