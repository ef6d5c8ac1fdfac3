package io.tidemark.series.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.InputSpec;
import io.tidemark.config.InputSpec.TimeUnit;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTimeTest {
    private static long parse(TimeUnit unit, String zone, String text) {
        return new EventTime(new InputSpec.Time("time", unit, ZoneId.of(zone)), 60_000).parse(text);
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO, 2014-07-01T00:30:00Z, 1404174600000",
        "AUTO, 2014-07-01 00:30:00, 1404174600000",
        "AUTO, 2014-07-01T00:30, 1404174600000",
        "AUTO, 2014-07-01T02:30:00+02:00, 1404174600000",
        "AUTO, 2014-06-30T20:30:00-0400, 1404174600000",
        "AUTO, 2014-07-01T02:30:00+02, 1404174600000",
        "AUTO, 2014-07-01T00:30:00.123456789Z, 1404174600123",
        "AUTO, 1404174600, 1404174600000",
        "AUTO, 1404174600.123, 1404174600123",
        "AUTO, 1.4041746e9, 1404174600000",
        "AUTO, 1404174600000, 1404174600000",
        "AUTO, 1404174600000999, 1404174600000",
        "AUTO, 1404174600000999999, 1404174600000",
        "AUTO, 2014/07/01 00:30:00, 1404174600000",
        "AUTO, 2014-06-30 24:00, 1404172800000",
        "AUTO, 20140630T240000Z, 1404172800000",
        "AUTO, 2014-07-01 00:30:00 UTC, 1404174600000",
        "AUTO, 20140701T003000Z, 1404174600000",
        "AUTO, 20140701T0230+0200, 1404174600000",
        "AUTO, 2014-07-01, 1404172800000",
        "AUTO, '2014-07-01 00:30:00,250', 1404174600250",
        "AUTO, '1404174600,25', 1404174600250",
        "AUTO, 'Tue, 1 Jul 2014 00:30:00 GMT', 1404174600000",
        "EXCEL, 45292.5, 1704110400000",
        "EXCEL, 45292.006944, 1704067800000",
        "EXCEL, '45292,5', 1704110400000",
        "SECONDS, 1404174600, 1404174600000",
        "MILLIS, 5, 5",
        "MICROS, -1, -1",
        "NANOS, 1404174600000999999, 1404174600000",
        "RFC3339, 1970-01-01T00:00:00Z, 0",
        "ROW_NUMBER, 3, 180000",
        "ROW_NUMBER, 1970-01-01T00:03:00Z, 180000",
    })
    void timestampIsReadAsDeclared(TimeUnit unit, String text, long expectedMs) {
        assertThat(parse(unit, "UTC", text)).isEqualTo(expectedMs);
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO, ''",
        "AUTO, now",
        "AUTO, 2014-13-01T00:00:00Z",
        "AUTO, 2014-02-29T00:00:00Z",
        "AUTO, 2014-02-28T24:00:01Z",
        "AUTO, 2014-02-28T00:00:00X",
        "AUTO, 2014-02-28T00:00:00+02:",
        "AUTO, 2014-02-28T00:00:00.Z",
        "AUTO, 0000-01-01T00:00:00Z",
        "AUTO, NaN",
        "AUTO, 99999999999999999999",
        "AUTO, 0",
        "AUTO, -1",
        "AUTO, 20240101",
        "AUTO, 20240101130000",
        "AUTO, 45292.5",
        "AUTO, 4102444800",
        "EXCEL, 2014-07-01",
        "RFC3339, 2014-07-01",
        "SECONDS, 9999999999999999",
        "MILLIS, 2014-07-01T00:30:00Z",
        "RFC3339, 1404174600",
    })
    void otherTextsAreUnreadable(TimeUnit unit, String text) {
        assertThat(parse(unit, "UTC", text)).isEqualTo(EventTime.UNREADABLE);
    }

    @Test
    void localTimesAreOfTheDeclaredZone() {
        assertThat(parse(TimeUnit.AUTO, "Europe/Berlin", "2014-07-01 02:30:00")).isEqualTo(1404174600000L);
        assertThat(parse(TimeUnit.AUTO, "Europe/Berlin", "2014-01-01 01:00:00"))
                .isEqualTo(Instant.parse("2014-01-01T00:00:00Z").toEpochMilli());
        // 02:30 does not exist on that day, and is an hour after 01:30
        assertThat(parse(TimeUnit.AUTO, "Europe/Berlin", "2014-03-30 02:30:00"))
                .isEqualTo(Instant.parse("2014-03-30T01:30:00Z").toEpochMilli());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dd/MM/yyyy HH:mm:ss | 28/12/2015 10:00:00 | 2015-12-28T10:00:00Z",
                "dd/MM/yyyy hh:mm:ss a | ' 28/12/2015 10:00:00 pm' | 2015-12-28T22:00:00Z",
                "M/d/yyyy H:mm | 1/2/2024 9:05 | 2024-01-02T09:05:00Z",
                "yyyy.MM.dd.HH.mm.ss | 2024.01.01.00.10.00 | 2024-01-01T00:10:00Z",
                "yyyyMMddHHmmss | 20240101130000 | 2024-01-01T13:00:00Z",
                "yyyyMMdd | 20240101 | 2024-01-01T00:00:00Z",
                "d-MMM-yy HH:mm | 3-Feb-24 12:00 | 2024-02-03T12:00:00Z",
                "yyyy-MM-dd HH:mm:ss,SSS | 2024-01-01 00:00:00,250 | 2024-01-01T00:00:00.250Z",
                "dd.MM.yyyy HH:mm xxx | 01.06.2024 12:00 +02:00 | 2024-06-01T10:00:00Z",
            })
    void aDeclaredPatternIsTheOnlyForm(String pattern, String text, String expected) {
        assertThat(byPattern(pattern, text)).isEqualTo(Instant.parse(expected).toEpochMilli());
        assertThat(byPattern(pattern, "1404174600")).isEqualTo(EventTime.UNREADABLE);
    }

    @Test
    void aDayThatAMonthDoesNotHaveIsUnreadable() {
        assertThat(byPattern("dd/MM/yyyy", "31/02/2024")).isEqualTo(EventTime.UNREADABLE);
        assertThat(byPattern("MM/dd/yyyy", "28/12/2015")).isEqualTo(EventTime.UNREADABLE);
    }

    private static long byPattern(String pattern, String text) {
        return new EventTime(
                        new InputSpec.Time("time", TimeUnit.AUTO, ZoneOffset.UTC, java.util.List.of(pattern)), 60_000)
                .parse(text);
    }

    @Test
    void aLocalTimeThatOccursTwiceSaysSo() {
        EventTime time = new EventTime(new InputSpec.Time("time", TimeUnit.AUTO, ZoneId.of("Europe/Berlin")), 60_000);

        assertThat(time.parse("2014-10-26 02:30:00"))
                .isEqualTo(Instant.parse("2014-10-26T00:30:00Z").toEpochMilli());
        assertThat(time.repeatedAfterMs()).isEqualTo(3_600_000);
        time.parse("2014-10-26 02:30:00+01:00");
        assertThat(time.repeatedAfterMs()).isZero();
    }

    @Test
    void randomInstantsAgreeWithTheJdk() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            long ms = EventTime.MIN_MS
                    + 86_400_000L
                    + (long) (random.nextDouble() * (EventTime.MAX_MS - EventTime.MIN_MS - 200_000_000L));
            OffsetDateTime time = Instant.ofEpochMilli(ms)
                    .atOffset(ZoneOffset.ofTotalSeconds(60 * (random.nextInt(36 * 60) - 18 * 60)));
            String text = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
            assertThat(parse(TimeUnit.AUTO, "UTC", text)).as(text).isEqualTo(ms);
        }
    }
}
