package io.tidemark.judge.incident;

import java.util.Locale;

/**
 * Where an incident stands.
 *
 * <pre>
 *   pending ──► open ──► acknowledged        settle over; a person takes it
 *                 └──────────┴──► resolved   no alert of it has been open for a while
 *   any ────────────────────────► expired    nothing changed for very long, or too many at a time
 * </pre>
 */
public enum IncidentState {
    PENDING,
    OPEN,
    ACKNOWLEDGED,
    RESOLVED,
    EXPIRED;

    /** As records name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing follows. */
    public boolean isOver() {
        return this == RESOLVED || this == EXPIRED;
    }
}
