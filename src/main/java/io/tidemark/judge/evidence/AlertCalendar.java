package io.tidemark.judge.evidence;

import io.tidemark.judge.slots.SlotMemory;

/**
 * When a series was elevated before: what came at this time of the day on two days before, or at this time of the week in two weeks before, belongs to the calendar (a backup, a
 * report, a clean-up). It is expected, unless it is more severe than it was.
 *
 * <p>What repeats at another pace is no calendar, and alerts every time.
 *
 * <pre>
 *   next i4 | last i4, counted from 1 | (minute since 1970 i4 | feature i2 | level in hundredths i2) × {@value #EPISODES}
 * </pre>
 */
final class AlertCalendar {
    private static final int EPISODES = 64;
    static final int BYTES = 8 + 8 * EPISODES;
    private static final long DAY_MS = 86_400_000;
    private static final long WEEK_MS = 7 * DAY_MS;
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

    private final SlotMemory memory;
    private final int at;

    AlertCalendar(SlotMemory memory) {
        this.memory = memory;
        at = memory.allocate(BYTES);
    }

    /** Whether an elevated step of this level in a feature is one that the calendar lets expect. */
    boolean expects(long timeMs, double stepMs, int feature, double level) {
        double tolerance = Math.max(TOLERANCE_MS, TOLERANCE_STEPS * stepMs);
        return repeats(timeMs, DAY_MS, DAYS_BACK, tolerance, feature, level)
                || repeats(timeMs, WEEK_MS, WEEKS_BACK, WEEK_TOLERANCE * tolerance, feature, level);
    }

    private boolean repeats(long timeMs, long period, int back, double tolerance, int feature, double level) {
        int times = 0;
        double highest = 0;
        for (int k = 1; k <= back; k++) {
            double before = highest((double) timeMs - k * period, tolerance, feature);
            times += before > 0 ? 1 : 0;
            highest = Math.max(highest, before);
        }
        return times >= TIMES_NEEDED && level <= highest + MORE;
    }

    private double highest(double timeMs, double tolerance, int feature) {
        double minute = timeMs / MINUTE_MS;
        double within = tolerance / MINUTE_MS;
        int highest = 0;
        for (int i = at + 8; i < at + BYTES; i += 8) {
            int level = memory.getShort(i + 6);
            if (level > 0 && memory.getShort(i + 4) == feature && Math.abs(memory.getInt(i) - minute) <= within) {
                highest = Math.max(highest, level);
            }
        }
        return highest / 100.0;
    }

    /** Notes an elevated step; steps close to the last one belong to its episode. */
    void note(long timeMs, double stepMs, int feature, double level) {
        int minute = (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, timeMs / MINUTE_MS));
        int hundredths = (int) Math.min(Short.MAX_VALUE, 100 * level);
        int last = memory.getInt(at + 4) - 1;
        if (last >= 0) {
            int place = at + 8 + 8 * last;
            double since = (double) timeMs - (double) MINUTE_MS * memory.getInt(place);
            if (since <= Math.max(TOLERANCE_MS, 2 * stepMs)) {
                memory.putShort(place + 6, Math.max(memory.getShort(place + 6), hundredths));
                return;
            }
        }
        int next = memory.getInt(at);
        int place = at + 8 + 8 * next;
        memory.putInt(place, minute);
        memory.putShort(place + 4, feature);
        memory.putShort(place + 6, hundredths);
        memory.putInt(at + 4, next + 1);
        memory.putInt(at, (next + 1) % EPISODES);
    }
}
