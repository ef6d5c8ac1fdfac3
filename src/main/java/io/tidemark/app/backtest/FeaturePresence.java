package io.tidemark.app.backtest;

import org.jspecify.annotations.Nullable;

/**
 * In which lines of a file a feature has values, and whether it came or went for good: it has none in a stretch at the file's beginning or end
 * that is a tenth of the file, {@value #LINES_LEAST} lines and three times the longest stretch without one between.
 */
final class FeaturePresence {
    private static final long LINES_LEAST = 30;

    private long first;
    private long last;
    private long longest;

    /** A line has a value. */
    void seen(long line) {
        if (first == 0) first = line;
        else longest = Math.max(longest, line - last);
        last = line;
    }

    /** Takes over the lines of another series of the file. */
    void merge(FeaturePresence part) {
        if (part.first == 0) return;
        longest = Math.max(longest, part.longest);
        first = first == 0 ? part.first : Math.min(first, part.first);
        last = Math.max(last, part.last);
    }

    /**
     * Says that it came or went; null where it did neither.
     *
     * @param from the file's first line with a row
     * @param to its last one
     */
    @Nullable
    String change(long from, long to) {
        if (first == 0) return null;
        long least = Math.max(LINES_LEAST, Math.max((to - from) / 10, 3 * longest));
        if (to - last >= least) return "has no value after line " + last + " of " + to;
        return first - from >= least ? "has its first value in line " + first + " of " + to : null;
    }
}
