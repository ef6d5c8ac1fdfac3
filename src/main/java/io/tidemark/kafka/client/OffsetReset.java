package io.tidemark.kafka.client;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.apache.kafka.clients.admin.OffsetSpec;

/**
 * Where a topic is begun that was never read.
 *
 * @param where {@code latest}, {@code earliest} or a past time in RFC 3339
 */
public record OffsetReset(String where) {
    /** The newest record. */
    public static final OffsetReset LATEST = new OffsetReset("latest");
    /** The oldest record that is kept. */
    public static final OffsetReset EARLIEST = new OffsetReset("earliest");

    /** @throws IllegalArgumentException when it is neither of the words, nor a time that has passed */
    public OffsetReset {
        if (!where.equals("latest") && !where.equals("earliest") && !isPast(where)) {
            throw new IllegalArgumentException(
                    "start must be latest, earliest or a past time such as 2026-01-01T00:00:00Z, but was " + where);
        }
    }

    private static boolean isPast(String time) {
        try {
            return !Instant.parse(time).isAfter(Instant.now());
        } catch (DateTimeParseException e) {
            return false;
        }
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
