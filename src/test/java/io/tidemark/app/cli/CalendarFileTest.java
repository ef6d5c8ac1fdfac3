package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calendars as people export them, over the changes of Berlin's clock on 2026-03-29 and 2026-10-25. */
final class CalendarFileTest {
    @TempDir
    Path folder;

    private CalendarFile calendar(String events) throws IOException {
        String text = "BEGIN:VCALENDAR\nVERSION:2.0\n" + events + "END:VCALENDAR\n";
        return CalendarFile.read(
                Files.writeString(folder.resolve("a.ics"), text.replace("\n", "\r\n")), ZoneId.of("Europe/Berlin"));
    }

    private static String event(String lines) {
        return "BEGIN:VEVENT\nUID:a@example\n" + lines + "END:VEVENT\n";
    }

    private List<String> times(String events, String from, String to) throws IOException {
        return calendar(events).within(Instant.parse(from), Instant.parse(to), 500).stream()
                .map(o -> o.from() + "/" + o.to())
                .toList();
    }

    @Test
    void aWeeklyEventKeepsItsTimeOnTheClock() throws IOException {
        String weekly = event(
                "DTSTART;TZID=Europe/Berlin:20260301T030000\nDTEND;TZID=Europe/Berlin:20260301T050000\nRRULE:FREQ=WEEKLY;BYDAY=SU\n");
        assertThat(times(weekly, "2026-03-20T00:00:00Z", "2026-04-06T00:00:00Z"))
                .containsExactly(
                        "2026-03-22T02:00:00Z/2026-03-22T04:00:00Z",
                        "2026-03-29T01:00:00Z/2026-03-29T03:00:00Z",
                        "2026-04-05T01:00:00Z/2026-04-05T03:00:00Z");
    }

    @Test
    void whatTheClockSkipsComesLaterAndWhatComesTwiceComesOnce() throws IOException {
        String daily = event("DTSTART;TZID=Europe/Berlin:20260101T023000\nDURATION:PT30M\nRRULE:FREQ=DAILY\n");
        assertThat(times(daily, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z"))
                .containsExactly(
                        "2026-03-29T01:30:00Z/2026-03-29T02:00:00Z", "2026-03-30T00:30:00Z/2026-03-30T01:00:00Z");
        assertThat(times(daily, "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z"))
                .containsExactly(
                        "2026-10-25T00:30:00Z/2026-10-25T01:00:00Z", "2026-10-26T01:30:00Z/2026-10-26T02:00:00Z");
    }

    @Test
    void intervalsCountsAndLastTimesHold() throws IOException {
        String start = "DTSTART:20260101T000000Z\nDURATION:PT1H\n";
        String year = "2027-01-01T00:00:00Z";
        assertThat(times(event(start + "RRULE:FREQ=DAILY;INTERVAL=3;COUNT=4\n"), "2026-01-01T00:00:00Z", year))
                .extracting(t -> t.substring(0, 10))
                .containsExactly("2026-01-01", "2026-01-04", "2026-01-07", "2026-01-10");
        assertThat(times(event(start + "RRULE:FREQ=WEEKLY;UNTIL=20260115T000000Z\n"), "2026-01-01T00:00:00Z", year))
                .extracting(t -> t.substring(0, 10))
                .containsExactly("2026-01-01", "2026-01-08", "2026-01-15");
        assertThat(times(event(start + "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2\n"), "2026-01-02T00:00:00Z", year))
                .extracting(t -> t.substring(0, 10))
                .containsExactly("2026-01-30", "2026-02-27");
    }

    @Test
    void aSingleTimeOfASeriesCanBeLeftOutMovedAndCancelled() throws IOException {
        String series = "DTSTART:20260101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=5\n";
        String events = event(series + "EXDATE:20260102T000000Z\n")
                + event("RECURRENCE-ID:20260103T000000Z\nDTSTART:20260103T120000Z\nDURATION:PT2H\n")
                + event("RECURRENCE-ID:20260104T000000Z\nSTATUS:CANCELLED\nDTSTART:20260104T000000Z\nDURATION:PT1H\n");
        assertThat(times(events, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"))
                .containsExactly(
                        "2026-01-01T00:00:00Z/2026-01-01T01:00:00Z",
                        "2026-01-03T12:00:00Z/2026-01-03T14:00:00Z",
                        "2026-01-05T00:00:00Z/2026-01-05T01:00:00Z");
    }

    @Test
    void anAllDayEventLastsFromMidnightToMidnight() throws IOException {
        String day = event("DTSTART;VALUE=DATE:20260329\nSUMMARY:Stock\\, taking\n");
        assertThat(times(day, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"))
                .as("23 hours")
                .containsExactly("2026-03-28T23:00:00Z/2026-03-29T22:00:00Z");
        assertThat(calendar(day)
                        .within(Instant.parse("2026-03-29T12:00:00Z"), Instant.parse("2026-03-30T00:00:00Z"), 1)
                        .get(0)
                        .summary())
                .isEqualTo("Stock, taking");
    }

    @Test
    void longLinesAreJoinedAndAlarmsPassedOver() throws IOException {
        String folded = event(
                "DTSTART;TZID=Europe/Ber\n lin:20260601T100000\nBEGIN:VALARM\nDURATION:P9W\nTRIGGER:-PT5M\nEND:VALARM\nDURATION:PT1H\n");
        assertThat(times(folded, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"))
                .containsExactly("2026-06-01T08:00:00Z/2026-06-01T09:00:00Z");
    }

    @Test
    void whatCannotBeReadIsToldWithItsEvent() {
        String start = "DTSTART:20260101T000000Z\nDURATION:PT1H\n";
        assertWrong(
                event("DTSTART;TZID=W. Europe Standard Time:20260101T000000\nDURATION:PT1H\n"),
                "event a@example: time zone W. Europe Standard Time is not one of the IANA database");
        assertWrong(event("SUMMARY:x\n"), "it has no DTSTART");
        assertWrong(event("DTSTART:2026\nDURATION:PT1H\n"), "a time must be such as 20260101T220000Z, but was 2026");
        assertWrong(event("DTSTART:20260101T000000Z\n"), "it must end after it begins");
        assertWrong(
                event("DTSTART:20260101T000000Z\nDURATION:soon\n"),
                "DURATION must be such as PT2H or P1D, but was soon");
        assertWrong(event(start + "RDATE:20260102T000000Z\n"), "RDATE is not read");
        assertWrong(event(start + "RRULE:FREQ=SOMETIMES\n"), "RRULE FREQ=SOMETIMES");
        assertWrong(event(start + "RRULE:FREQ=SECONDLY\n"), "more than 500 times");
        assertWrong(
                event(start + "RRULE:FREQ=SECONDLY;UNTIL=20251231T000000Z\n").replace("20260101", "20200101"),
                "more than 20000 times");
        assertWrong("BEGIN:VEVENT\n", "is no whole calendar");
    }

    private void assertWrong(String events, String told) {
        assertThatThrownBy(() -> times(events, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(told);
    }
}
