package io.tidemark.judge.incident;

import java.util.Locale;

/** How severe an incident is, the least first. */
public enum Severity {
    INFO,
    WARNING,
    CRITICAL;

    /** As records name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The severity of a name.
     *
     * @throws IllegalArgumentException naming those there are
     */
    public static Severity of(String label) {
        for (Severity severity : values()) if (severity.label().equals(label)) return severity;
        throw new IllegalArgumentException("severity must be info, warning or critical, but was " + label);
    }
}
