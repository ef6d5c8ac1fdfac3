package io.tidemark.judge.evidence;

import io.tidemark.judge.slots.SlotMemory;
import java.util.Arrays;

/**
 * The evidence that one feature of a series gives: its signals at a step, and the surprise of each among those before.
 *
 * <p>Values are held relative to the location and scale of the feature's first {@value #SETTLING} rows. Forecasts at {@link #HORIZONS} rows, and one
 * from the other features at the same row, leave errors; signals are those errors, their bounded means over a while, the size of the errors, how long
 * the value has stood still, the value itself, and its distance from the profile of its time. Upper and lower tails are apart.
 *
 * <pre>
 *   location f8 | scale f8 | rows i4 | run of equal values 4 | ema8, ema64 f4 | size, motion f4 | level means f4 × 3 | relation mean f4 | season mean f4
 *   | usual error f4 × 4 | of relation f4 | of season f4 | rows without a value i4 | rows at the last return i4 | rings f4 × 3 × RING | forecasts | profile | tails
 * </pre>
 */
final class FeatureEvidence {
    // Where each part of the state above lies, in bytes.
    private static final int SCALE_AT = 8;
    private static final int ROWS_AT = 16;
    private static final int RUN_AT = 20;
    private static final int EMA_8_AT = 24;
    private static final int EMA_64_AT = 28;
    private static final int SIZE_AT = 32;
    private static final int MOTION_AT = 36;
    private static final int LEVEL_MEANS_AT = 40;
    private static final int RELATION_MEAN_AT = 52;
    private static final int SEASON_MEAN_AT = 56;
    private static final int USUAL_ERRORS_AT = 60;
    private static final int ROWS_AWAY_AT = 84;
    private static final int RETURN_ROW_AT = 88;

    /** Rows ahead of each forecast. */
    static final int[] HORIZONS = {1, 8, 32, 128};

    private static final int H = HORIZONS.length;
    private static final int LAGS = 6;
    private static final int NEAR = LAGS + 5;
    private static final int FAR = 9;
    private static final int RING = 136;
    private static final int SETTLING = 128;

    /** Rows of a constant after which its first change is told; one alert in the life of a series. */
    private static final int CONSTANT_ROWS = 64;

    /** Size of a constant's first change, in the scale that it gives. */
    private static final double FIRST_CHANGE = 10;

    private static final double CLIP = 40;
    private static final double FORECAST_MAX = 60;
    private static final double RELATION_MAX = 80;
    private static final double ERROR_BOUND = 8;
    private static final double TEACH_BOUND = 4;
    private static final double ERROR_LEAST = 1e-4;
    private static final int YOUNG_ROWS = 200;
    private static final int TAILS_FROM = 150;
    private static final double MOTION_LEAST = 0.02;

    /** Rows of its own from which on a feature that came later than the series speaks, and of its season: the others' past is no measure of its youth. */
    private static final int LATECOMER_SPEAKS_FROM = 256;

    private static final int LATECOMER_SEASON_FROM = 1024;

    /** Rows of which half have one value where a feature rests at it. */
    private static final int REST_ROWS = 16;

    /** Rows without a value after which the feature is away: others are not held against it, and what it was is no forecast of what it is. */
    private static final int AWAY_ROWS = 8;

    private static final int HEADER_BYTES = 24 + 4 * (4 + H - 1 + 2 + H + 2) + 8;

    private final SlotMemory memory;
    private final int at;
    private final int rings;
    /** Where the row of the first change stands, counted from 1 and 0 before it. */
    private final int life;

    private final RecursiveLeastSquares[] forecasts = new RecursiveLeastSquares[H];
    private final RecursiveLeastSquares relation;
    private final SeasonProfile profile;
    private final FeatureRange range;
    private final SignalTails tails;
    private final EqualRun run;
    private final int others;

    private final double[][] regressors = new double[H][];
    private final boolean[] forecast = new boolean[H];
    private final double[] relationRegressors;
    private final double[] errors = new double[H];
    private final double[] signals = new double[Signal.BESIDE_OTHERS];
    private double relationError;
    private double most;
    private double ofValue;
    private double ofError;
    private double ofWholeError;
    private double z;
    private boolean known;
    private boolean related;

    /**
     * @param others how many other features the value is held against; 0: none
     * @param runsWait whether the repeats of a run teach when it is over; else at once
     */
    FeatureEvidence(SlotMemory memory, int others, boolean runsWait, double memorySamples) {
        this.memory = memory;
        this.others = others;
        at = memory.allocate(HEADER_BYTES);
        run = new EqualRun(memory, at + RUN_AT, runsWait);
        rings = memory.allocate(12 * RING);
        life = memory.allocate(4 + FeatureRange.BYTES);
        range = new FeatureRange(memory, life + 4);
        for (int h = 0; h < H; h++) {
            int length = h == 0 ? NEAR : FAR;
            forecasts[h] = new RecursiveLeastSquares(memory, length, h == 0 ? 0.9995 : 0.9998);
            regressors[h] = new double[length];
        }
        relation = new RecursiveLeastSquares(memory, others == 0 ? 1 : others + 2, 0.9998);
        relationRegressors = new double[others == 0 ? 1 : others + 2];
        profile = new SeasonProfile(memory);
        tails = new SignalTails(memory, signals(others), memorySamples);
    }

    /** Bytes of a feature beside so many others. */
    static int bytes(int others) {
        return HEADER_BYTES
                + FeatureRange.BYTES
                + 8
                + 12 * RING
                + RecursiveLeastSquares.bytes(NEAR)
                + (H - 1) * RecursiveLeastSquares.bytes(FAR)
                + RecursiveLeastSquares.bytes(others == 0 ? 1 : others + 2)
                + SeasonProfile.BYTES
                + SignalTails.bytes(signals(others));
    }

    private static int signals(int others) {
        return others == 0 ? Signal.ALONE : Signal.BESIDE_OTHERS;
    }

    /**
     * Takes the value of a row; NaN when there is none.
     *
     * @return whether it is the first change of a value that has been constant for all its life, and for long
     */
    boolean take(double value) {
        known = !Double.isNaN(value);
        int rows = memory.getInt(at + ROWS_AT);
        if (!known) {
            z = previous();
            memory.putInt(at + ROWS_AWAY_AT, Math.min(memory.getInt(at + ROWS_AWAY_AT) + 1, AWAY_ROWS));
            return false;
        }
        if (isAway()) {
            memory.putInt(at + RETURN_ROW_AT, rows);
        }
        memory.putInt(at + ROWS_AWAY_AT, 0);
        if (rows == 0) {
            memory.putDouble(at, value);
        }
        double location = memory.getDouble(at);
        boolean first = memory.getInt(life) == 0 && value != location;
        if (first) {
            // all that is held of a constant is 0, whatever its scale
            double change = Math.abs(value - location);
            memory.putDouble(
                    at + SCALE_AT,
                    rows < CONSTANT_ROWS ? Math.max(change, Math.abs(value) * 0.1) : change / FIRST_CHANGE);
            memory.putInt(life, rows + 1);
        }
        z = scaled(value);
        settle(rows, value);
        return first && rows >= CONSTANT_ROWS;
    }

    /** Takes location and scale from the rows since the first change, several times while they are few. */
    private void settle(int rows, double value) {
        int changed = memory.getInt(life) - 1;
        int since = rows - Math.max(0, changed);
        if (changed < 0 || since >= SETTLING) {
            return;
        }
        int count = changed < CONSTANT_ROWS ? rows + 1 : since + 1;
        boolean powerOfTwo = (since & (since - 1)) == 0;
        if (since > 8 && (powerOfTwo || since == SETTLING - 1 || since % 32 == 31) && count <= RING) {
            ring(0, rows, (float) z);
            settle(rows, count);
            z = scaled(value);
        }
    }

    private double scaled(double value) {
        double scale = memory.getDouble(at + SCALE_AT);
        return scale == 0 ? 0 : bounded((value - memory.getDouble(at)) / scale);
    }

    /** Sets location and scale from the last rows, and puts what is held in units of the scale before into the new one. */
    private void settle(int last, int count) {
        float[] sorted = new float[count];
        for (int i = 0; i < count; i++) {
            sorted[i] = ring(0, last - i);
        }
        Arrays.sort(sorted);
        double location = memory.getDouble(at);
        double scale = memory.getDouble(at + SCALE_AT);
        double middle = location + scale * sorted[count / 2];
        double spread = scale * (sorted[(int) (0.9 * count)] - sorted[(int) (0.1 * count)]) / 2.56;
        double reach = scale * (sorted[count - 1] - sorted[0]) * 0.05;
        double next = Math.max(Math.max(spread, reach), Math.abs(middle) * 1e-12);
        if (!(next > 0)) {
            return;
        }
        double times = scale / next;
        double plus = (location - middle) / next;
        for (int i = 0; i < RING; i++) {
            for (int ring = 0; ring < 3; ring++) {
                ring(ring, i, (float) bounded(ring(ring, i) * times + plus));
            }
        }
        memory.putFloat(at + EMA_8_AT, (float) bounded(memory.getFloat(at + EMA_8_AT) * times + plus));
        memory.putFloat(at + EMA_64_AT, (float) bounded(memory.getFloat(at + EMA_64_AT) * times + plus));
        range.rescale(times, plus);
        profile.clear();
        memory.putDouble(at, middle);
        memory.putDouble(at + SCALE_AT, next);
    }

    /** Whether it had values, and has had none for a while. */
    private boolean isAway() {
        return memory.getInt(at + ROWS_AWAY_AT) >= AWAY_ROWS && memory.getInt(at + ROWS_AT) > 0;
    }

    /** Rows with a value, the present one included. */
    int rows() {
        return memory.getInt(at + ROWS_AT);
    }

    static double bounded(double z) {
        return Math.max(-CLIP, Math.min(CLIP, z));
    }

    /**
     * Judges the row taken, against earlier rows.
     *
     * @param all every feature of the series, this one included; each has taken its row
     * @param row rows of the series before this one
     */
    void judge(FeatureEvidence[] all, int self, int row, long timeMs, double stepMs, Severities severities) {
        most = 0;
        ofValue = 0;
        ofError = 0;
        ofWholeError = 0;
        if (!known) {
            return;
        }
        int rows = memory.getInt(at + ROWS_AT);
        boolean wide = WideSeries.is(all.length);
        forecast(rows, timeMs, stepMs, wide);
        signals(rows, timeMs, stepMs, wide ? 1 : roughness());
        related = others > 0 && !anyAway(all);
        if (related) {
            relate(all, self, timeMs);
        }
        boolean atAnEnd = range.hasAtAnEnd(z);
        for (int i = 0; i < count(); i++) {
            double signal = signals[i];
            if (row - rows > AWAY_ROWS && rows < speaksFrom(i)) {
                continue;
            }
            double surprise = tails.surprise(i, signal, atAnEnd);
            severities.raise(Signal.of(i).kind, surprise, Severities.source(self, i, signal >= 0));
            most = Math.max(most, surprise);
            if (i == Signal.VALUE.ordinal()) ofValue = surprise;
            if (i == Signal.ERROR.ordinal()) {
                ofError = surprise;
                ofWholeError = tails.surprise(i, errors[0], atAnEnd);
            }
        }
    }

    private static int speaksFrom(int signal) {
        return signal == Signal.SEASON.ordinal() ? LATECOMER_SEASON_FROM : LATECOMER_SPEAKS_FROM;
    }

    private static boolean anyAway(FeatureEvidence[] all) {
        for (FeatureEvidence feature : all) {
            if (feature.isAway()) {
                return true;
            }
        }
        return false;
    }

    /** Signals of the row last judged. */
    private int count() {
        return related ? Signal.BESIDE_OTHERS : Signal.ALONE;
    }

    /** The forecasts of this row that were issued at each horizon before it; what they knew is in the rings. */
    private void forecast(int rows, long timeMs, double stepMs, boolean wide) {
        double slow = memory.getFloat(at + EMA_64_AT);
        double day = profile.day(timeMs, slow);
        double week = profile.week(timeMs, day);
        for (int h = 0; h < H; h++) {
            forecast[h] = rows - memory.getInt(at + RETURN_ROW_AT) > HORIZONS[h] + 10;
            errors[h] = 0;
            if (!forecast[h]) {
                continue;
            }
            int issued = rows - HORIZONS[h];
            long issuedMs = timeMs - (long) (HORIZONS[h] * stepMs);
            double dayThen = profile.day(issuedMs, slow);
            double[] r = regressors[h];
            int i = 0;
            if (h == 0) {
                for (int lag = 0; lag < LAGS; lag++) {
                    r[i++] = ring(0, issued - lag);
                }
            } else {
                r[i++] = ring(0, issued);
                r[i++] = ring(0, issued - 1);
                r[i++] = ring(1, issued);
                r[i++] = ring(2, issued);
            }
            r[i++] = day;
            r[i++] = week;
            r[i++] = dayThen;
            r[i++] = profile.week(issuedMs, dayThen);
            r[i] = 1;
            double expected = forecasts[h].predict(r);
            double error = z - (Math.abs(expected) < FORECAST_MAX ? expected : day);
            // a step of a wide series must be confirmed by the next in any case
            errors[h] = h == 0 && !wide && range.isSmall(error) && rests(rows) ? 0 : error;
        }
    }

    /**
     * Whether the value is the very one that the last rows mostly had: a rate of zero, a machine that idles. A small error for the next row is then the
     * forecast's, which has yet to come to rest after the last move.
     */
    private boolean rests(int rows) {
        if (rows < REST_ROWS) {
            return false;
        }
        int same = 0;
        for (int i = 1; i <= REST_ROWS; i++) {
            same += ring(0, rows - i) == (float) z ? 1 : 0;
        }
        return same >= REST_ROWS / 2;
    }

    private void signals(int rows, long timeMs, double stepMs, double roughness) {
        double usual = Math.max(usual(0), ERROR_LEAST);
        double relative = errors[0] / usual;
        double rowsOfVisit = Math.max(1, 900_000 / stepMs);
        double error = errors[0] / roughness;
        signals[Signal.ERROR.ordinal()] = error;
        signals[Signal.ERROR_BY_TIME.ordinal()] =
                error / Math.max(profile.error(timeMs, usual(0), rowsOfVisit), ERROR_LEAST);
        for (int h = 1; h < H; h++) {
            double bound = ERROR_BOUND * usual(h);
            double bounded = Math.max(-bound, Math.min(bound, errors[h]));
            double span = h == 1 ? 6 : h == 2 ? 16 : 32;
            signals[Signal.LEVEL_8.ordinal() + h - 1] = smooth(at + LEVEL_MEANS_AT + 4 * (h - 1), bounded, span);
        }
        signals[Signal.SIZE.ordinal()] = smooth(at + SIZE_AT, Math.min(Math.abs(relative), 5), 16);
        double before = previous();
        int repeats = run.take(rows > 0 && (float) z == (float) before);
        if (repeats == 0) {
            range.moved();
        }
        signals[Signal.RUN.ordinal()] = repeats;
        double motion = smooth(at + MOTION_AT, Math.min(Math.abs(z - before) / usual, 5), 16);
        signals[Signal.MOTION.ordinal()] = 1 / (MOTION_LEAST + motion);
        signals[Signal.VALUE.ordinal()] = z;
        double fromProfile = z - profile.day(timeMs, memory.getFloat(at + EMA_64_AT));
        double bound = ERROR_BOUND * usual(H + 1);
        signals[Signal.SEASON.ordinal()] =
                smooth(at + SEASON_MEAN_AT, Math.max(-bound, Math.min(bound, fromProfile)), 24);
        ring(0, rows, (float) z);
        float fast = (float) (memory.getFloat(at + EMA_8_AT) + (z - memory.getFloat(at + EMA_8_AT)) * 2 / 9);
        double slow = memory.getFloat(at + EMA_64_AT);
        float next = (float) (slow + (Math.max(slow - 6, Math.min(slow + 6, z)) - slow) * 2 / 65);
        memory.putFloat(at + EMA_8_AT, fast);
        memory.putFloat(at + EMA_64_AT, next);
        ring(1, rows, fast);
        ring(2, rows, next);
        memory.putInt(at + ROWS_AT, Math.min(rows + 1, RING * 10_000_000));
    }

    /**
     * How much larger than usual the errors of the last rows were, at least 1: the echo of a burst is large beside a quiet day and small beside the
     * burst. What lasts is told by the means of the errors and by their size.
     */
    private double roughness() {
        return Math.max(1, memory.getFloat(at + SIZE_AT));
    }

    private void relate(FeatureEvidence[] all, int self, long timeMs) {
        int i = 0;
        for (int other = 0; other < all.length; other++) {
            if (other != self) {
                relationRegressors[i++] = all[other].z;
            }
        }
        relationRegressors[i++] = profile.day(timeMs, memory.getFloat(at + EMA_64_AT));
        relationRegressors[i] = 1;
        double expected = relation.predict(relationRegressors);
        relationError = z - (Math.abs(expected) < RELATION_MAX ? expected : 0);
        double bound = ERROR_BOUND * usual(H);
        signals[Signal.RELATION.ordinal()] = relationError;
        signals[Signal.RELATION_MEAN.ordinal()] =
                smooth(at + RELATION_MEAN_AT, Math.max(-bound, Math.min(bound, relationError)), 24);
    }

    /** The value of the row before, relative and bounded. */
    private double previous() {
        int rows = memory.getInt(at + ROWS_AT);
        return rows == 0 ? 0 : ring(0, rows - 1);
    }

    private double smooth(int mean, double value, double span) {
        float next = (float) (memory.getFloat(mean) + (value - memory.getFloat(mean)) * 2 / (span + 1));
        memory.putFloat(mean, next);
        return next;
    }

    /** The largest surprise of the row last judged. */
    double most() {
        return most;
    }

    /** The surprise of the value itself at the row last judged; 0 where there was none. */
    double surpriseOfValue() {
        return ofValue;
    }

    /** The surprise of the one-step error of the row last judged; 0 where there was none. */
    double surpriseOfError() {
        return ofError;
    }

    /** The surprise of that error as it is, however large the errors of the rows before; 0 where there was none. */
    double surpriseOfWholeError() {
        return ofWholeError;
    }

    /** How much a signal says of the row last judged: see {@link Reason#amount}. */
    double amount(Signal signal) {
        return switch (signal) {
            case ERROR, ERROR_BY_TIME -> inUnits(errors[0]);
            case LEVEL_8, LEVEL_32, LEVEL_128, SEASON, RELATION, RELATION_MEAN -> inUnits(signals[signal.ordinal()]);
            case SIZE, RUN -> signals[signal.ordinal()];
            case MOTION -> inUnits((1 / signals[signal.ordinal()] - MOTION_LEAST) * Math.max(usual(0), ERROR_LEAST));
            case VALUE, OUTSIDE, FIRST_CHANGE, WHOLE -> Double.NaN;
        };
    }

    private double inUnits(double scaled) {
        return scaled * memory.getDouble(at + SCALE_AT);
    }

    /** How far the value lies outside the range that was learnt, in widths of that range; at most 0 inside, and while it has hardly moved. */
    double outside() {
        return known ? range.beyond(z) : 0;
    }

    /**
     * Teaches the forecasts and the profile the row last judged.
     *
     * @param strange whether the evidence of a narrow series is elevated at it: then it is not the first that the profile hears of its time of day
     */
    void learn(long timeMs, double stepMs, boolean strange) {
        if (!known) {
            return;
        }
        int rows = memory.getInt(at + ROWS_AT);
        range.learn(z, rows);
        double bound = rows < 300 ? ERROR_BOUND : TEACH_BOUND;
        double rate = rows < YOUNG_ROWS ? 0.03 : 0.003;
        for (int h = 0; h < H; h++) {
            if (forecast[h]) {
                teach(forecasts[h], regressors[h], errors[h], h, bound, rate);
            }
        }
        if (related) {
            teach(relation, relationRegressors, relationError, H, TEACH_BOUND, rate);
        }
        if (strange && profile.isNew(timeMs)) {
            return;
        }
        double fromProfile = z - profile.day(timeMs, z);
        double usual = usual(H + 1);
        double shown = Math.min(Math.abs(fromProfile), 5 * usual + 0.01) * 1.25;
        double error = Math.min(Math.abs(errors[0]), 6 * Math.max(usual(0), 1e-3)) * 1.25;
        profile.learn(timeMs, z, TEACH_BOUND * Math.max(usual, 1e-2), error, stepMs);
        usual(H + 1, usual + rate * (shown - usual));
    }

    private void teach(
            RecursiveLeastSquares forecast, double[] regressors, double error, int place, double times, double rate) {
        double usual = Math.max(usual(place), 1e-3);
        forecast.learn(regressors, Math.max(-times * usual, Math.min(times * usual, error)));
        double shown = Math.min(Math.abs(error), 5 * usual) * 1.25;
        usual(place, usual(place) + rate * (shown - usual(place)));
    }

    /**
     * Teaches the tails the signals last judged.
     *
     * @param most what is more surprising counts as if it were as surprising as this
     */
    void learnTails(double most) {
        if (!known || memory.getInt(at + ROWS_AT) <= TAILS_FROM) {
            return;
        }
        for (int i = 0; i < count(); i++) {
            if (i == Signal.RUN.ordinal()) {
                run.learn(tails, (int) signals[i]);
            } else {
                tails.learn(i, signals[i], most);
            }
        }
    }

    /** Teaches the repeats of a run that ended with the row last judged, as many as might teach while it lasted. */
    void learnRunThatEnded() {
        if (known) {
            run.learnEnded(tails);
        }
    }

    /** Usual size of the errors of a horizon, of the relation at H, of the profile at H + 1; stored less 1, the size at first. */
    private double usual(int place) {
        return memory.getFloat(at + USUAL_ERRORS_AT + 4 * place) + 1.0;
    }

    private void usual(int place, double size) {
        memory.putFloat(at + USUAL_ERRORS_AT + 4 * place, (float) (size - 1));
    }

    private float ring(int ring, int row) {
        return memory.getFloat(rings + 4 * (ring * RING + row % RING));
    }

    private void ring(int ring, int row, float value) {
        memory.putFloat(rings + 4 * (ring * RING + row % RING), value);
    }
}
