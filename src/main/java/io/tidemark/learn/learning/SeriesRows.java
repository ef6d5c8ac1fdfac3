package io.tidemark.learn.learning;

import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The rows of one life of a series, for its steps may begin again after it was forgotten: those that are kept, oldest first, and what waits to be joined. */
final class SeriesRows {
    final String series;
    final ArrayDeque<Row> waiting = new ArrayDeque<>();
    final ArrayDeque<Gate> gates = new ArrayDeque<>();
    /** What a person said of its stretches of time, newest last. */
    final ArrayDeque<Label> labels = new ArrayDeque<>();
    /** The newest step seen; steps at or before it are repeats. */
    long lastStep = Long.MIN_VALUE;
    /** Event time of the newest row seen, before the first one that of the stream; epoch milliseconds. */
    long lastMs;
    /** The first step of the newest gate. */
    long lastGate = Long.MIN_VALUE;

    private Row[] ring = new Row[16];
    private int head;
    private int size;
    private int teaching;

    SeriesRows(String series, long beganMs) {
        this.series = series;
        lastMs = beganMs;
    }

    int size() {
        return size;
    }

    /** Kept rows that teach. */
    int teaching() {
        return teaching;
    }

    /** Kept rows that only stand in windows. */
    int context() {
        return size - teaching;
    }

    /** @param index 0 is the oldest */
    Row row(int index) {
        return ring[(head + index) % ring.length];
    }

    void append(Row row) {
        if (size == ring.length) {
            Row[] larger = new Row[size * 2];
            for (int i = 0; i < size; i++) larger[i] = row(i);
            ring = larger;
            head = 0;
        }
        Row last = size > 0 ? row(size - 1) : null;
        row.run = last != null && last.step + 1 == row.step ? last.run + 1 : 1;
        count(row, last);
        ring[(head + size++) % ring.length] = row;
    }

    private void count(Row row, @Nullable Row last) {
        row.lessons = (last == null ? 0 : last.lessons) + (row.teaches ? 1 : 0);
        if (row.teaches) teaching++;
    }

    void removeOldest() {
        if (row(0).teaches) teaching--;
        Arrays.fill(ring, head, head + 1, null);
        head = (head + 1) % ring.length;
        size--;
    }

    /** How many of the kept rows that end with one teach. */
    int lessons(int last, int rows) {
        Row first = row(last - rows + 1);
        return (int) (row(last).lessons - first.lessons) + (first.teaches ? 1 : 0);
    }

    /**
     * Takes what a person said: it overrides what was said before of the rows it covers, and holds for those that come later.
     *
     * @param labelsMax labels kept; beyond, the oldest is forgotten, and what it did to kept rows stays
     */
    void label(Label label, int labelsMax) {
        labels.removeIf(older -> label.fromMs() <= older.fromMs() && older.toMs() <= label.toMs());
        labels.add(label);
        if (labels.size() > labelsMax) labels.remove();
        teaching = 0;
        for (int i = 0; i < size; i++) {
            Row row = row(i);
            if (label.covers(row.timeMs)) row.teaches = !label.anomaly() && !row.filled;
            count(row, i == 0 ? null : row(i - 1));
        }
    }

    /** Whether a row teaches: a filled one never; else as the newest label that covers it says, or else its gate. */
    boolean mayTeach(Row row, boolean gate) {
        boolean may = gate;
        for (Label label : labels) if (label.covers(row.timeMs)) may = !label.anomaly();
        return may && !row.filled;
    }

    /** Rows, from the oldest, that were kept before as many rows had taught. */
    int before(long arrival) {
        int lo = 0;
        int hi = size;
        while (lo < hi) {
            int middle = (lo + hi) >>> 1;
            if (row(middle).arrival < arrival) lo = middle + 1;
            else hi = middle;
        }
        return lo;
    }
}
