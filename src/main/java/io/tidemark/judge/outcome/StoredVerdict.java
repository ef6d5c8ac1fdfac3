package io.tidemark.judge.outcome;

import io.tidemark.series.sample.Wire;
import org.jspecify.annotations.Nullable;

/** What the stored slots of a series say without a verdict being opened; slots that hold something else say nothing. */
public final class StoredVerdict {
    private static final int NEWEST_AT = 13;

    private StoredVerdict() {}

    /** Event time of the newest step in a stored progress slot; epoch milliseconds; the least number where it does not say. */
    public static long newestMs(byte[] progress) {
        Wire wire = Wire.reader(progress);
        if (wire.remaining() < NEWEST_AT + Long.BYTES || wire.u8() != SeriesVerdict.FORMAT) return Long.MIN_VALUE;
        wire.skip(NEWEST_AT - 1);
        return wire.i64();
    }

    /** Whether the series' alert is open in a stored slot. */
    public static boolean isOpen(byte[] slot) {
        return slot.length > 0 && slot[0] == 1;
    }

    /** Whether the alert of silence is open in a stored slot. */
    public static boolean isStale(byte @Nullable [] slot) {
        return StaleAlert.isOpen(slot);
    }

    /** {@link #silenceMs} by a stored slot, null where there is none. */
    public static long silenceMs(VerdictPlan plan, byte @Nullable [] slot) {
        return StaleAlert.limitMs(plan.spec.verdict().idle(), slot);
    }
}
