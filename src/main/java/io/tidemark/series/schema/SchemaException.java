package io.tidemark.series.schema;

import java.io.IOException;

/** A record cannot be read by its schema; the message is for people and says how to mend it. */
public final class SchemaException extends IOException {
    private final boolean unknown;

    private SchemaException(String message, boolean unknown) {
        super(message);
        this.unknown = unknown;
    }

    /** The bytes are not of their schema. */
    static SchemaException malformed(String message) {
        return new SchemaException(message, false);
    }

    /** The schema itself is not to be had, or is of another kind. */
    static SchemaException unknown(String message) {
        return new SchemaException(message, true);
    }

    /** Whether the schema is what is missing. */
    public boolean isUnknown() {
        return unknown;
    }
}
