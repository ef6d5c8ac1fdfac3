package io.tidemark.role.verdict;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The series of one stream that were the strangest of late, in one task: at most {@value #MOST}, each at its highest return level.
 *
 * <p>A step below {@value #LEAST} costs one comparison. For one thread.
 */
final class StrangestSeries {
    /** The most series of a stream that are named. */
    static final int MOST = 10;
    /** Return level from which on a series is named: one step in a hundred is as strange. */
    static final double LEAST = 2;
    /** How long a level is remembered, in milliseconds of the wall clock. */
    static final long HELD_MS = 300_000;

    private final String[] names = new String[MOST];
    private final double[] levels = new double[MOST];
    private final long[] atMs = new long[MOST];
    private int size;

    /** @param level the step's return level; NaN where it has none */
    void seen(String series, double level, long nowMs) {
        if (!(level >= LEAST)) return;
        int place = place(series, level, nowMs);
        if (place < 0) return;
        names[place] = series;
        levels[place] = level;
        atMs[place] = nowMs;
        size = Math.max(size, place + 1);
    }

    /** Where the level is to be written; -1 where it is none of the highest. */
    private int place(String series, double level, long nowMs) {
        int lowest = -1;
        double least = level;
        for (int i = 0; i < size; i++) {
            double held = nowMs - atMs[i] < HELD_MS ? levels[i] : 0;
            if (names[i].equals(series)) return level >= held ? i : -1;
            if (held < least) {
                lowest = i;
                least = held;
            }
        }
        return size < MOST ? size : lowest;
    }

    /** Return levels by series, of those that are remembered at a time. */
    Map<String, Double> now(long nowMs) {
        Map<String, Double> strangest = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            if (nowMs - atMs[i] < HELD_MS) strangest.put(names[i], levels[i]);
        }
        return strangest;
    }

    void clear() {
        size = 0;
    }
}
