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
        "AUTO, 0, 0",
        "AUTO, -1, -1000",
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
        "AUTO, 2014-02-28T24:00:00Z",
        "AUTO, 2014-02-28T00:00:00X",
        "AUTO, 2014-02-28T00:00:00+02:",
        "AUTO, 2014-02-28T00:00:00.Z",
        "AUTO, 0000-01-01T00:00:00Z",
        "AUTO, NaN",
        "AUTO, 99999999999999999999",
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
