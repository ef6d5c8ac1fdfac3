package io.tidemark.role.notify;

import java.time.Duration;

/** Waits that double: 1 s, 2 s, … 60 s. One thread. */
final class Backoff {
    private static final long FIRST_MS = 1000;
    private static final long LONGEST_MS = Duration.ofMinutes(1).toMillis();

    private long nextMs = FIRST_MS;

    /** The wait after one more failure. */
    long next() {
        long now = nextMs;
        nextMs = Math.min(LONGEST_MS, 2 * nextMs);
        return now;
    }

    void reset() {
        nextMs = FIRST_MS;
    }
}
