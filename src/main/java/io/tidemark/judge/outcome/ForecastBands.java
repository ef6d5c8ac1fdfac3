package io.tidemark.judge.outcome;

import io.tidemark.series.sample.Wire;

/**
 * Makes the bands of a series' forecasts as wide as its own steps ask for, so that they cover what they say while a network learns:
 * adaptive conformal inference for each horizon step (Gibbs and Candès, Adaptive conformal inference under distribution shift, 2021;
 * delayed as in their 2024 paper, since a forecast is judged up to a horizon later).
 *
 * <ol>
 *   <li>Every quantile is moved away from the median, or towards it, by a factor {@code exp(common + own[h])} of horizon step h.
 *   <li>One forecast at a time is followed, as it was issued: with each step that comes, the share of its features outside the outermost
 *       quantiles is compared with what they promise. {@code own[h]} moves by {@link #GAIN} times the difference ({@value #GAIN_FIRST} at first, falling
 *       with every forecast followed), {@code common} by {@link #COMMON_GAIN} times.
 *   <li>So over T followed forecasts the coverage at each horizon step is within some {@code 4 / (GAIN · T)} of the promise, whatever the series
 *       does. A step moves a band by a few percent at most: no incident blows it up.
 *   <li>Values that are missing count nowhere. Of more than {@value #ENTRIES_MAX} horizon steps times features some features are
 *       followed, in turns from forecast to forecast.
 * </ol>
 *
 * <p>Gains and bounds were chosen on made-up series, without labels. Owned by one thread; observing and applying allocate nothing once the sizes are
 * known.
 *
 * <pre>
 *   factors  u8 magic | u16 horizon | i32 followed | f32 common | H x f32 own
 *   pending  u8 magic | u8 pending | u16 horizon | u16 features followed | u16 first of them | i64 step issued | f32 promise |
 *            H x followed x 2 x f64 lower and upper
 * </pre>
 */
final class ForecastBands {
    /** Slots of its state: the factors, then the forecast that is followed. */
    static final int SLOTS = 2;

    static final int ENTRIES_MAX = 256;
    static final double GAIN = 0.04;
    static final double GAIN_FIRST = 0.2;
    static final double COMMON_GAIN = 0.02;

    /** Factors lie in [exp(−4), exp(4)]. */
    private static final float BOUND = 2;

    private static final int FACTORS_MAGIC = 0xB1;
    private static final int PENDING_MAGIC = 0xB2;

    private int horizon;
    private int followed;
    private float common;
    private float[] own = new float[0];

    private boolean pending;
    private int features;
    private int first;
    private long issued;
    /** Share of the values that the followed band is to leave out. */
    private float outside;

    private double[] bounds = new double[0];

    private boolean factorsChanged;
    private boolean pendingChanged;

    /**
     * Judges the followed forecast by a step.
     *
     * @param step its number; of one that is not in the followed forecast's horizon nothing is learnt
     * @param values of the step, in the features' units; NaN where missing
     * @param imputed where a value was not measured
     * @param all features of the stream
     */
    void observe(long step, double[] values, boolean[] imputed, int all) {
        if (!pending) return;
        long ahead = step - issued - 1;
        if (ahead >= horizon || ahead < 0) {
            pending = false;
            pendingChanged = true;
            return;
        }
        int h = (int) ahead;
        int count = 0;
        int out = 0;
        for (int k = 0; k < features; k++) {
            int f = (first + k) % all;
            double value = values[f];
            if (imputed[f] || Double.isNaN(value)) continue;
            int at = 2 * (h * features + k);
            count++;
            if (value < bounds[at] || value > bounds[at + 1]) out++;
        }
        if (count > 0) {
            double miss = (double) out / count - outside;
            double gain = Math.max(GAIN, GAIN_FIRST / (1 + followed / 4.0));
            own[h] = bounded(own[h] + gain * miss);
            common = bounded(common + COMMON_GAIN * miss);
            factorsChanged = true;
        }
        if (h == horizon - 1) {
            pending = false;
            pendingChanged = true;
        }
    }

    private static float bounded(double factor) {
        return (float) Math.max(-BOUND, Math.min(BOUND, factor));
    }

    /**
     * Moves a forecast's quantiles, in place, and follows it unless another one is being followed.
     *
     * @param step number of the newest step that the forecast knows
     */
    void apply(long step, Forecast forecast) {
        int levels = forecast.levels.length;
        int median = median(forecast.levels);
        if (levels < 3 || median <= 0 || median == levels - 1) return;
        if (forecast.horizon != horizon) begin(forecast.horizon);
        int all = forecast.features.size();
        for (int at = 0, h = 0; h < horizon; h++) {
            double factor = Math.exp(common + own[h]);
            for (int f = 0; f < all; f++, at += levels) {
                double centre = forecast.quantiles[at + median];
                for (int q = 0; q < levels; q++) {
                    if (q == median) continue;
                    forecast.quantiles[at + q] = centre + factor * (forecast.quantiles[at + q] - centre);
                }
            }
        }
        if (!pending) follow(step, forecast);
    }

    private static int median(float[] levels) {
        for (int q = 0; q < levels.length; q++) if (levels[q] == 0.5f) return q;
        return -1;
    }

    private void begin(int steps) {
        horizon = steps;
        followed = 0;
        common = 0;
        own = new float[steps];
        pending = false;
        factorsChanged = true;
        pendingChanged = true;
    }

    private void follow(long step, Forecast forecast) {
        int all = forecast.features.size();
        int levels = forecast.levels.length;
        features = Math.max(1, Math.min(all, ENTRIES_MAX / horizon));
        first = (int) ((long) followed * features % all);
        if (bounds.length != 2 * horizon * features) bounds = new double[2 * horizon * features];
        for (int h = 0; h < horizon; h++) {
            for (int k = 0; k < features; k++) {
                int from = (h * all + (first + k) % all) * levels;
                int at = 2 * (h * features + k);
                bounds[at] = forecast.quantiles[from];
                bounds[at + 1] = forecast.quantiles[from + levels - 1];
            }
        }
        outside = 1 - (forecast.levels[levels - 1] - forecast.levels[0]);
        issued = step;
        pending = true;
        followed++;
        factorsChanged = true;
        pendingChanged = true;
    }

    /** Forgets everything: a series of another generation begins. */
    void clear() {
        begin(0);
    }

    /** Whether a slot is to be written; asking makes it not so. */
    boolean takeChange(int slot) {
        boolean changed = slot == 0 ? factorsChanged : pendingChanged;
        if (slot == 0) factorsChanged = false;
        else pendingChanged = false;
        return changed;
    }

    /** Writes a slot. */
    void write(int slot, Wire wire) {
        if (slot == 0) {
            wire.u8(FACTORS_MAGIC).u16(horizon).i32(followed).f32(common).floats(own, 0, horizon);
            return;
        }
        wire.u8(PENDING_MAGIC).u8(pending ? 1 : 0);
        if (!pending) return;
        wire.u16(horizon).u16(features).u16(first).i64(issued).f32(outside);
        wire.doubles(bounds, 0, 2 * horizon * features);
    }

    /**
     * Takes a slot back; one that was never written, or holds something else, leaves that part empty. The factors come first.
     *
     * @param bytes as {@link #write} wrote them
     */
    void read(int slot, byte[] bytes) {
        Wire wire = Wire.reader(bytes);
        if (slot == 0) {
            begin(0);
            if (wire.u8() != FACTORS_MAGIC) return;
            horizon = wire.u16();
            followed = wire.i32();
            common = wire.f32();
            own = new float[horizon];
            wire.readFloats(own, 0, horizon);
        } else if (wire.u8() == PENDING_MAGIC && wire.u8() == 1 && wire.u16() == horizon) {
            features = wire.u16();
            first = wire.u16();
            issued = wire.i64();
            outside = wire.f32();
            bounds = new double[2 * horizon * features];
            wire.readDoubles(bounds, 0, bounds.length);
            pending = true;
        }
        factorsChanged = false;
        pendingChanged = false;
    }
}
