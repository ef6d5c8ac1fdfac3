package io.tidemark.series.sample;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of consecutive aligned rows of one series, unscaled, as a record of {@code training} holds it: the history that
 * learners and retrain jobs build windows and targets from.
 *
 * <pre>
 * u8 version = 1 | string stream | string series | i32 generation | u16 features F | u16 rows
 * each row: i64 step | i64 timeMs | u8 filled | F x f32 values | F x f32 location | F x f32 scale
 * </pre>
 *
 * <p>A record of version 2 holds one frame instead ({@link TrainingFrame}): it is read as a chunk of one row with {@link #frame}.
 *
 * <p>Mutable, reused by one thread. Steps ascend; a step that is not one above the last begins a new stretch that no window
 * may span. A filled row never teaches.
 */
public final class TrainingRows {
    public static final int VERSION = 1;
    /** Rows in one record. */
    public static final int ROWS_MAX = 1024;

    public String stream = "";
    public String series = "";
    public int generation;
    private int features = 1;
    private int rows;
    private long[] steps = new long[16];
    private long[] times = new long[16];
    private boolean[] filled = new boolean[16];
    private float[] data = new float[48];
    private @Nullable Frame frame;

    /** Begins an empty chunk. */
    public void begin(String stream, String series, int generation, int features) {
        this.stream = stream;
        this.series = series;
        this.generation = generation;
        this.features = features;
        frame = null;
        rows = 0;
    }

    /** Appends a step's values with the scale they were judged on. */
    public void add(Step step) {
        if (rows == ROWS_MAX) throw new IllegalStateException("a chunk of training rows is full at " + ROWS_MAX);
        room(rows + 1);
        steps[rows] = step.step;
        times[rows] = step.timeMs;
        boolean anyImputed = false;
        int at = rows * 3 * features;
        for (int i = 0; i < features; i++) {
            anyImputed |= step.imputed()[i] || Double.isNaN(step.values()[i]);
            data[at + i] = (float) step.values()[i];
            data[at + features + i] = (float) step.location()[i];
            data[at + 2 * features + i] = (float) step.scale()[i];
        }
        filled[rows++] = anyImputed;
    }

    private void room(int count) {
        if (steps.length < count) {
            int larger = Math.min(ROWS_MAX, Math.max(count, steps.length * 2));
            steps = Arrays.copyOf(steps, larger);
            times = Arrays.copyOf(times, larger);
            filled = Arrays.copyOf(filled, larger);
        }
        if (data.length < steps.length * 3 * features) data = Arrays.copyOf(data, steps.length * 3 * features);
    }

    /**
     * Drops the rows outside a range of event time.
     *
     * @param fromMs the first that stays
     * @param toMs the first that goes again
     * @return whether any is left
     */
    public boolean keepBetween(long fromMs, long toMs) {
        int kept = 0;
        int width = 3 * features;
        for (int r = 0; r < rows; r++) {
            if (times[r] < fromMs || times[r] >= toMs) continue;
            if (kept != r) {
                steps[kept] = steps[r];
                times[kept] = times[r];
                filled[kept] = filled[r];
                System.arraycopy(data, r * width, data, kept * width, width);
            }
            kept++;
        }
        rows = kept;
        return rows > 0;
    }

    public int features() {
        return features;
    }

    /** The frame of the only row, whose values do not count; null for rows of values. */
    public @Nullable Frame frame() {
        return frame;
    }

    /** Becomes the one row of a frame. */
    public TrainingRows set(TrainingFrame taught) {
        begin(taught.stream(), taught.series(), taught.generation(), 1);
        room(1);
        steps[0] = taught.step();
        times[0] = taught.timeMs();
        filled[0] = false;
        rows = 1;
        frame = taught.frame();
        return this;
    }

    public int rows() {
        return rows;
    }

    public long step(int row) {
        return steps[row];
    }

    public long timeMs(int row) {
        return times[row];
    }

    /** Whether any value of the row was filled in or is missing. */
    public boolean filled(int row) {
        return filled[row];
    }

    public float value(int row, int feature) {
        return data[row * 3 * features + feature];
    }

    public float location(int row, int feature) {
        return data[row * 3 * features + features + feature];
    }

    public float scale(int row, int feature) {
        return data[row * 3 * features + 2 * features + feature];
    }

    /** Appends a row of another chunk of as many features. */
    public void add(TrainingRows other, int row) {
        room(rows + 1);
        steps[rows] = other.steps[row];
        times[rows] = other.times[row];
        filled[rows] = other.filled[row];
        System.arraycopy(other.data, row * 3 * features, data, rows * 3 * features, 3 * features);
        rows++;
    }

    /** A record of one of the rows. */
    public byte[] encodeRow(int row, Wire wire) {
        writeHead(wire, 1);
        writeRow(wire, row);
        return wire.toBytes();
    }

    public byte[] encode(Wire wire) {
        writeHead(wire, rows);
        for (int r = 0; r < rows; r++) writeRow(wire, r);
        return wire.toBytes();
    }

    private void writeHead(Wire wire, int count) {
        wire.clear()
                .u8(VERSION)
                .string(stream)
                .string(series)
                .i32(generation)
                .u16(features)
                .u16(count);
    }

    private void writeRow(Wire wire, int r) {
        wire.i64(steps[r]).i64(times[r]).u8(filled[r] ? 1 : 0).floats(data, r * 3 * features, 3 * features);
    }

    /** @throws MalformedRecordException when the record is cut or of another version */
    public TrainingRows decode(byte[] record) {
        if (TrainingFrame.is(record)) return set(TrainingFrame.decode(record));
        Wire wire = Wire.reader(record);
        int version = wire.u8();
        if (version != VERSION) {
            throw MalformedRecordException.unknownVersion("a record of training rows", version);
        }
        begin(wire.string(), wire.string(), wire.i32(), wire.u16());
        int count = wire.u16();
        if (features < 1 || features > Step.FEATURES_MAX || count > ROWS_MAX) {
            throw new MalformedRecordException(
                    "a chunk of " + count + " rows x " + features + " features is out of bounds");
        }
        long due = count * (17L + 12L * features);
        if (wire.remaining() != due) {
            throw new MalformedRecordException("a chunk of " + count + " rows x " + features + " features has "
                    + wire.remaining() + " bytes of rows, not " + due);
        }
        room(count);
        for (int r = 0; r < count; r++) {
            steps[r] = wire.i64();
            times[r] = wire.i64();
            filled[r] = wire.u8() != 0;
            wire.readFloats(data, r * 3 * features, 3 * features);
        }
        rows = count;
        return this;
    }
}
