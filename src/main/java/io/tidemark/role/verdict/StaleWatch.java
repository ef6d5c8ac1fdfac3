package io.tidemark.role.verdict;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Which series of one stream in one task have been silent for too long.
 *
 * <ol>
 *   <li>Time is the event time of all its series together, never ahead of the wall clock. A silence is what that time went on since the
 *       series' last step, so that series which are read one after another are not stale.
 *   <li>Where nothing of the stream comes, the wall clock goes on for it, but only where the newest step was not older than five minutes
 *       when it came: history that ends is not stale.
 *   <li>After a restart each silence is measured anew: an alert may come later for it, and never too early.
 * </ol>
 *
 * <p>An event costs one look into a map; a review, of all series, is due when the first of them may be stale. One thread.
 */
final class StaleWatch {
    private static final long LIVE_MS = Duration.ofMinutes(5).toMillis();
    private static final long NEVER = Long.MAX_VALUE;

    private static final class Due {
        long atMs = NEVER;
    }

    private final Map<String, Due> series = new HashMap<>();
    private long clockMs = Long.MIN_VALUE;
    private long seenWallMs;
    private long nextMs = NEVER;

    /** Takes a stored series up again; {@link #begin} follows behind the last one. */
    void restore(String name, long newestMs, long limitMs) {
        Due due = new Due();
        due.atMs = limitMs;
        series.put(name, due);
        clockMs = Math.max(clockMs, newestMs);
    }

    /** Begins to wait for the next step of each restored series. */
    void begin(long wallMs) {
        seenWallMs = wallMs;
        for (Due due : series.values()) {
            if (due.atMs != NEVER) due.atMs = clockMs == Long.MIN_VALUE ? NEVER : due.atMs + clockMs;
            nextMs = Math.min(nextMs, due.atMs);
        }
    }

    /**
     * Notes a step.
     *
     * @param limitMs how long the series may be silent; {@link Long#MAX_VALUE}: for ever
     */
    void seen(String name, long timeMs, long limitMs, long wallMs) {
        clockMs = Math.max(clockMs, Math.min(timeMs, wallMs));
        seenWallMs = wallMs;
        due(name, limitMs);
    }

    private void due(String name, long limitMs) {
        Due due = series.get(name);
        if (due == null) {
            due = new Due();
            series.put(name, due);
        }
        due.atMs = limitMs == NEVER ? NEVER : clockMs + limitMs;
        nextMs = Math.min(nextMs, due.atMs);
    }

    void forget(String name) {
        series.remove(name);
    }

    /** Whether by the steps of others a series may be stale, so that {@link #review(Consumer)} may find something. */
    boolean isReviewDue() {
        return clockMs > nextMs;
    }

    /** Tells of series that are stale by the steps of others. */
    void review(Consumer<String> stale) {
        if (isReviewDue()) review(clockMs, stale);
    }

    /** Tells of series that are stale by the wall clock, where that is the time of the stream. */
    void reviewByWall(long wallMs, Consumer<String> stale) {
        boolean live = clockMs != Long.MIN_VALUE && seenWallMs - clockMs <= LIVE_MS;
        long nowMs = clockMs + (wallMs - seenWallMs);
        if (live && nowMs > nextMs) review(nowMs, stale);
    }

    private void review(long nowMs, Consumer<String> stale) {
        List<String> found = new ArrayList<>();
        nextMs = NEVER;
        for (Map.Entry<String, Due> one : series.entrySet()) {
            Due due = one.getValue();
            if (due.atMs != NEVER && nowMs > due.atMs) {
                due.atMs = NEVER;
                found.add(one.getKey());
            }
            nextMs = Math.min(nextMs, due.atMs);
        }
        found.sort(null);
        found.forEach(stale);
    }

    void clear() {
        series.clear();
        clockMs = Long.MIN_VALUE;
        nextMs = NEVER;
    }
}
