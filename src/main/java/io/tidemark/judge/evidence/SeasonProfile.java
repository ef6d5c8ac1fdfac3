package io.tidemark.judge.evidence;

import io.tidemark.judge.slots.SlotMemory;

/**
 * What a value usually is by quarter of an hour of the day and by hour of the week, and how large forecast errors are by time of day.
 *
 * <pre>
 *   by quarter-hour: mean f4 × 96 | mean |error| f4 × 96      by hour of week: mean f4 × 168      rows of each u1 × 264, at most 255
 * </pre>
 */
final class SeasonProfile {
    private static final int QUARTERS = 96;
    private static final int HOURS = 168;
    private static final long QUARTER_MS = 900_000;
    private static final long HOUR_MS = 3_600_000;

    static final int BYTES = 4 * (2 * QUARTERS + HOURS) + QUARTERS + HOURS;

    private static final int ROWS_MAX = 255;

    /** Share of a day's, and of a week's, mean that its newest visit makes. */
    private static final double DAY_RATE = 0.12;

    private static final double ERROR_RATE = 0.08;
    private static final double WEEK_RATE = 0.35;

    private final SlotMemory memory;
    private final int at;
    private final int weekAt;
    private final int rowsAt;

    SeasonProfile(SlotMemory memory) {
        this.memory = memory;
        at = memory.allocate(BYTES);
        weekAt = at + 8 * QUARTERS;
        rowsAt = weekAt + 4 * HOURS;
    }

    private static int quarter(long timeMs) {
        return (int) Math.floorMod(Math.floorDiv(timeMs, QUARTER_MS), (long) QUARTERS);
    }

    private static int hour(long timeMs) {
        return (int) Math.floorMod(Math.floorDiv(timeMs, HOUR_MS), (long) HOURS);
    }

    /** The usual value at this time of day; the other value while the time of day is new. */
    double day(long timeMs, double otherwise) {
        int i = quarter(timeMs);
        return memory.getByte(rowsAt + i) >= 1 ? memory.getFloat(at + 4 * i) : otherwise;
    }

    /** The usual value at this hour of the week; the other value while it is new. */
    double week(long timeMs, double otherwise) {
        int i = hour(timeMs);
        return memory.getByte(rowsAt + QUARTERS + i) >= 1 ? memory.getFloat(weekAt + 4 * i) : otherwise;
    }

    /**
     * The usual size of an error at this time of day, drawn to the overall one while few rows are known.
     *
     * @param rowsOfVisit rows in a quarter of an hour, at least 1
     */
    double error(long timeMs, double overall, double rowsOfVisit) {
        int i = quarter(timeMs);
        double rows = memory.getByte(rowsAt + i);
        if (rows <= Math.min(3 * rowsOfVisit, ROWS_MAX - 1)) {
            return overall;
        }
        double prior = 20 * rowsOfVisit;
        return (memory.getFloat(at + 4 * (QUARTERS + i)) * rows + prior * overall) / (rows + prior);
    }

    /**
     * @param bound the most that a value counts for beyond the mean
     * @param error size of the one-step error, bounded
     */
    void learn(long timeMs, double value, double bound, double error, double stepMs) {
        double ofQuarter = Math.max(1, QUARTER_MS / stepMs);
        int i = quarter(timeMs);
        double rows = visit(rowsAt + i);
        step(at + 4 * i, value, bound, rows, DAY_RATE / ofQuarter);
        int errorAt = at + 4 * (QUARTERS + i);
        double before = memory.getFloat(errorAt);
        memory.putFloat(errorAt, (float) (before + Math.max(ERROR_RATE / ofQuarter, 1 / rows) * (error - before)));
        int hour = hour(timeMs);
        double rowsOfHour = visit(rowsAt + QUARTERS + hour);
        step(weekAt + 4 * hour, value, bound, rowsOfHour, WEEK_RATE / Math.max(1, HOUR_MS / stepMs));
    }

    /** Whether nothing is known of this quarter of an hour. */
    boolean isNew(long timeMs) {
        return memory.getByte(rowsAt + quarter(timeMs)) == 0;
    }

    private int visit(int rows) {
        int visited = Math.min(memory.getByte(rows) + 1, ROWS_MAX);
        memory.putByte(rows, visited);
        return visited;
    }

    private void step(int mean, double value, double bound, double rows, double rate) {
        double before = memory.getFloat(mean);
        double moved = rows == 1
                ? value
                : before + Math.max(-bound, Math.min(bound, value - before)) * Math.max(rate, 1 / rows);
        memory.putFloat(mean, (float) moved);
    }

    void clear() {
        memory.clear(at, BYTES);
    }
}
