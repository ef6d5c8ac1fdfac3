package io.tidemark.judge.calibration;

import io.tidemark.judge.slots.SlotMemory;

/**
 * How far a signal has lately been from its usual value at this hour of the day: the mean of the last {@value #RESIDUALS} residuals against a
 * profile of 24 exponentially weighted means (UTC).
 *
 * <pre>
 *   residuals kept i4 | next residual i4 | residuals f4 × 24, a ring | (mean f4, days i4) × 24 hours
 * </pre>
 */
final class HourProfile {
    // Where each part of the state above lies, in bytes.
    private static final int NEXT_AT = 4;
    private static final int RESIDUALS_AT = 8;

    private static final int RESIDUALS = 24;
    private static final int HOURS = 24;
    private static final long HOUR_MS = 3_600_000;
    private static final double RATE_MIN = 0.02;

    static final int BYTES = 8 + 4 * RESIDUALS + 8 * HOURS;

    private final SlotMemory memory;
    private final int at;
    private final int hours;

    HourProfile(SlotMemory memory) {
        this.memory = memory;
        this.at = memory.allocate(BYTES);
        this.hours = at + RESIDUALS_AT + 4 * RESIDUALS;
    }

    /** Takes a value and returns the mean of the last residuals, this one included. */
    double add(long timeMs, double value) {
        int hour = hours + 8 * (int) Math.floorMod(Math.floorDiv(timeMs, HOUR_MS), (long) HOURS);
        double mean = memory.getFloat(hour);
        int count = memory.getInt(hour + 4) + 1;
        double residual = count == 1 ? 0 : value - mean;
        memory.putFloat(hour, (float) (mean + (value - mean) * Math.max(RATE_MIN, 1.0 / count)));
        memory.putInt(hour + 4, Math.min(count, 1_000_000));

        int next = memory.getInt(at + NEXT_AT);
        memory.putFloat(at + RESIDUALS_AT + 4 * next, (float) residual);
        memory.putInt(at + NEXT_AT, (next + 1) % RESIDUALS);
        int kept = Math.min(RESIDUALS, memory.getInt(at) + 1);
        memory.putInt(at, kept);
        double sum = 0;
        for (int i = 0; i < kept; i++) {
            sum += memory.getFloat(at + RESIDUALS_AT + 4 * i);
        }
        return sum / kept;
    }
}
