package io.tidemark.judge.outcome;

import io.tidemark.series.sample.Wire;
import java.time.Duration;

/**
 * How regularly a series comes, and which silence of it is news: one of {@value #TIMES} times its longest distance between two steps of the
 * last two to four weeks, and of a minute at least.
 *
 * <ol>
 *   <li>A series that was watched for less than a day, or for fewer than {@value #STEPS} steps, has no rhythm yet.
 *   <li>One whose longest distance is more than {@value #IRREGULAR} times the usual one is irregular: it comes when something happens, or
 *       keeps working hours, and no silence of it is news.
 *   <li>A silence that was told is no part of the rhythm, unless another one follows within four weeks.
 * </ol>
 *
 * <pre>
 *   i64 first step | i64 begin of the block | i64 longest in it | i64 longest in the one before | i64 when a silence was told
 * </pre>
 */
final class Rhythm {
    static final int TIMES = 5;
    static final int STEPS = 100;
    static final int IRREGULAR = 20;
    static final long LEAST_MS = Duration.ofMinutes(1).toMillis();
    static final long WATCHED_MS = Duration.ofDays(1).toMillis();
    private static final long BLOCK_MS = Duration.ofDays(14).toMillis();
    private static final long NEVER = Long.MIN_VALUE;

    private long firstMs = NEVER;
    private long blockMs;
    private long longestMs;
    private long longestBeforeMs;
    private long toldMs = NEVER;

    /**
     * Takes the distance of a step to the one before.
     *
     * @param beforeMs event time of the step before; at most {@code timeMs}
     * @param told whether the silence between them was an alert
     * @return whether anything that is stored changed
     */
    boolean step(long beforeMs, long timeMs, boolean told) {
        boolean changed = false;
        if (firstMs == NEVER) {
            firstMs = beforeMs;
            blockMs = beforeMs;
            changed = true;
        }
        if (timeMs - blockMs >= BLOCK_MS) {
            longestBeforeMs = timeMs - blockMs >= 2 * BLOCK_MS ? 0 : longestMs;
            longestMs = 0;
            blockMs = timeMs;
            changed = true;
        }
        long distanceMs = timeMs - beforeMs;
        if (told && (toldMs == NEVER || timeMs - toldMs > 2 * BLOCK_MS)) {
            toldMs = timeMs;
            return true;
        }
        if (distanceMs <= longestMs) return changed;
        longestMs = distanceMs;
        return true;
    }

    /**
     * The silence that is news; {@link Long#MAX_VALUE} where none is.
     *
     * @param stepMs usual distance between two steps; above 0
     * @param newestMs event time of the newest step
     */
    long limitMs(double stepMs, long newestMs) {
        if (firstMs == NEVER) return Long.MAX_VALUE;
        long watchedMs = newestMs - firstMs;
        long longest = Math.max(longestMs, longestBeforeMs);
        boolean known = watchedMs >= WATCHED_MS && watchedMs >= STEPS * stepMs;
        if (!known || longest > IRREGULAR * stepMs) return Long.MAX_VALUE;
        return Math.max(TIMES * longest, LEAST_MS);
    }

    void clear() {
        firstMs = NEVER;
        longestMs = 0;
        longestBeforeMs = 0;
        toldMs = NEVER;
    }

    void write(Wire wire) {
        wire.i64(firstMs).i64(blockMs).i64(longestMs).i64(longestBeforeMs).i64(toldMs);
    }

    void read(Wire wire) {
        firstMs = wire.i64();
        blockMs = wire.i64();
        longestMs = wire.i64();
        longestBeforeMs = wire.i64();
        toldMs = wire.i64();
    }
}
