package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.incident.Silence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a silence by cron or calendar is told before a broker is asked. */
final class SilenceCommandTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--cron,0 2 * * SUN | say how long each time with --lasting",
                "--lasting,2h,--for,1h | --lasting and --zone go with --cron",
                "--zone,UTC,--for,1h | --lasting and --zone go with --cron",
                "--cron,0 2 * *,--lasting,2h | cron must be five fields such as '0 2 * * SUN'",
                "--cron,0 2 30 2 *,--lasting,2h | --cron 0 2 30 2 * never comes",
                "--cron,0 2 * * *,--lasting,8d | lasting must be in [1m, 7d], but was 8d",
                "--cron,0 2 * * *,--lasting,2h,--zone,Mars | zone must be one such as Europe/Berlin or UTC, but was Mars",
                "--calendar,none.ics | --calendar none.ics cannot be read",
                "--calendar,pom.xml | --calendar pom.xml: pom.xml is no whole calendar",
                "--calendar,none.ics,--lasting,2h | leave --cron and --lasting out",
                "--calendar,none.ics,--for,367d | --for must be at most 366d with --calendar",
                "--cron,0 2 * * *,--lasting,2h,--for,4000d | a silence that recurs must be at most 3660 days long"
            })
    void aMistakeIsToldWithItsRemedy(String options, String told) {
        CommandLineSession session = CommandLineSession.of(("silence,--all," + options).split(","));
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains(told);
    }

    @Test
    void theSameCalendarReadAgainMakesTheSameSilences(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.ics"), """
                BEGIN:VCALENDAR
                BEGIN:VEVENT
                UID:a@example
                SUMMARY:service
                DTSTART;TZID=Europe/Berlin:20260103T020000
                DURATION:PT2H
                RRULE:FREQ=WEEKLY
                END:VEVENT
                END:VCALENDAR
                """);
        CalendarFile calendar = CalendarFile.read(file, ZoneOffset.UTC);
        Instant from = Instant.parse("2026-01-01T00:00:00Z");
        Silence.Scope pumps = new Silence.Scope("", "pumps", "", "");
        AuthorOptions author = new AuthorOptions();
        List<Silence> silences = CalendarSilences.of(calendar, from, from.plus(90, ChronoUnit.DAYS), pumps, author);
        assertThat(silences).hasSize(13).extracting(Silence::note).containsOnly("service");
        assertThat(silences).extracting(Silence::id).doesNotHaveDuplicates();
        assertThat(silences.get(0).fromMs())
                .isEqualTo(Instant.parse("2026-01-03T01:00:00Z").toEpochMilli());
        Instant later = from.plus(30, ChronoUnit.DAYS);
        assertThat(silences)
                .containsAll(CalendarSilences.of(calendar, later, from.plus(90, ChronoUnit.DAYS), pumps, author));
        assertThat(CalendarSilences.of(calendar, from, later, new Silence.Scope("g", "", "", ""), author))
                .extracting(Silence::id)
                .doesNotContainAnyElementsOf(silences.stream().map(Silence::id).toList());
    }
}
