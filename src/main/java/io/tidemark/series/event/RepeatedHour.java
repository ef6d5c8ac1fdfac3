package io.tidemark.series.event;

import java.util.HashMap;
import java.util.Map;

/**
 * Tells the two passes of the hour that a change from summer time repeats apart, by the order of each series: a local time means the
 * occurrence that lies nearer to where the series' next event is due, as far after its newest as that was after the one before.
 *
 * <p>Remembers at most {@value #SERIES_MAX} series, and none over a restart: until a series has an event again, the first pass is meant. One
 * thread.
 */
final class RepeatedHour {
    private static final int SERIES_MAX = 200_000;

    /** For each series {@code [newest time, distance to the one before]}, ms. */
    private final Map<String, long[]> newest = new HashMap<>();

    /**
     * The time that is meant.
     *
     * @param firstMs the first occurrence
     * @param repeatedAfterMs how much later the second is; 0: there is none
     */
    long resolve(String series, long firstMs, long repeatedAfterMs) {
        long[] known = newest.get(series);
        if (known == null) {
            if (newest.size() == SERIES_MAX) newest.clear();
            newest.put(series, new long[] {firstMs, 0});
            return firstMs;
        }
        long meant = firstMs;
        if (repeatedAfterMs > 0) {
            long dueMs = known[0] + known[1];
            long secondMs = firstMs + repeatedAfterMs;
            if (Math.abs(secondMs - dueMs) < Math.abs(firstMs - dueMs)) meant = secondMs;
        }
        if (meant > known[0]) {
            known[1] = meant - known[0];
            known[0] = meant;
        }
        return meant;
    }
}
