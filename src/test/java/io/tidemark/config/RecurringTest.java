package io.tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Stretches on a clock with daylight saving. Berlin's jumps from 02:00 to 03:00 on 2026-03-29 and back from 03:00 to 02:00 on 2026-10-25. */
final class RecurringTest {
    private static Recurring berlin(String cron, Duration lasting) {
        return Recurring.of(cron, "Europe/Berlin", lasting);
    }

    /** The first and the last whole minute of a day in UTC at which it holds, and how many minutes do. */
    private static String minutes(Recurring recurring, String day) {
        Instant start = Instant.parse(day + "T00:00:00Z");
        String first = "";
        String last = "";
        int count = 0;
        for (int i = 0; i < 24 * 60; i++) {
            Instant minute = start.plusSeconds(60L * i);
            if (!recurring.holdsAt(minute)) continue;
            if (first.isEmpty()) first = minute.toString().substring(11, 16);
            last = minute.toString().substring(11, 16);
            count++;
        }
        return first + " " + last + " " + count;
    }

    @Test
    void itHoldsFromItsBeginningUntilBeforeItsEndOnTheClockOfItsPlace() {
        Recurring sundays = berlin("0 2 * * SUN", Duration.ofHours(2));
        assertThat(minutes(sundays, "2026-01-04")).isEqualTo("01:00 02:59 120");
        assertThat(minutes(sundays, "2026-07-05")).isEqualTo("00:00 01:59 120");
        assertThat(minutes(sundays, "2026-07-06")).isEqualTo("  0");
        assertThat(sundays.holdsAt(Instant.parse("2026-07-05T01:59:59.999Z"))).isTrue();
        assertThat(sundays.holdsAt(Instant.parse("2026-07-05T02:00:00Z"))).isFalse();
        assertThat(sundays.holdsAt(Instant.parse("2026-07-04T23:59:59.999Z"))).isFalse();
    }

    @Test
    void aBeginningThatTheClockSkipsComesAsMuchLater() {
        assertThat(minutes(berlin("30 2 * * *", Duration.ofHours(2)), "2026-03-29"))
                .isEqualTo("01:30 03:29 120");
        assertThat(minutes(berlin("0 2 * * SUN", Duration.ofHours(1)), "2026-03-29"))
                .isEqualTo("01:00 01:59 60");
        assertThat(minutes(berlin("0 1 * * SUN", Duration.ofHours(2)), "2026-03-29"))
                .as("as long as ever")
                .isEqualTo("00:00 01:59 120");
        Recurring both = berlin("30,10 2,3 29 3 *", Duration.ofMinutes(5)); // 02:10 becomes 03:10
        assertThat(minutes(both, "2026-03-29")).isEqualTo("01:10 01:34 10");
    }

    @Test
    void aBeginningThatComesTwiceComesOnce() {
        assertThat(minutes(berlin("30 2 * * *", Duration.ofMinutes(30)), "2026-10-25"))
                .isEqualTo("00:30 00:59 30");
        assertThat(minutes(berlin("0 2 * * SUN", Duration.ofHours(2)), "2026-10-25"))
                .isEqualTo("00:00 01:59 120");
        assertThat(minutes(berlin("0 3 * * SUN", Duration.ofHours(2)), "2026-10-25"))
                .isEqualTo("02:00 03:59 120");
    }

    @Test
    void theNextBeginningIsOnTheSameClock() {
        Recurring nights = berlin("30 2 * * *", Duration.ofHours(1));
        assertThat(nights.nextAfter(Instant.parse("2026-03-28T12:00:00Z")))
                .hasValue(Instant.parse("2026-03-29T01:30:00Z"));
        assertThat(nights.nextAfter(Instant.parse("2026-03-29T01:30:00Z")))
                .hasValue(Instant.parse("2026-03-30T00:30:00Z"));
        assertThat(nights.nextAfter(Instant.parse("2026-10-25T00:30:00Z")))
                .hasValue(Instant.parse("2026-10-26T01:30:00Z"));
    }

    @Test
    void whatCannotBeMeantIsRefusedWithWhatWouldDo() {
        assertThatThrownBy(() -> berlin("0 2 * *", Duration.ofHours(1)))
                .hasMessageContaining("cron must be five fields such as '0 2 * * SUN', but was '0 2 * *'");
        assertThatThrownBy(() -> Recurring.of("0 2 * * *", "Europe/Atlantis", Duration.ofHours(1)))
                .hasMessageContaining("zone must be one such as Europe/Berlin or UTC, but was Europe/Atlantis");
        assertThatThrownBy(() -> berlin("0 2 * * *", Duration.ofDays(8)))
                .hasMessageContaining("lasting must be in [1m, 7d], but was 8d");
        assertThatThrownBy(() -> berlin("0 2 * * *", Duration.ofSeconds(59))).hasMessageContaining("but was 59s");
        assertThat(berlin("0 2 * * *", Duration.ofHours(1))).isEqualTo(berlin("0 2 * * *", Duration.ofHours(1)));
    }
}
