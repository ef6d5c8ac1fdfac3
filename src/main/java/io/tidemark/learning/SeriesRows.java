package io.tidemark.learning;

import io.tidemark.sample.Gate;
import java.util.ArrayDeque;
import java.util.Arrays;

/** The rows of one series: those that taught, oldest first, and what waits to be joined. */
final class SeriesRows {
    final String series;
    final ArrayDeque<Row> waiting = new ArrayDeque<>();
    final ArrayDeque<Gate> gates = new ArrayDeque<>();
    /** The newest step seen; steps at or before it are repeats. */
    long lastStep = Long.MIN_VALUE;

    private Row[] ring = new Row[16];
    private int head;
    private int size;

    SeriesRows(String series) {
        this.series = series;
    }

    int size() {
        return size;
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
        boolean follows = size > 0 && row(size - 1).step + 1 == row.step;
        row.run = follows ? row(size - 1).run + 1 : 1;
        ring[(head + size++) % ring.length] = row;
    }

    void removeOldest() {
        Arrays.fill(ring, head, head + 1, null);
        head = (head + 1) % ring.length;
        size--;
    }

    /** Rows, from the oldest, that taught before an arrival. */
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
