package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is said before anything is sent: there is no broker here. */
class FeedbackCommandTest {
    private static final String TIME = "2026-01-01T00:00:00Z";

    @TempDir
    private Path topology = Path.of("");

    @BeforeEach
    void declareTwoStreams() throws IOException {
        Files.createDirectories(topology.resolve("streams"));
        for (String name : List.of("pumps", "fans")) {
            Files.writeString(topology.resolve("streams").resolve(name + ".yaml"), """
                    stream: %s
                    input: {topic: events, format: json, series: [id], features: [flow]}
                    step: 10s
                    networks: [dense-ae]
                    """.formatted(name));
        }
    }

    private void wrong(String sentence, String... arguments) {
        List<String> all = new ArrayList<>(List.of("feedback"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--topology", topology.toString(), "--bootstrap", "localhost:1", "--wait", "1s"));
        CommandLineSession session = CommandLineSession.of(all.toArray(String[]::new));
        assertThat(session.err()).contains(sentence);
        assertThat(session.exitCode()).as(sentence).isEqualTo(2);
        assertThat(session.out()).isEmpty();
    }

    @Test
    void wrongUsageIsSaidBeforeAnythingIsSent() {
        wrong("the last word must be normal or anomaly, but was odd", "p1", TIME, "odd", "--stream", "pumps");
        wrong(
                "TIME must be a time such as 2026-01-01T00:00:00Z, or epoch milliseconds, but was noon",
                "p1",
                "noon",
                "normal",
                "--stream",
                "pumps");
        wrong("--to must be a time", "p1", TIME, "normal", "--stream", "pumps", "--to", "later");
        wrong("to must be at or after from", "p1", TIME, "normal", "--stream", "pumps", "--to", "0");
        wrong("at most 31 days long", "p1", "0", "normal", "--stream", "pumps", "--to", "2678400001");
        wrong("say which stream with --stream; there are: fans, pumps", "p1", TIME, "normal");
        wrong("there is no stream boilers", "p1", TIME, "normal", "--stream", "boilers");
        wrong(
                "note must have 0 to 1000 characters, but has 1001",
                "p1",
                TIME,
                "normal",
                "--stream",
                "pumps",
                "--note",
                "n".repeat(1001));
        wrong("an alert's id must be STREAM/SERIES@TIME, but was p1", "p1", "normal");
        wrong("there is no stream boilers", "boilers/p1@" + TIME, "normal");
        wrong("an alert's id names its stream", "pumps/p1@" + TIME, "normal", "--stream", "pumps");
    }

    @Test
    void theHelpShowsBothWaysAndExamples() {
        assertThat(CommandLineSession.of("feedback", "--help").out())
                .contains(
                        "feedback SERIES TIME normal|anomaly",
                        "feedback ALERT normal|anomaly",
                        "Examples:",
                        "Exit codes:");
    }

    @Test
    void anAlertIdIsTakenApartAtItsFirstSlashAndItsLastAt() {
        AlertName name = AlertName.parse("pumps/hall@3/p/1@" + TIME);
        assertThat(name.stream()).isEqualTo("pumps");
        assertThat(name.series()).isEqualTo("hall@3/p/1");
        assertThat(name.sinceMs()).isEqualTo(1_767_225_600_000L);
    }
}
