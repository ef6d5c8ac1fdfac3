package io.tidemark.judge.evidence;

import io.tidemark.judge.slots.SlotMemory;

/**
 * When a series was elevated before: what came at this time of the day on two days before, or at this time of the week in two weeks before, belongs to the calendar (a backup, a
 * report, the hours of work). It is expected for as long as it lasted before, unless it is more severe than it was.
 *
 * <p>What repeats at another pace is no calendar, and alerts every time.
 *
 * <pre>
 *   next i4 | last i4, counted from 1 | (first minute since 1970 i4 | feature, and {@link #LASTING} i2 | {@value #UNIT_MINUTES} minutes it lasted u1 | level in tenths u1) × {@value #EPISODES}
 * </pre>
 *
 * Without {@link #LASTING} an episode is a minute, and its last two bytes are the level in hundredths.
 */
final class AlertCalendar {
    private static final int EPISODES = 64;
    static final int BYTES = 8 + 8 * EPISODES;
    private static final int DAY = 24 * 60;
    private static final int WEEK = 7 * DAY;
    private static final int DAYS_BACK = 4;
    private static final int WEEKS_BACK = 3;
    /** Earlier days, or weeks, that make a calendar. */
    private static final int TIMES_NEEDED = 2;

    private static final double TOLERANCE_MS = 600_000;
    private static final double TOLERANCE_STEPS = 1.5;
    /** How much later in a week, against the tolerance in a day. */
    private static final double WEEK_TOLERANCE = 3;
    /** Levels above the earlier ones up to which an episode is the same. */
    private static final double MORE = 2;

    private static final int MINUTE_MS = 60_000;
    /** Unit of the time that an episode lasted. */
    private static final int UNIT_MINUTES = 10;

    private static final int BYTE_MAX = 255;
    /** Marks an episode that has a duration. */
    private static final int LASTING = 1 << 14;

    private final SlotMemory memory;
    private final int at;

    AlertCalendar(SlotMemory memory) {
        this.memory = memory;
        at = memory.allocate(BYTES);
    }

    /** Whether an elevated step of this level in a feature is one that the calendar lets expect. */
    boolean expects(long timeMs, double stepMs, int feature, double level) {
        double tolerance = Math.max(TOLERANCE_MS, TOLERANCE_STEPS * stepMs) / MINUTE_MS;
        int minute = minute(timeMs);
        int last = last();
        int began = last >= 0 && goesOn(last, minute, stepMs) ? memory.getInt(last) : minute;
        return repeats(began, minute, DAY, DAYS_BACK, tolerance, feature, level)
                || repeats(began, minute, WEEK, WEEKS_BACK, WEEK_TOLERANCE * tolerance, feature, level);
    }

    private boolean repeats(int began, int minute, int period, int back, double tolerance, int feature, double level) {
        int times = 0;
        double highest = 0;
        for (int k = 1; k <= back; k++) {
            double before = highest((double) began - k * period, (double) minute - k * period, tolerance, feature);
            times += before > 0 ? 1 : 0;
            highest = Math.max(highest, before);
        }
        return times >= TIMES_NEEDED && level <= highest + MORE;
    }

    /** The highest level of the feature's episodes that began at a minute and lasted to another, both within a tolerance. */
    private double highest(double began, double minute, double tolerance, int feature) {
        double highest = 0;
        for (int i = at + 8; i < at + BYTES; i += 8) {
            if ((memory.getShort(i + 4) & ~LASTING) == feature
                    && Math.abs(memory.getInt(i) - began) <= tolerance
                    && minute <= memory.getInt(i) + minutes(i) + tolerance) {
                highest = Math.max(highest, level(i));
            }
        }
        return highest;
    }

    private int minutes(int place) {
        return (memory.getShort(place + 4) & LASTING) == 0
                ? 0
                : (memory.getShort(place + 6) >>> 8 & BYTE_MAX) * UNIT_MINUTES;
    }

    private double level(int place) {
        int stored = memory.getShort(place + 6);
        return (memory.getShort(place + 4) & LASTING) == 0 ? stored / 100.0 : (stored & BYTE_MAX) / 10.0;
    }

    /** Notes an elevated step; one soon after the last belongs to its episode, and makes it longer. */
    void note(long timeMs, double stepMs, int feature, double level) {
        int minute = minute(timeMs);
        int last = last();
        if (last >= 0 && goesOn(last, minute, stepMs)) {
            put(last, (double) minute - memory.getInt(last), Math.max(level(last), level));
            return;
        }
        int next = memory.getInt(at);
        int place = at + 8 + 8 * next;
        memory.putInt(place, minute);
        memory.putShort(place + 4, feature);
        put(place, 0, level);
        memory.putInt(at + 4, next + 1);
        memory.putInt(at, (next + 1) % EPISODES);
    }

    private int last() {
        int last = memory.getInt(at + 4) - 1;
        return last < 0 ? -1 : at + 8 + 8 * last;
    }

    private boolean goesOn(int episode, int minute, double stepMs) {
        double since = (double) minute - memory.getInt(episode);
        double soon = Math.max(TOLERANCE_MS, 2 * stepMs) / MINUTE_MS;
        return since >= 0 && since <= minutes(episode) + soon && since <= BYTE_MAX * UNIT_MINUTES;
    }

    private static int minute(long timeMs) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, timeMs / MINUTE_MS));
    }

    private void put(int place, double minutes, double level) {
        int units = (int) Math.round(minutes / UNIT_MINUTES);
        int tenths = (int) Math.min(BYTE_MAX, Math.round(10 * level));
        memory.putShort(place + 4, memory.getShort(place + 4) | LASTING);
        memory.putShort(place + 6, units << 8 | tenths);
    }
}
