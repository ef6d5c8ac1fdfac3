package io.tidemark.series.window;

import org.jspecify.annotations.Nullable;

/** The stored state of one series: small pieces by number, so that an event rewrites only the pieces it changed. */
public interface Slots {
    /** The piece, or null when it was never written. */
    byte @Nullable [] get(int slot);

    /** @param slot in [0, 65535] */
    void put(int slot, byte[] piece);
}
