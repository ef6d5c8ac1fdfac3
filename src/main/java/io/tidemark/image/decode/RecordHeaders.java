package io.tidemark.image.decode;

import org.jspecify.annotations.Nullable;

/** The headers of a record. */
public interface RecordHeaders {
    /** The newest header of a name; null when there is none. */
    byte @Nullable [] value(String name);
}
