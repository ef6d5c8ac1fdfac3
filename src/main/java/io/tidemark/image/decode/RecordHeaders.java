package io.tidemark.image.decode;

import org.jspecify.annotations.Nullable;

/** Where the fields of an image come from: the headers of the Kafka record that holds it. */
public interface RecordHeaders {
    /** The newest header of a name; null when there is none. */
    byte @Nullable [] value(String name);
}
