package io.tidemark.learn.learning;

import io.tidemark.config.ImageSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.TrainingRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history that a stream's networks learn from: rows joined with their gates, in a bounded ring.
 *
 * <ol>
 *   <li>A row teaches only after a gate has said that its step may. Rows that a gate withholds or passes over and filled rows
 *       are counted, and kept as context: they stand in windows, and nothing is learnt of them. Of a series no more
 *       rows are kept as context than teach; further ones, and rows of another generation, are dropped.
 *   <li>What a person said overrides the gates of the rows it covers, and what was said before, whichever comes first: rows of
 *       an anomaly are context, and rows that are normal teach, kept ones too. It changes neither the counts nor what is due.
 *       The newest labels of a series are known, {@value #LABELS_MAX} of them.
 *   <li>Rows of a series ascend by step, and so do its gates; either may come first. What waits is bounded: beyond
 *       {@code waitingMax} the oldest of the same series is dropped and counted. A series whose steps begin again has another
 *       life, with rows and gates of its own.
 *   <li>A series that is silent for {@code limits.expire} of event time is given back with its rows, once none of them waits for its gate: at the
 *       latest after {@value SeriesLives#AWAITED} times that time.
 *   <li>At most {@code rowsMax} rows are kept, context included. A series above its fair share gives up its own oldest row; below it, another
 *       series that is above its share does.
 * </ol>
 *
 * <p>Everything is decided by the order of the calls. Owned by one thread.
 */
public final class TaughtRows {
    /** The most series of one stream. */
    public static final int SERIES_MAX = 100_000;

    /** The most labels of one series. */
    static final int LABELS_MAX = 64;

    private static final int ROWS_LEAST = 64;

    final int features;
    final int generation;
    /** What frames are cut to; null where rows hold values. */
    final @Nullable ImageSpec image;

    private final int rowsMax;
    private final int waitingMax;
    private final int labelsMax;
    private final boolean dropsContext;
    final SeriesLives lives;
    /** The lives, in the order in which they began. */
    final List<SeriesRows> all;

    long taught;
    long withheld;
    long overflowed;
    /** Rows kept since the beginning. */
    long placed;

    int cursor;
    private int kept;
    private int waitingRows;
    private int waitingGates;

    /** Hears of each row that has just taught. */
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
        this(features, generation, rowsMax, waitingMax, null, LABELS_MAX, true, 0);
    }

    /**
     * A history in which the order of gates and labels decides nothing, as long as no more are known than can be: all
     * context is kept.
     *
     * @param labelsMax labels known of a series
     */
    static TaughtRows whole(int features, int generation, int rowsMax, int labelsMax) {
        return new TaughtRows(features, generation, rowsMax, rowsMax, null, labelsMax, false, 0);
    }

    /** The same of a stream: of frames as many as {@code image.keep} bytes hold. */
    static TaughtRows whole(StreamSpec stream, int rowsMax, int labelsMax) {
        int keep = most(stream, rowsMax);
        ImageSpec image = stream.input().image().orElse(null);
        return new TaughtRows(stream.features(), stream.generation(), keep, keep, image, labelsMax, false, 0);
    }

    /** The history of a stream: of frames as many as {@code image.keep} bytes hold, and at least 64. */
    static TaughtRows of(StreamSpec stream) {
        int keep = most(stream, stream.learning().bufferRows());
        ImageSpec image = stream.input().image().orElse(null);
        long expireMs = stream.limits().expire().toMillis();
        return new TaughtRows(stream.features(), stream.generation(), keep, keep, image, LABELS_MAX, true, expireMs);
    }

    private static int most(StreamSpec stream, int rowsMax) {
        return stream.input()
                .image()
                .map(image ->
                        Math.max(ROWS_LEAST, Math.min(rowsMax, image.limits().keepBytes() / image.values())))
                .orElse(rowsMax);
    }

    private TaughtRows(
            int features,
            int generation,
            int rowsMax,
            int waitingMax,
            @Nullable ImageSpec image,
            int labelsMax,
            boolean dropsContext,
            long expireMs) {
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
        this.labelsMax = labelsMax;
        this.dropsContext = dropsContext;
        lives = new SeriesLives(expireMs);
        all = lives.all;
    }

    /** Rows that have taught since the beginning. */
    public long taught() {
        return taught;
    }

    /** Rows that came and did not teach, for whatever reason. */
    public long withheld() {
        return withheld;
    }

    /** Of the withheld, rows that were dropped because too many waited; gates dropped so are counted too. */
    public long overflowed() {
        return overflowed;
    }

    /** Rows kept now, context included. */
    public int kept() {
        return kept;
    }

    /** Rows kept now that teach. */
    public int teaching() {
        int teaching = 0;
        for (SeriesRows series : all) teaching += series.teaching();
        return teaching;
    }

    /** Rows that wait for their gate. */
    public int waiting() {
        return waitingRows;
    }

    void add(TrainingRows chunk, Taught listener) {
        if (!check(chunk)) {
            withheld += chunk.rows();
            return;
        }
        SeriesRows series = null;
        for (int r = 0; r < chunk.rows(); r++) {
            SeriesRows life = lifeOfRow(chunk, r);
            if (series != null && life != series) settle(series, listener);
            series = life;
            if (life != null && usable(life, chunk, r)) {
                life.waiting.add(row(chunk, r));
                waitingRows++;
            }
        }
        if (series != null) settle(series, listener);
    }

    /** Joins what waits of a series, and drops what is too much. */
    private void settle(SeriesRows series, Taught listener) {
        join(series, listener);
        while (waitingRows > waitingMax && !series.waiting.isEmpty()) {
            series.waiting.remove();
            waitingRows--;
            withheld++;
            overflowed++;
        }
    }

    void add(Gate gate, Taught listener) {
        SeriesRows series = gate.generation() == generation ? lives.ofGate(gate) : null;
        if (series == null) return;
        series.lastGate = gate.fromStep();
        series.gates.add(gate);
        waitingGates++;
        join(series, listener);
        while (waitingGates > waitingMax && !series.gates.isEmpty()) {
            series.gates.remove();
            waitingGates--;
            overflowed++;
        }
    }

    /** Takes what a person said of rows, whether they are kept, wait or are still to come. */
    void label(Label label) {
        if (lives.of(label.series()).isEmpty()) lives.begin(label.series());
        for (SeriesRows life : lives.of(label.series())) life.label(label, labelsMax);
    }

    /** Takes rows that may teach without a gate. */
    void remember(TrainingRows chunk) {
        if (!check(chunk)) {
            withheld += chunk.rows();
            return;
        }
        for (int r = 0; r < chunk.rows(); r++) {
            SeriesRows life = lifeOfRow(chunk, r);
            if (life != null && usable(life, chunk, r)) decide(life, row(chunk, r), true, () -> {});
        }
    }

    private boolean check(TrainingRows chunk) {
        Frame frame = chunk.frame();
        boolean fits = image == null ? frame == null : frame != null && frame.values() == image.values();
        return fits && chunk.features() == features && chunk.generation == generation;
    }

    /** Where a row belongs; null and counted, when there are too many series. */
    private @Nullable SeriesRows lifeOfRow(TrainingRows chunk, int r) {
        lives.review(chunk.timeMs(r), this::giveBack);
        SeriesRows life = lives.ofRow(chunk.series, chunk.step(r), chunk.timeMs(r));
        if (life == null) withheld++;
        return life;
    }

    private void giveBack(int index) {
        SeriesRows dead = lives.remove(index);
        if (index < cursor) cursor--;
        cursor = Math.max(0, Math.min(cursor, all.size() - 1));
        kept -= dead.size();
        withheld += dead.waiting.size();
        waitingRows -= dead.waiting.size();
        waitingGates -= dead.gates.size();
    }

    private boolean usable(SeriesRows series, TrainingRows chunk, int r) {
        long step = chunk.step(r);
        if (step <= series.lastStep) {
            withheld++;
            return false;
        }
        series.lastStep = step;
        series.lastMs = chunk.timeMs(r);
        return true;
    }

    private Row row(TrainingRows chunk, int r) {
        Frame frame = chunk.frame();
        if (frame != null) return new Row(chunk.step(r), chunk.timeMs(r), chunk.filled(r), frame.pixels());
        float[] data = new float[3 * features];
        for (int f = 0; f < features; f++) {
            data[f] = chunk.value(r, f);
            data[features + f] = chunk.location(r, f);
            data[2 * features + f] = chunk.scale(r, f);
        }
        return new Row(chunk.step(r), chunk.timeMs(r), chunk.filled(r), data);
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
            decide(series, row, gate.fromStep() <= row.step && gate.teach(), listener);
        }
    }

    private void decide(SeriesRows series, Row row, boolean gate, Taught listener) {
        row.teaches = series.mayTeach(row, gate);
        row.arrival = taught;
        if (row.teaches) taught++;
        else withheld++;
        if (row.teaches || !dropsContext || series.context() < series.teaching()) {
            row.place = placed++;
            series.append(row);
            kept++;
            if (kept > rowsMax) evict(series);
        }
        if (row.teaches) listener.row();
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

    /** Puts a saved row back; those of a series oldest first. */
    void restore(int index, Row row) {
        all.get(index).append(row);
        kept++;
    }

    /** What an earlier version did not write. */
    void restoreTime(int index, long timeMs) {
        SeriesRows series = all.get(index);
        series.lastMs = Math.max(series.lastMs, timeMs);
        lives.newestMs = Math.max(lives.newestMs, timeMs);
    }

    /** Puts a series back with what waited of it. */
    void restoreSeries(SeriesRows series) {
        if (!lives.take(series)) {
            throw new IllegalStateException("a checkpoint names more than " + SERIES_MAX + " series");
        }
        waitingRows += series.waiting.size();
        waitingGates += series.gates.size();
    }
}
