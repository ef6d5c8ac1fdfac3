package io.tidemark.judge.evidence;

import io.tidemark.judge.slots.SlotMemory;

/**
 * How often alerts began with the same source of late: a nuisance repeats itself, in the same feature, the same signal and the same direction.
 *
 * <pre>
 *   source i4 | alerts f4, decayed | × {@value #PLACES}
 * </pre>
 */
final class Habits {
    static final int BYTES = 16 * 8;
    private static final int PLACES = 16;
    private static final double MEMORY_STEPS = 3000;
    /** Alerts of one source within its memory from which on it is a habit. */
    private static final double FROM = 4;
    /** Surprise that each doubling of a habit takes. */
    private static final double SURPRISE = 2;

    private static final double LN2 = Math.log(2);

    private final SlotMemory memory;
    private final int at;

    Habits(SlotMemory memory) {
        this.memory = memory;
        at = memory.allocate(BYTES);
    }

    /** What a source's surprise is lowered by; 0 unless it is a habit. */
    double lowersBy(int source) {
        double alerts = alerts(source);
        return alerts <= FROM ? 0 : SURPRISE * Math.log(alerts / FROM) / LN2;
    }

    boolean isHabit(int source) {
        return alerts(source) >= FROM;
    }

    private double alerts(int source) {
        for (int i = at; i < at + BYTES; i += 8) {
            if (memory.getInt(i) == source) {
                return memory.getFloat(i + 4);
            }
        }
        return 0;
    }

    /** Counts an alert that began; the source with the fewest gives way. */
    void count(int source) {
        int place = at;
        for (int i = at; i < at + BYTES; i += 8) {
            if (memory.getInt(i) == source) {
                place = i;
                break;
            }
            if (memory.getFloat(i + 4) < memory.getFloat(place + 4)) {
                place = i;
            }
        }
        float before = memory.getInt(place) == source ? memory.getFloat(place + 4) : 0;
        memory.putInt(place, source);
        memory.putFloat(place + 4, before + 1);
    }

    /** Forgets a step's worth. */
    void fade() {
        for (int i = at + 4; i < at + BYTES; i += 8) {
            float alerts = memory.getFloat(i);
            if (alerts > 0) {
                memory.putFloat(i, alerts < 1e-3f ? 0 : (float) (alerts * (1 - 1 / MEMORY_STEPS)));
            }
        }
    }
}
