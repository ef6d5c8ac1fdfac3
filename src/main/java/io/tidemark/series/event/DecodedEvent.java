package io.tidemark.series.event;

import io.tidemark.series.sample.Frame;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One event of one series. Mutable: filled by a decoder, read by the next stage, and reused for the next record by the same
 * thread.
 */
public final class DecodedEvent {
    /** {@link #feature} of an event that carries all features at once. */
    public static final int WIDE = -1;

    /** The series key; at most {@link EventDecoder#SERIES_BYTES_MAX} bytes of UTF-8; empty until it was read. */
    public String series = "";
    /** Event time, epoch milliseconds, in the years 1 to 9999. */
    public long timeMs;
    /** The only feature that the event carries, or {@link #WIDE}. */
    public int feature = WIDE;
    /** Partition of the input topic that the event came in by. */
    public int partition;
    /** Offset in that partition. */
    public long offset;
    /** Kafka timestamp of the record; epoch milliseconds. */
    public long producedMs;

    /** The frame of an event of an image stream; null for rows. */
    public @Nullable Frame frame;

    private final double[] values;

    /** @param features values of a row; at least 1 */
    public DecodedEvent(int features) {
        values = new double[features];
        clear();
    }

    /** Values in the declared order, NaN where missing; written in place. */
    public double[] values() {
        return values;
    }

    /** Forgets series, time and values; the origin stays. */
    public void clear() {
        series = "";
        timeMs = 0;
        feature = WIDE;
        frame = null;
        Arrays.fill(values, Double.NaN);
    }

    /** The same for the same values, missing ones among them; events of other values hardly ever share it. */
    public long valuesHash() {
        long hash = 1;
        for (double v : values) hash = (hash ^ Double.doubleToLongBits(v)) * 0x9E3779B97F4A7C15L + (hash >>> 29);
        return hash;
    }

    /** Whether any value is there. */
    public boolean hasValue() {
        for (double v : values) if (!Double.isNaN(v)) return true;
        return false;
    }
}
