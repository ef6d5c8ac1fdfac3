package io.tidemark.kafka.client;

import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.kafka.clients.admin.OffsetSpec;

/**
 * Where a topic is begun that was never read.
 *
 * @param where {@code latest}, {@code earliest} or a time in RFC 3339
 */
public record OffsetReset(String where) {
    /** The newest record. */
    public static final OffsetReset LATEST = new OffsetReset("latest");
    /** The oldest record that is kept. */
    public static final OffsetReset EARLIEST = new OffsetReset("earliest");

    /** @throws IllegalArgumentException when it is neither of the words, nor a time */
    public OffsetReset {
        if (!isWord(where) && time(where).isEmpty()) throw wrong(where);
    }

    /**
     * As a person says it.
     *
     * @throws IllegalArgumentException when it is neither of the words, nor a time that has passed
     */
    public static OffsetReset parse(String where, InstantSource clock) {
        boolean later =
                time(where).filter(time -> time.isAfter(clock.instant())).isPresent();
        if (later) throw wrong(where);
        return new OffsetReset(where);
    }

    /** The time; empty where it is one of the words. */
    public Optional<Instant> time() {
        return time(where);
    }

    private static boolean isWord(String where) {
        return where.equals("latest") || where.equals("earliest");
    }

    private static Optional<Instant> time(String where) {
        try {
            return Optional.of(Instant.parse(where));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static IllegalArgumentException wrong(String where) {
        return new IllegalArgumentException(
                "start must be latest, earliest or a past time such as 2026-01-01T00:00:00Z, but was " + where);
    }

    /** The offsets to ask a broker for. */
    OffsetSpec offsets() {
        return switch (where) {
            case "latest" -> OffsetSpec.latest();
            case "earliest" -> OffsetSpec.earliest();
            default -> OffsetSpec.forTimestamp(Instant.parse(where).toEpochMilli());
        };
    }

    @Override
    public String toString() {
        return where;
    }
}
