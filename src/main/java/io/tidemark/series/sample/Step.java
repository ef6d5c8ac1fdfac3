package io.tidemark.series.sample;

import java.util.Arrays;

/**
 * One closed step of one series: which, when, made of which events, with its values and the scale they are judged on.
 *
 * <p>Mutable and reused by one thread. The same bytes stand at the head of a sample and of its inference, so a worker copies
 * them without reading them.
 *
 * <pre>
 * u8 flags | string stream | string series | i32 generation | i64 step | i64 timeMs | i64 producedMs | event ranges
 * u16 features F | F x f64 values | F x f64 location | F x f64 scale | ceil(F/8) bytes imputed bits | f32 filledShare
 * </pre>
 */
public final class Step {
    /** Features that one series may have. */
    public static final int FEATURES_MAX = 4096;

    /** Event times a step may have: years 0 to 9999 of the common era; epoch milliseconds. */
    private static final long TIME_MIN_MS = -62_167_219_200_000L;

    private static final long TIME_MAX_MS = 253_402_300_799_999L;
    /** Numbers a step may have, below 0 too. */
    private static final long NUMBER_MAX = 1L << 53;

    private static final int TEACHES = 1;
    private static final int IDLE_CLOSED = 2;
    private static final int FORECAST_DUE = 4;

    /** The stream's name. */
    public String stream = "";
    /** The series key. */
    public String series = "";
    /** Counts changes of window, step or scaling; state of another generation does not mix with this one. */
    public int generation;
    /** Number of the step in its series: consecutive without a gap; on a time grid the index of the grid step. */
    public long step;
    /** Event time of the step: of the event, or of the start of the grid step; epoch milliseconds. */
    public long timeMs;
    /** Kafka timestamp of the newest event in it; epoch milliseconds of a wall clock: for meters only. */
    public long producedMs;
    /** The rows of this series go to the training topic. */
    public boolean teaches;
    /** Closed because the series fell silent. */
    public boolean idleClosed;
    /** The worker shall add forecasts to its inference. */
    public boolean forecastDue;
    /** Share of filled steps in the window; in [0, 1], or NaN when a gap makes the window unusable for networks. */
    public float filledShare;

    public final EventRanges events = new EventRanges();

    private int features;
    private double[] values = new double[1];
    private double[] location = new double[1];
    private double[] scale = new double[1];
    private boolean[] imputed = new boolean[1];

    /** Sets the number of features; arrays grow and keep no content. */
    public void features(int count) {
        if (count < 1 || count > FEATURES_MAX) {
            throw new IllegalArgumentException("features must be in [1, " + FEATURES_MAX + "], but was " + count);
        }
        features = count;
        if (values.length < count) {
            values = new double[count];
            location = new double[count];
            scale = new double[count];
            imputed = new boolean[count];
        }
        Arrays.fill(imputed, 0, count, false);
    }

    public int features() {
        return features;
    }

    /** Values in the features' own units, NaN where missing; the first {@link #features()} count. */
    public double[] values() {
        return values;
    }

    /** What a value is measured from, learnt from earlier steps only; in the features' own units. */
    public double[] location() {
        return location;
    }

    /** What a deviation is measured in; above 0. */
    public double[] scale() {
        return scale;
    }

    /** Which values were filled in by the gap policy. */
    public boolean[] imputed() {
        return imputed;
    }

    /** The deviation of a feature in scale units, clipped to [-clip, clip]; NaN when the value is missing. */
    public static float scaled(double value, double location, double scale, double clip) {
        double z = (value - location) / scale;
        return (float) Math.max(-clip, Math.min(clip, z));
    }

    public void write(Wire wire) {
        wire.u8((teaches ? TEACHES : 0) | (idleClosed ? IDLE_CLOSED : 0) | (forecastDue ? FORECAST_DUE : 0));
        wire.string(stream).string(series).i32(generation).i64(step).i64(timeMs).i64(producedMs);
        events.write(wire);
        wire.u16(features);
        wire.doubles(values, 0, features).doubles(location, 0, features).doubles(scale, 0, features);
        for (int from = 0; from < features; from += 8) {
            int bits = 0;
            for (int i = from; i < Math.min(features, from + 8); i++) if (imputed[i]) bits |= 1 << (i - from);
            wire.u8(bits);
        }
        wire.f32(filledShare);
    }

    public void read(Wire wire) {
        int flags = wire.u8();
        teaches = (flags & TEACHES) != 0;
        idleClosed = (flags & IDLE_CLOSED) != 0;
        forecastDue = (flags & FORECAST_DUE) != 0;
        stream = wire.string();
        series = wire.string();
        generation = wire.i32();
        step = wire.i64();
        timeMs = wire.i64();
        producedMs = wire.i64();
        events.read(wire);
        int count = wire.u16();
        if (count < 1 || count > FEATURES_MAX) {
            throw new MalformedRecordException("a step of " + count + " features is not in [1, " + FEATURES_MAX + "]");
        }
        features(count);
        wire.readDoubles(values, 0, count);
        wire.readDoubles(location, 0, count);
        wire.readDoubles(scale, 0, count);
        for (int from = 0; from < count; from += 8) {
            int bits = wire.u8();
            for (int i = from; i < Math.min(count, from + 8); i++) imputed[i] = (bits & (1 << (i - from))) != 0;
        }
        filledShare = wire.f32();
        check();
    }

    private void check() {
        if (stream.isEmpty() || stream.indexOf('/') >= 0) {
            throw new MalformedRecordException("a step must name its stream and its series");
        }
        if (timeMs < TIME_MIN_MS || timeMs > TIME_MAX_MS) {
            throw new MalformedRecordException(
                    "a step's time of " + timeMs + " ms is not in [" + TIME_MIN_MS + ", " + TIME_MAX_MS + "]");
        }
        if (Math.abs(step) > NUMBER_MAX || step == Long.MIN_VALUE) {
            throw new MalformedRecordException("a step's number of " + step + " is over " + NUMBER_MAX);
        }
        if (filledShare < 0 || filledShare > 1) {
            throw new MalformedRecordException("a step's filled share of " + filledShare + " is not in [0, 1]");
        }
        for (int i = 0; i < features; i++) {
            boolean good = !Double.isInfinite(values[i])
                    && !Double.isInfinite(location[i])
                    && scale[i] > 0
                    && scale[i] < Double.POSITIVE_INFINITY;
            if (!good) {
                throw new MalformedRecordException("feature " + i + " of a step has value " + values[i] + ", location "
                        + location[i] + " and scale " + scale[i] + "; the scale must be above 0, and none infinite");
            }
        }
    }
}
