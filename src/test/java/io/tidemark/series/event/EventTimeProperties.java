package io.tidemark.series.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.InputSpec;
import io.tidemark.config.InputSpec.TimeUnit;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** 10^5 instants of the years 1990 to 2099 in every plain form, against {@code java.time}; fixed seed. */
class EventTimeProperties {
    private static final int CASES = 100_000;
    private static final long FROM_MS = Instant.parse("1990-01-02T00:00:00Z").toEpochMilli();
    private static final long TO_MS = Instant.parse("2099-12-30T00:00:00Z").toEpochMilli();
    private static final long NANOS_FROM_MS =
            Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();
    private static final DateTimeFormatter SLASHES = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter COMPACT = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX", Locale.ROOT);
    private static final DateTimeFormatter COMMA = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS", Locale.ROOT);

    private final SplittableRandom random = new SplittableRandom(19);

    @Test
    void anInstantIsReadBackFromEveryFormThatItIsWrittenIn() {
        EventTime auto = new EventTime(new InputSpec.Time("time", TimeUnit.AUTO, ZoneId.of("UTC")), 60_000);
        for (int i = 0; i < CASES; i++) {
            long ms = random.nextLong(FROM_MS, TO_MS);
            long second = Math.floorDiv(ms, 1000) * 1000;
            int minutes = random.nextInt(-14 * 60, 14 * 60 + 1);
            OffsetDateTime there = Instant.ofEpochMilli(ms).atOffset(ZoneOffset.ofTotalSeconds(60 * minutes));
            OffsetDateTime utc = Instant.ofEpochMilli(ms).atOffset(ZoneOffset.UTC);
            String text = switch (i % 9) {
                case 0 -> utc.toInstant().toString();
                case 1 -> there.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
                case 2 -> utc.format(COMMA);
                case 3 -> Long.toString(ms);
                case 4 -> ms + "000";
                case 5 -> Math.max(ms, NANOS_FROM_MS) + "000000";
                case 6 -> utc.format(SLASHES);
                case 7 -> utc.format(COMPACT);
                default -> Long.toString(second / 1000);
            };
            assertThat(auto.parse(text))
                    .as(text)
                    .isEqualTo(i % 9 == 5 ? Math.max(ms, NANOS_FROM_MS) : i % 9 < 6 ? ms : second);
        }
    }

    @Test
    void noTextIsReadAsATimeOutsideThePlausibleSpan() {
        EventTime auto = new EventTime(new InputSpec.Time("time", TimeUnit.AUTO, ZoneId.of("UTC")), 60_000);
        long least = Instant.parse("1990-01-01T00:00:00Z").toEpochMilli();
        long most = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();
        for (int i = 0; i < CASES; i++) {
            StringBuilder digits = new StringBuilder(random.nextInt(4) == 0 ? "-" : "");
            for (int d = 1 + random.nextInt(21); d > 0; d--) digits.append((char) ('0' + random.nextInt(10)));
            if (random.nextInt(4) == 0) digits.insert(digits.length() / 2, '.');
            long ms = auto.parse(digits.toString());
            if (ms != EventTime.UNREADABLE) assertThat(ms).as("%s", digits).isBetween(least, most);
        }
    }

    /** Local times of a zone in the order of a series are the instants that they were written at, the repeated hours among them. */
    @Test
    void localTimesInOrderAreTheirInstantsOverEveryChangeOfTheClock() {
        String[] zones = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Tehran"
        };
        String[] patterns = {"yyyy-MM-dd HH:mm:ss", "dd.MM.yyyy HH:mm:ss", "M/d/yyyy h:mm:ss a", "yyyyMMddHHmmss"};
        int cases = 0;
        while (cases < CASES) {
            ZoneId zone = ZoneId.of(zones[random.nextInt(zones.length)]);
            String pattern = patterns[random.nextInt(patterns.length)];
            DateTimeFormatter written =
                    DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(zone);
            EventTime time = new EventTime(new InputSpec.Time("time", TimeUnit.AUTO, zone, List.of(pattern)), 60_000);
            RepeatedHour order = new RepeatedHour();
            long stepMs = 60_000L * (1 + random.nextInt(15));
            ZoneOffsetTransition change = zone.getRules()
                    .nextTransition(Instant.ofEpochMilli(random.nextLong(
                            FROM_MS, Instant.parse("2010-01-01T00:00:00Z").toEpochMilli())));
            long from = change == null ? FROM_MS : change.getInstant().toEpochMilli() - 90 * 60_000L;
            for (int i = 0; i < 40; i++, cases++) {
                long ms = from + i * stepMs;
                long read = order.resolve(
                        "s", time.parse(written.format(Instant.ofEpochMilli(ms))), time.repeatedAfterMs());
                assertThat(read)
                        .as("%s in %s, step %s ms", Instant.ofEpochMilli(ms), zone, stepMs)
                        .isEqualTo(ms);
            }
        }
    }
}
