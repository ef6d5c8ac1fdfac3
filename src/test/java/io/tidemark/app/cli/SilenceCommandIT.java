package io.tidemark.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kafka.client.KafkaForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Silences that recur, on a real broker: made, listed and ended. */
class SilenceCommandIT {
    private final KafkaForTests kafka = KafkaForTests.fresh();

    @BeforeEach
    void topics() {
        kafka.topic("silences", 1);
        kafka.topic("incidents", 1);
    }

    @Test
    void itSaysHowManyOpenIncidentsItSilencesSoThatAMistypedNameIsSeen() throws IOException {
        assertThat(silence("--for", "1h", "--stream", "hosts")).doesNotContain("incidents");
        Path example = Path.of("topology", "formats", "incident.open.example.json");
        kafka.send(kafka.prefix() + "incidents", "a".getBytes(UTF_8), Files.readAllBytes(example));
        assertThat(silence("--for", "1h", "--stream", "hosts"))
                .contains("of 1 incidents that are open now it silences 1");
        assertThat(silence("--for", "1h", "--stream", "hsots"))
                .contains("of 1 incidents that are open now it silences 0");
        assertThat(silence("--cron", "0 2 * * SUN", "--lasting", "2h", "--stream", "hosts"))
                .contains("it silences 1, when it holds");
        for (String line : CommandLineSession.of(
                        "incidents", "--json", "--bootstrap", kafka.bootstrap(), "--prefix", kafka.prefix())
                .out()
                .lines()
                .toList()) {
            assertThat(line).contains("\"silenced\":true");
        }
    }

    private String silence(String... arguments) {
        List<String> all = new ArrayList<>(List.of("silence"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--bootstrap", kafka.bootstrap(), "--prefix", kafka.prefix()));
        CommandLineSession session = CommandLineSession.of(all.toArray(String[]::new));
        assertThat(session.exitCode()).as(session.err()).isZero();
        return session.out();
    }

    @Test
    void oneByCronSaysWhenItComesNextAndIsListedAndEnded() {
        String made =
                silence("--cron", "0 2 * * SUN", "--lasting", "2h", "--zone", "Europe/Berlin", "--stream", "pumps");
        assertThat(made)
                .contains("holds at '0 2 * * SUN' Europe/Berlin for 2h, next from 2")
                .contains(":00:00.000Z;");
        String id = made.split(" ")[1];
        assertThat(silence("list")).contains(id, "stream pumps", "'0 2 * * SUN' Europe/Berlin for 2h");
        assertThat(silence("list", "--json")).contains("\"recurring\":{\"cron\":\"0 2 * * SUN\"");
        silence("end", id);
        assertThat(silence("list")).doesNotContain(id);
    }

    @Test
    void aCalendarReadTwiceMakesItsSilencesOnce(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.ics"), """
                BEGIN:VCALENDAR
                BEGIN:VEVENT
                UID:a@example
                SUMMARY:weekly service
                DTSTART:20260103T020000Z
                DURATION:PT2H
                RRULE:FREQ=WEEKLY;COUNT=4
                END:VEVENT
                END:VCALENDAR
                """);
        for (int i = 0; i < 2; i++) {
            assertThat(silence("--calendar", file.toString(), "--from", "2026-01-01T00:00:00Z", "--all"))
                    .contains("4 silences until 2026-04-01T00:00:00.000Z");
        }
        assertThat(silence("list", "--all").lines().filter(line -> line.contains("weekly service")))
                .hasSize(4);
    }
}
