package io.tidemark.series.window;

import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.sample.Wire;

/**
 * Rows that wait until a {@link TrainingRows} record is full. Each waits in a slot of its own, written once, as a record of
 * one row.
 */
final class TrainingChunk {
    static final int FIRST_SLOT = 30_000;

    private final int rowsMax;
    private final TrainingRows rows = new TrainingRows();
    private int saved;

    TrainingChunk(String stream, String series, int generation, int features, int rowsMax) {
        this.rowsMax = rowsMax;
        rows.begin(stream, series, generation, features);
    }

    /** Adds a row; a chunk that gets full goes to the listener. */
    void add(Step step, Wire scratch, SampleListener listener) {
        rows.add(step);
        if (rows.rows() == rowsMax) flush(scratch, listener);
    }

    /** Hands over what waits. */
    void flush(Wire scratch, SampleListener listener) {
        if (rows.rows() == 0) return;
        listener.training(rows.encode(scratch));
        rows.begin(rows.stream, rows.series, rows.generation, rows.features());
        saved = 0;
    }

    void write(Wire head) {
        head.u16(rows.rows());
    }

    void save(Wire scratch, Slots slots) {
        for (; saved < rows.rows(); saved++) slots.put(FIRST_SLOT + saved, rows.encodeRow(saved, scratch));
    }

    void read(Wire head, Slots slots) {
        int waiting = head.u16();
        TrainingRows one = new TrainingRows();
        for (int i = 0; i < waiting; i++) {
            byte[] piece = slots.get(FIRST_SLOT + i);
            if (piece == null) throw new IllegalStateException("training row " + i + " has no stored state");
            rows.add(one.decode(piece), 0);
        }
        saved = waiting;
    }
}
