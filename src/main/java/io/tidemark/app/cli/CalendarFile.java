package io.tidemark.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.app.cli.CalendarEvent.Moment;
import io.tidemark.app.cli.CalendarEvent.Stretch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events of a calendar in a file (iCalendar, RFC 5545): DTSTART, DTEND or DURATION, RRULE, EXDATE, and single times of a series that are moved
 * or cancelled. What else would change a time (RDATE, EXRULE) is an error. Alarms and everything else are passed over.
 *
 * <p>Bounded: at most {@value #BYTES_MAX} bytes and {@value #EVENTS_MAX} events.
 */
final class CalendarFile {
    private static final int BYTES_MAX = 1 << 20;
    private static final int EVENTS_MAX = 1000;

    /** A time that an event comes. */
    record Occurrence(String uid, Instant from, Instant to, String summary) {}

    /**
     * A line of the file.
     *
     * @param zone its parameter TZID
     */
    private record Property(String value, Optional<String> zone) {}

    private final ZoneId floating;
    private final List<CalendarEvent> events = new ArrayList<>();
    /** By the event's id: single times of a series that do not hold. */
    private final Map<String, Set<Instant>> without = new HashMap<>();

    private CalendarFile(ZoneId floating) {
        this.floating = floating;
    }

    /**
     * Reads a file.
     *
     * @param floating zone of times that name none
     * @throws IllegalArgumentException naming the event and what is wrong with it
     */
    static CalendarFile read(Path file, ZoneId floating) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(BYTES_MAX + 1);
        }
        if (bytes.length > BYTES_MAX) {
            throw new IllegalArgumentException(file + " has more than " + BYTES_MAX + " bytes");
        }
        CalendarFile calendar = new CalendarFile(floating);
        calendar.lines(new String(bytes, UTF_8).replaceAll("\r?\n[ \t]", ""), file);
        return calendar;
    }

    private void lines(String text, Path file) {
        Map<String, List<Property>> event = new HashMap<>();
        String inside = ""; // the part of an event that is passed over
        boolean isEvent = false;
        boolean isCalendar = false;
        for (String line : text.split("\r?\n")) {
            if (line.equalsIgnoreCase("BEGIN:VCALENDAR")) isCalendar = true;
            else if (line.equalsIgnoreCase("BEGIN:VEVENT")) isEvent = true;
            else if (isEvent && inside.isEmpty() && line.regionMatches(true, 0, "BEGIN:", 0, 6)) {
                inside = line.substring(6);
            } else if (!inside.isEmpty()) {
                if (line.equalsIgnoreCase("END:" + inside)) inside = "";
            } else if (line.equalsIgnoreCase("END:VEVENT")) {
                take(event);
                event.clear();
                isEvent = false;
            } else if (isEvent) property(line, event);
        }
        if (!isCalendar || isEvent)
            throw new IllegalArgumentException(file + " is no whole calendar (iCalendar, RFC 5545)");
    }

    private static void property(String line, Map<String, List<Property>> event) {
        int colon = colon(line);
        if (colon < 0) return;
        String[] head = line.substring(0, colon).split(";");
        Optional<String> zone = Optional.empty();
        for (int i = 1; i < head.length; i++) {
            if (head[i].regionMatches(true, 0, "TZID=", 0, 5))
                zone = Optional.of(head[i].substring(5).replace("\"", ""));
        }
        event.computeIfAbsent(head[0].toUpperCase(java.util.Locale.ROOT), name -> new ArrayList<>())
                .add(new Property(line.substring(colon + 1), zone));
    }

    /** Where the value begins: at the first colon outside quotes. */
    private static int colon(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '"') quoted = !quoted;
            else if (line.charAt(i) == ':' && !quoted) return i;
        }
        return -1;
    }

    private void take(Map<String, List<Property>> event) {
        String uid = text(event, "UID");
        try {
            for (String name : List.of("RDATE", "EXRULE")) {
                if (event.containsKey(name)) throw new IllegalArgumentException(name + " is not read");
            }
            for (String name : List.of("EXDATE", "RECURRENCE-ID")) {
                for (Property property : event.getOrDefault(name, List.of())) {
                    for (String time : property.value().split(",")) {
                        Moment moment = Moment.of(time.strip(), property.zone(), floating);
                        without.computeIfAbsent(key(uid, name), u -> new HashSet<>())
                                .add(moment.instant());
                    }
                }
            }
            if (text(event, "STATUS").equalsIgnoreCase("CANCELLED")) return;
            events.add(event(uid, event));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("event " + uid + ": " + e.getMessage(), e);
        }
        if (events.size() > EVENTS_MAX) {
            throw new IllegalArgumentException("a calendar must have at most " + EVENTS_MAX + " events");
        }
    }

    /** What is left out concerns the series alone, not the single time that takes its place. */
    private static String key(String uid, String name) {
        return name.isEmpty() ? uid + "\nsingle" : uid;
    }

    private CalendarEvent event(String uid, Map<String, List<Property>> event) {
        Moment start = moment(event, "DTSTART");
        if (start == null) throw new IllegalArgumentException("it has no DTSTART");
        Moment end = moment(event, "DTEND");
        String duration = text(event, "DURATION");
        Duration length = end != null
                ? CalendarEvent.between(start, end)
                : !duration.isEmpty()
                        ? CalendarEvent.length(duration)
                        : start.isDate() ? Duration.ofDays(1) : Duration.ZERO;
        if (length.isNegative() || length.isZero()) throw new IllegalArgumentException("it must end after it begins");
        String summary = text(event, "SUMMARY").replace("\\n", " ").replace("\\", "");
        boolean single = event.containsKey("RECURRENCE-ID");
        return new CalendarEvent(
                single ? key(uid, "") : uid,
                summary,
                start.time(),
                start.zone(),
                start.isDate(),
                length,
                text(event, "RRULE"));
    }

    private @Nullable Moment moment(Map<String, List<Property>> event, String name) {
        List<Property> found = event.getOrDefault(name, List.of());
        return found.isEmpty()
                ? null
                : Moment.of(found.get(0).value(), found.get(0).zone(), floating);
    }

    private static String text(Map<String, List<Property>> event, String name) {
        List<Property> found = event.getOrDefault(name, List.of());
        return found.isEmpty() ? "" : found.get(0).value().strip();
    }

    /**
     * The times that its events come and that share time with a stretch, the earliest first.
     *
     * @throws IllegalArgumentException when there are more than {@code most}, or a rule cannot be read
     */
    List<Occurrence> within(Instant from, Instant to, int most) {
        List<Occurrence> found = new ArrayList<>();
        for (CalendarEvent event : events) {
            Set<Instant> left = without.getOrDefault(event.uid(), Set.of());
            for (Stretch stretch : event.within(from, to, most + left.size())) {
                if (left.contains(stretch.from())) continue;
                found.add(new Occurrence(event.uid(), stretch.from(), stretch.to(), event.summary()));
            }
            if (found.size() > most) {
                throw new IllegalArgumentException(
                        "its events come more than " + most + " times until " + to + "; say a shorter time with --for");
            }
        }
        found.sort(Comparator.comparing(Occurrence::from).thenComparing(Occurrence::uid));
        return found;
    }
}
