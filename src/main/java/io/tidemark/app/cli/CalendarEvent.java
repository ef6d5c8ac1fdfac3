package io.tidemark.app.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

/**
 * One event of a calendar (VEVENT of RFC 5545): when it begins, on which clock, for how long, and by which rule it comes again.
 *
 * @param start of its first time on the clock of {@code zone}
 * @param isAllDay whether it lasts from midnight to midnight
 * @param length of an event that is not all day; a day for each 24 hours of one that is
 * @param rule RRULE; empty where it comes once
 */
record CalendarEvent(
        String uid, String summary, LocalDateTime start, ZoneId zone, boolean isAllDay, Duration length, String rule) {
    private static final int STEPS_MAX = 20_000;
    private static final DateTimeFormatter DATE = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss");

    /**
     * A time as a calendar writes it.
     *
     * @param zone of its clock
     */
    record Moment(LocalDateTime time, ZoneId zone, boolean isDate) {
        /**
         * Reads it.
         *
         * @param floating zone of a time that names none
         * @throws IllegalArgumentException saying what is wrong
         */
        static Moment of(String value, Optional<String> zone, ZoneId floating) {
            try {
                ZoneId on = zone.isPresent() ? ZoneId.of(zone.get()) : floating;
                if (value.length() == 8)
                    return new Moment(LocalDate.parse(value, DATE).atStartOfDay(), on, true);
                boolean utc = value.endsWith("Z");
                LocalDateTime time = LocalDateTime.parse(utc ? value.substring(0, value.length() - 1) : value, TIME);
                return new Moment(time, utc ? ZoneOffset.UTC : on, false);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        zone.filter(name -> !ZoneId.getAvailableZoneIds().contains(name))
                                .map(name -> "time zone " + name + " is not one of the IANA database")
                                .orElse("a time must be such as 20260101T220000Z, but was " + value),
                        e);
            }
        }

        Instant instant() {
            return time.atZone(zone).toInstant();
        }
    }

    /** One time that the event comes. */
    record Stretch(Instant from, Instant to) {}

    /**
     * The times that it comes and that share time with a stretch, the earliest first.
     *
     * @param most no more than so many and one
     * @throws IllegalArgumentException when its rule cannot be read, or is too dense
     */
    List<Stretch> within(Instant from, Instant to, int most) {
        List<Stretch> found = new ArrayList<>();
        if (rule.isEmpty()) {
            add(start, from, to, found);
            return found;
        }
        try {
            RecurrenceRuleIterator times = new RecurrenceRule(rule).iterator(dateTime());
            for (int steps = 0; times.hasNext() && found.size() <= most; steps++) {
                if (steps > STEPS_MAX) {
                    throw new IllegalArgumentException("comes more than " + STEPS_MAX + " times before it is over");
                }
                LocalDateTime time = local(times.nextDateTime());
                if (!time.atZone(zone).toInstant().isBefore(to)) break;
                add(time, from, to, found);
            }
        } catch (InvalidRecurrenceRuleException | IllegalArgumentException e) {
            throw new IllegalArgumentException("event " + uid + ": RRULE " + rule + ": " + e.getMessage(), e);
        }
        return found;
    }

    private void add(LocalDateTime time, Instant from, Instant to, List<Stretch> found) {
        Instant begins = time.atZone(zone).toInstant();
        Instant ends = isAllDay ? time.plusDays(length.toDays()).atZone(zone).toInstant() : begins.plus(length);
        if (ends.isAfter(from) && begins.isBefore(to)) found.add(new Stretch(begins, ends));
    }

    private DateTime dateTime() {
        if (isAllDay) return new DateTime(start.getYear(), start.getMonthValue() - 1, start.getDayOfMonth());
        return new DateTime(
                TimeZone.getTimeZone(zone),
                start.getYear(),
                start.getMonthValue() - 1,
                start.getDayOfMonth(),
                start.getHour(),
                start.getMinute(),
                start.getSecond());
    }

    private static LocalDateTime local(DateTime time) {
        LocalDate date = LocalDate.of(time.getYear(), time.getMonth() + 1, time.getDayOfMonth());
        if (time.isAllDay()) return date.atStartOfDay();
        return date.atTime(LocalTime.of(time.getHours(), time.getMinutes(), time.getSeconds()));
    }

    /** A length as a calendar writes it, such as {@code PT2H}, {@code P1D} or {@code P2W}. */
    static Duration length(String value) {
        try {
            boolean weeks = value.matches("P\\d{1,3}W");
            return weeks
                    ? Duration.ofDays(7L * Integer.parseInt(value.substring(1, value.length() - 1)))
                    : Duration.parse(value);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("DURATION must be such as PT2H or P1D, but was " + value, e);
        }
    }

    /** From one moment to another; of dates a day each. */
    static Duration between(Moment start, Moment end) {
        return start.isDate()
                ? Duration.ofDays(ChronoUnit.DAYS.between(start.time(), end.time()))
                : Duration.between(start.instant(), end.instant());
    }
}
