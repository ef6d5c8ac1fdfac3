package io.tidemark.learning;

import io.tidemark.config.ImageSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.sample.Frame;
import io.tidemark.sample.Gate;
import io.tidemark.sample.Label;
import io.tidemark.sample.TrainingRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The history that a stream's networks learn from: rows joined with their gates, in a bounded ring.
 *
 * <ol>
 *   <li>A row is kept only after a gate has said that its step may teach. Withheld rows, filled rows, rows of another
 *       generation and rows whose gate was passed over are counted and dropped.
 *   <li>Rows of a series ascend by step, and so do its gates; either may come first. What waits is bounded: beyond
 *       {@code waitingMax} the oldest of the same series is dropped and counted.
 *   <li>At most {@code rowsMax} rows are kept. A series above its fair share gives up its own oldest row; below it, another
 *       series that is above its share does.
 * </ol>
 *
 * <p>Everything is decided by the order of the calls. Owned by one thread.
 */
public final class TaughtRows {
    /** The most series of one stream. */
    public static final int SERIES_MAX = 100_000;

    private static final int ROWS_LEAST = 64;

    final int features;
    final int generation;
    /** What frames are cut to; null where rows hold values. */
    final @Nullable ImageSpec image;

    private final int rowsMax;
    private final int waitingMax;
    final List<SeriesRows> all = new ArrayList<>();
    private final Map<String, SeriesRows> byName = new LinkedHashMap<>();
    long taught;
    long withheld;
    long overflowed;
    int cursor;
    int kept;
    private int waitingRows;
    private int waitingGates;

    /** Hears of each row that has just been kept. */
    interface Taught {
        void row();
    }

    /**
     * @param features values in a row
     * @param generation rows and gates of another one are dropped
     * @param rowsMax rows kept; at least 64
     * @param waitingMax rows, and gates, that wait; at least 1
     */
    public TaughtRows(int features, int generation, int rowsMax, int waitingMax) {
        this(features, generation, rowsMax, waitingMax, null);
    }

    /** The history of a stream: of frames as many as {@code image.keep} bytes hold, and at least 64. */
    static TaughtRows of(StreamSpec stream) {
        int keep = stream.learning().bufferRows();
        ImageSpec image = stream.input().image().orElse(null);
        if (image != null) keep = Math.max(ROWS_LEAST, Math.min(keep, image.keepBytes() / image.values()));
        return new TaughtRows(stream.features(), stream.generation(), keep, keep, image);
    }

    private TaughtRows(int features, int generation, int rowsMax, int waitingMax, @Nullable ImageSpec image) {
        if (rowsMax < ROWS_LEAST) {
            throw new IllegalArgumentException("rows kept must be at least " + ROWS_LEAST + ", but were " + rowsMax);
        }
        if (waitingMax < 1)
            throw new IllegalArgumentException("rows waiting must be at least 1, but were " + waitingMax);
        this.features = features;
        this.generation = generation;
        this.image = image;
        this.rowsMax = rowsMax;
        this.waitingMax = waitingMax;
    }

    /** Rows that have taught since the beginning. */
    public long taught() {
        return taught;
    }

    /** Rows that were dropped unused, for whatever reason. */
    public long withheld() {
        return withheld;
    }

    /** Of the withheld, rows that were dropped because too many waited; gates dropped so are counted too. */
    public long overflowed() {
        return overflowed;
    }

    /** Rows kept now. */
    public int kept() {
        return kept;
    }

    /** Rows that wait for their gate. */
    public int waiting() {
        return waitingRows;
    }

    void add(TrainingRows chunk, Taught listener) {
        SeriesRows series = check(chunk) ? series(chunk.series) : null;
        if (series == null) {
            withheld += chunk.rows();
            return;
        }
        for (int r = 0; r < chunk.rows(); r++) {
            if (usable(series, chunk, r)) {
                series.waiting.add(row(chunk, r));
                waitingRows++;
            }
        }
        join(series, listener);
        while (waitingRows > waitingMax && !series.waiting.isEmpty()) {
            series.waiting.remove();
            waitingRows--;
            withheld++;
            overflowed++;
        }
    }

    void add(Gate gate, Taught listener) {
        SeriesRows series = gate.generation() == generation ? series(gate.series()) : null;
        if (series == null) return;
        series.gates.add(gate);
        waitingGates++;
        join(series, listener);
        while (waitingGates > waitingMax && !series.gates.isEmpty()) {
            series.gates.remove();
            waitingGates--;
            overflowed++;
        }
    }

    /** Takes what a person said of rows: kept ones of an anomaly go, and so does what comes of it later. */
    void label(Label label) {
        if (byName.get(label.series()) == null) return;
    }

    /** Keeps rows that are known to be good, without a gate; filled rows are left out. */
    void remember(TrainingRows chunk) {
        SeriesRows series = check(chunk) ? series(chunk.series) : null;
        if (series == null) {
            withheld += chunk.rows();
            return;
        }
        for (int r = 0; r < chunk.rows(); r++) if (usable(series, chunk, r)) teach(series, row(chunk, r));
    }

    private boolean check(TrainingRows chunk) {
        Frame frame = chunk.frame();
        boolean fits = image == null ? frame == null : frame != null && frame.values() == image.values();
        return fits && chunk.features() == features && chunk.generation == generation;
    }

    private @Nullable SeriesRows series(String name) {
        SeriesRows series = byName.get(name);
        if (series == null && all.size() < SERIES_MAX) {
            series = new SeriesRows(name);
            all.add(series);
            byName.put(name, series);
        }
        return series;
    }

    private boolean usable(SeriesRows series, TrainingRows chunk, int r) {
        long step = chunk.step(r);
        if (step <= series.lastStep || chunk.filled(r)) {
            series.lastStep = Math.max(series.lastStep, step);
            withheld++;
            return false;
        }
        series.lastStep = step;
        return true;
    }

    private Row row(TrainingRows chunk, int r) {
        Frame frame = chunk.frame();
        if (frame != null) return new Row(chunk.step(r), chunk.timeMs(r), frame.pixels());
        float[] data = new float[3 * features];
        for (int f = 0; f < features; f++) {
            data[f] = chunk.value(r, f);
            data[features + f] = chunk.location(r, f);
            data[2 * features + f] = chunk.scale(r, f);
        }
        return new Row(chunk.step(r), chunk.timeMs(r), data);
    }

    private void join(SeriesRows series, Taught listener) {
        while (!series.waiting.isEmpty() && !series.gates.isEmpty()) {
            Row row = series.waiting.element();
            Gate gate = series.gates.element();
            if (gate.toStep() < row.step) {
                series.gates.remove();
                waitingGates--;
                continue;
            }
            series.waiting.remove();
            waitingRows--;
            if (gate.fromStep() <= row.step && gate.teach()) {
                teach(series, row);
                listener.row();
            } else {
                withheld++;
            }
        }
    }

    private void teach(SeriesRows series, Row row) {
        row.arrival = taught++;
        series.append(row);
        kept++;
        if (kept > rowsMax) evict(series);
    }

    private void evict(SeriesRows newest) {
        int share = Math.max(1, rowsMax / all.size());
        SeriesRows from = newest;
        for (int tries = 0; newest.size() <= share && tries < all.size(); tries++) {
            cursor = (cursor + 1) % all.size();
            if (all.get(cursor).size() > share) {
                from = all.get(cursor);
                break;
            }
        }
        from.removeOldest();
        kept--;
    }

    /** Puts a saved row back; in the order of arrivals. */
    void restore(String name, Row row) {
        SeriesRows series = series(name);
        if (series == null) throw new IllegalStateException("a checkpoint names more than " + SERIES_MAX + " series");
        series.append(row);
        kept++;
    }

    /** Puts what waited back. */
    void restoreWaiting(String name, long lastStep, List<Row> rows, List<Gate> gates) {
        SeriesRows series = series(name);
        if (series == null) throw new IllegalStateException("a checkpoint names more than " + SERIES_MAX + " series");
        series.lastStep = lastStep;
        series.waiting.addAll(rows);
        series.gates.addAll(gates);
        waitingRows += rows.size();
        waitingGates += gates.size();
    }
}
