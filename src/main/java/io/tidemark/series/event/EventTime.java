package io.tidemark.series.event;

import io.tidemark.config.InputSpec;
import io.tidemark.config.TimePattern;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;

/**
 * Reads timestamps as they are declared, without garbage for the usual forms.
 *
 * <table>
 * <caption>What {@code unit: auto} makes of a timestamp in the zone UTC</caption>
 * <tr><th>text</th><th>read as</th></tr>
 * <tr><td>{@code 2014-07-01T00:30:00Z}, {@code 2014-07-01 00:30:00}, {@code 2014-07-01T02:30+02:00}, {@code 2014/07/01 00:30},
 *     {@code 2014-07-01 00:30:00 UTC}, {@code 20140701T003000Z}, {@code Tue, 1 Jul 2014 00:30:00 GMT}</td><td>1404174600000</td></tr>
 * <tr><td>{@code 2014-07-01}</td><td>the day's first millisecond</td></tr>
 * <tr><td>{@code 1404174600}, {@code 1404174600.0}: below 1e11 in magnitude</td><td>seconds</td></tr>
 * <tr><td>{@code 1404174600000}: below 1e14</td><td>milliseconds</td></tr>
 * <tr><td>{@code 1404174600000000}: below 1e17</td><td>microseconds</td></tr>
 * <tr><td>{@code 1404174600000000000}: above</td><td>nanoseconds</td></tr>
 * <tr><td>a number that is then before 1990 or after 2099, such as {@code 20140701}</td><td>unreadable</td></tr>
 * </table>
 *
 * <p>{@code 24:00} is the next day's first millisecond. Fractions below a millisecond are cut towards the past; of days of spreadsheets, what is within 50 ms of a second is that second. A
 * second of 60 counts as the next minute's first. A local time that a change to summer time skips is moved on by the length of the skip; one
 * that occurs twice means its first occurrence, and {@link #repeatedAfterMs()} says how much later the second is.
 */
public final class EventTime {
    /** No time: far outside of the years that an event may have. */
    public static final long UNREADABLE = Long.MIN_VALUE;

    /** 0001-01-01T00:00:00Z. */
    static final long MIN_MS = -62_135_596_800_000L;
    /** The last millisecond of the year 9999. */
    static final long MAX_MS = 253_402_300_799_999L;

    /** Whether an event may have this time: the years 1 to 9999; epoch milliseconds. */
    public static boolean isValid(long ms) {
        return ms >= MIN_MS && ms <= MAX_MS;
    }

    private static final long MINUTE_MS = 60_000;

    /** 1990-01-01T00:00:00Z, and 2100-01-01T00:00:00Z: what a number may mean whose unit is not declared. */
    private static final long PLAUSIBLE_FROM_MS = 631_152_000_000L;

    /** 2000-01-01T00:00:00Z: nanoseconds are of this millennium. */
    private static final long NANOS_FROM_MS = 946_684_800_000L;

    private static final int NANOS_DIGITS = 18;

    private static final long PLAUSIBLE_TO_MS = 4_102_444_800_000L;
    private static final long DAY_MS = 86_400_000L;
    /** Days from 1899-12-30 to 1970-01-01. */
    private static final long EXCEL_EPOCH_DAYS = 25_569;

    private final InputSpec.TimeUnit unit;
    private final ZoneId zone;
    private final boolean fixed;
    private final long stepMs;
    private final List<DateTimeFormatter> patterns;
    private long repeatedAfterMs;

    /** @param stepMs length of a row where the time is a row number; at least 1 */
    public EventTime(InputSpec.Time time, long stepMs) {
        this.unit = time.unit();
        this.zone = time.zone();
        this.stepMs = stepMs;
        fixed = zone.getRules().isFixedOffset();
        patterns = time.patterns().stream().map(TimePattern::formatter).toList();
    }

    /** Epoch milliseconds, or {@link #UNREADABLE}. */
    public long parse(String text) {
        repeatedAfterMs = 0;
        String trimmed = text.trim();
        long ms = patterns.isEmpty() ? byUnit(trimmed) : byPattern(trimmed);
        return ms < MIN_MS || ms > MAX_MS ? UNREADABLE : ms;
    }

    /** Where the local time of the last {@link #parse} occurs twice: how much later its second occurrence is; else 0. */
    public long repeatedAfterMs() {
        return repeatedAfterMs;
    }

    private long byUnit(String text) {
        if (looksLikeDate(text)) return parseDate(text);
        if (unit == InputSpec.TimeUnit.AUTO && text.length() >= 13 && text.charAt(8) == 'T') return parseCompact(text);
        if (unit == InputSpec.TimeUnit.AUTO && text.length() > 20 && text.charAt(3) == ',') return parseRfc1123(text);
        return parseNumber(text);
    }

    private boolean looksLikeDate(String text) {
        if (text.length() < 10) return false;
        char mark = text.charAt(4);
        if (mark != text.charAt(7)) return false;
        boolean dated = unit == InputSpec.TimeUnit.AUTO
                || unit == InputSpec.TimeUnit.RFC3339
                || unit == InputSpec.TimeUnit.ROW_NUMBER;
        return dated && (mark == '-' || unit == InputSpec.TimeUnit.AUTO && (mark == '/' || mark == '.'));
    }

    private long byPattern(String text) {
        for (DateTimeFormatter pattern : patterns) {
            try {
                TemporalAccessor found = pattern.parse(text);
                if (found.isSupported(ChronoField.INSTANT_SECONDS))
                    return Instant.from(found).toEpochMilli();
                LocalDate date = found.query(TemporalQueries.localDate());
                LocalTime time = found.query(TemporalQueries.localTime());
                if (date == null) continue;
                long ofDay = time == null ? 0 : time.toNanoOfDay() / 1_000_000;
                return inZone(date.toEpochDay() * DAY_MS + ofDay);
            } catch (DateTimeException | ArithmeticException e) {
                continue;
            }
        }
        return UNREADABLE;
    }

    private static long parseRfc1123(String text) {
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text))
                    .toEpochMilli();
        } catch (DateTimeException e) {
            return UNREADABLE;
        }
    }

    /** {@code yyyyMMdd'T'HHmm[ss][Z|±HH:mm|±HHmm|±HH]}. */
    private long parseCompact(String text) {
        int end = text.length() >= 15 && isDigit(text.charAt(13)) && isDigit(text.charAt(14)) ? 15 : 13;
        long second = end == 15 ? digits(text, 13, 15) : 0;
        long dayMs = dayMs(digits(text, 0, 4), digits(text, 4, 6), digits(text, 6, 8));
        long hour = digits(text, 9, 11);
        long minute = digits(text, 11, 13);
        if (dayMs == UNREADABLE
                || hour < 0
                || hour > 24
                || hour == 24 && (minute > 0 || second > 0)
                || minute < 0
                || minute > 59
                || second < 0
                || second > 60) return UNREADABLE;
        return withOffset(text, end, dayMs + hour * 3_600_000 + minute * MINUTE_MS + second * 1000);
    }

    private static long dayMs(long year, long month, long day) {
        if (year < 1 || month < 1 || month > 12 || day < 1 || day > lengthOfMonth(year, month)) return UNREADABLE;
        return LocalDate.of((int) year, (int) month, (int) day).toEpochDay() * DAY_MS;
    }

    private long parseExcel(String text) {
        double days = Numbers.parse(text);
        if (Double.isNaN(days) || Math.abs(days) > 3_000_000) return UNREADABLE;
        long ms = Math.round(days * DAY_MS) - EXCEL_EPOCH_DAYS * DAY_MS;
        long second = Math.floorDiv(ms + 500, 1000L) * 1000;
        return inZone(Math.abs(ms - second) <= 50 ? second : ms);
    }

    private long parseNumber(String written) {
        if (unit == InputSpec.TimeUnit.RFC3339 || written.isEmpty() || written.length() > 32) return UNREADABLE;
        String text = written.indexOf('.') < 0 ? written.replace(',', '.') : written;
        if (unit == InputSpec.TimeUnit.EXCEL) return parseExcel(text);
        long ms = epochMs(text);
        if (unit != InputSpec.TimeUnit.AUTO) return ms;
        // ticks of 100 ns since the year 1 are of the size of nanoseconds of 1990
        boolean nanos =
                written.length() >= NANOS_DIGITS && ms != UNREADABLE && isDigit(written.charAt(NANOS_DIGITS - 1));
        long from = nanos ? NANOS_FROM_MS : PLAUSIBLE_FROM_MS;
        return ms >= from && ms < PLAUSIBLE_TO_MS ? ms : UNREADABLE;
    }

    private long epochMs(String text) {
        long whole = digits(text, text.charAt(0) == '-' ? 1 : 0, text.length());
        if (whole >= 0) return toMs(text.charAt(0) == '-' ? -whole : whole);
        double number = Numbers.parse(text);
        return Double.isNaN(number) || Math.abs(number) > 9e18 ? UNREADABLE : toMs(number);
    }

    private long toMs(long n) {
        return switch (unit) {
            case SECONDS -> times(n, 1000);
            case MILLIS -> n;
            case MICROS -> Math.floorDiv(n, 1000L);
            case NANOS -> Math.floorDiv(n, 1_000_000L);
            case ROW_NUMBER -> times(n, stepMs);
            case AUTO -> {
                long size = Math.abs(n);
                if (size < 100_000_000_000L) yield n * 1000;
                if (size < 100_000_000_000_000L) yield n;
                yield Math.floorDiv(n, size < 100_000_000_000_000_000L ? 1000L : 1_000_000L);
            }
            case RFC3339, EXCEL -> UNREADABLE;
        };
    }

    private long toMs(double n) {
        double size = Math.abs(n);
        double ms = switch (unit) {
            case SECONDS -> n * 1000;
            case MILLIS -> n;
            case MICROS -> n / 1000;
            case NANOS -> n / 1e6;
            case ROW_NUMBER -> n * stepMs;
            case AUTO -> size < 1e11 ? n * 1000 : size < 1e14 ? n : size < 1e17 ? n / 1000 : n / 1e6;
            case RFC3339, EXCEL -> Double.NaN;
        };
        // a fraction such as 0.123 s is not exact in binary: a microsecond's worth of slack keeps it at 123 ms
        return Double.isNaN(ms) ? UNREADABLE : (long) Math.floor(ms + 1e-3);
    }

    private static long times(long n, long factor) {
        return Math.abs(n) > MAX_MS / factor + 1 ? UNREADABLE : n * factor;
    }

    /** {@code yyyy-MM-dd('T'|'t'|' ')HH:mm[:ss[.fraction]][Z|±HH:mm|±HHmm|±HH]}. */
    private long parseDate(String text) {
        int n = text.length();
        long dayMs = dayMs(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10));
        if (dayMs == UNREADABLE) return UNREADABLE;
        if (n == 10) return unit == InputSpec.TimeUnit.AUTO ? inZone(dayMs) : UNREADABLE;
        if (n < 16 || !isSeparator(text.charAt(10)) || text.charAt(13) != ':') return UNREADABLE;
        long hour = digits(text, 11, 13);
        long minute = digits(text, 14, 16);
        if (hour < 0 || hour > 24 || minute < 0 || minute > 59) return UNREADABLE;
        int at = 16;
        long second = 0;
        long milli = 0;
        if (at < n && text.charAt(at) == ':') {
            second = digits(text, at + 1, at + 3);
            if (second < 0 || second > 60) return UNREADABLE;
            at += 3;
            if (at < n && (text.charAt(at) == '.' || text.charAt(at) == ',')) {
                int end = at + 1;
                while (end < n && isDigit(text.charAt(end))) end++;
                if (end == at + 1) return UNREADABLE;
                for (int i = at + 1, unitMs = 100; i < end && unitMs > 0; i++, unitMs /= 10) {
                    milli += (text.charAt(i) - '0') * unitMs;
                }
                at = end;
            }
        }
        long ofHour = minute * MINUTE_MS + second * 1000 + milli;
        if (hour == 24 && ofHour > 0) return UNREADABLE;
        long localMs = dayMs + hour * 3_600_000 + ofHour;
        return withOffset(text, at, localMs);
    }

    private long withOffset(String text, int from, long localMs) {
        int n = text.length();
        int at = from < n - 1 && text.charAt(from) == ' ' ? from + 1 : from;
        if (n - at == 3 && (text.regionMatches(true, at, "UTC", 0, 3) || text.regionMatches(true, at, "GMT", 0, 3))) {
            return localMs;
        }
        if (at == n) return inZone(localMs);
        char sign = text.charAt(at);
        if ((sign == 'Z' || sign == 'z') && at + 1 == n) return localMs;
        if (sign != '+' && sign != '-') return UNREADABLE;
        long hours = digits(text, at + 1, at + 3);
        int minutesAt = at + 3 < n && text.charAt(at + 3) == ':' ? at + 4 : at + 3;
        long minutes = minutesAt == n && minutesAt == at + 3 ? 0 : digits(text, minutesAt, minutesAt + 2);
        boolean whole = minutesAt == n || minutesAt + 2 == n;
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || !whole) return UNREADABLE;
        long offsetMs = (hours * 60 + minutes) * MINUTE_MS;
        return sign == '+' ? localMs - offsetMs : localMs + offsetMs;
    }

    private long inZone(long localMs) {
        if (zone.equals(ZoneOffset.UTC)) return localMs;
        try {
            long second = Math.floorDiv(localMs, 1000L);
            LocalDateTime local = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
            if (!fixed) {
                ZoneOffsetTransition change = zone.getRules().getTransition(local);
                if (change != null && change.isOverlap())
                    repeatedAfterMs = change.getDuration().negated().toMillis();
            }
            return local.atZone(zone).toEpochSecond() * 1000 + Math.floorMod(localMs, 1000L);
        } catch (DateTimeException e) {
            return UNREADABLE;
        }
    }

    private static boolean isSeparator(char c) {
        return c == 'T' || c == ' ' || c == 't';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int lengthOfMonth(long year, long month) {
        if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    /** The number that the characters from {@code from} to before {@code to} spell; -1 when they do not or it has over 18 digits. */
    private static long digits(String text, int from, int to) {
        if (to > text.length() || from >= to || to - from > 19) return -1;
        long n = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!isDigit(c)) return -1;
            n = n * 10 + (c - '0');
        }
        return n;
    }
}
