package io.tidemark.series.window;

import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;

/**
 * The latest rows of one series, unscaled, and how they are stored: rows fall into chunks of a few, a full chunk is written
 * once to its slot, and the rows of the chunk that is filling travel in the head.
 *
 * <pre>
 * rows by number   0 … 15 | 16 … 31 | 32 … 36          chunk of 16 rows, 3 chunks in the ring
 * slots            1      | 2       | (in the head)     slot = 1 + (number / 16) % 3
 * a row            u8 filled | F x f64 values
 * </pre>
 */
final class RowRing {
    static final int FIRST_SLOT = 1;

    private final int features;
    /** Rows of a window. */
    final int context;

    private final int chunkRows;
    private final int chunks;
    private final int capacity;
    private final double[] values;
    private final boolean[] filled;
    /** Rows ever pushed; the number of the next row. */
    private long total;
    /** Rows that count, up to {@link #context}. */
    private int rows;
    /** The first chunk that is full and not saved. */
    private long firstUnsaved;

    RowRing(int features, int context) {
        this.features = features;
        this.context = context;
        chunkRows = chunkRows(features);
        chunks = chunks(features, context);
        capacity = chunks * chunkRows;
        values = new double[capacity * features];
        filled = new boolean[capacity];
    }

    static int chunkRows(int features) {
        return Math.max(1, 16 / features);
    }

    static int chunks(int features, int context) {
        int chunkRows = chunkRows(features);
        return (context + chunkRows - 1) / chunkRows + 1;
    }

    int rows() {
        return rows;
    }

    /** Forgets the rows: no window spans what came before. */
    void cut() {
        rows = 0;
    }

    void push(double[] row, boolean isFilled) {
        int at = (int) (total % capacity);
        System.arraycopy(row, 0, values, at * features, features);
        filled[at] = isFilled;
        total++;
        rows = Math.min(context, rows + 1);
    }

    /** The newest row's value; NaN when it is missing or there is no row. */
    double newest(int feature) {
        return rows == 0 ? Double.NaN : values[(int) ((total - 1) % capacity) * features + feature];
    }

    /** Share of the rows that were filled in; 0 when there is none. */
    float filledShare() {
        int count = 0;
        for (int i = 0; i < rows; i++) if (filled[(int) ((total - 1 - i) % capacity)]) count++;
        return rows == 0 ? 0 : (float) count / rows;
    }

    /** Writes the rows, oldest first, scaled and clipped; a missing value becomes 0. */
    void copyScaled(float[] window, Step step, double clip) {
        double[] location = step.location();
        double[] scale = step.scale();
        int from = (int) ((total - rows) % capacity);
        int at = 0;
        for (int r = 0; r < rows; r++) {
            int base = (from + r < capacity ? from + r : from + r - capacity) * features;
            for (int f = 0; f < features; f++) {
                float z = Step.scaled(values[base + f], location[f], scale[f], clip);
                window[at++] = Float.isNaN(z) ? 0f : z;
            }
        }
    }

    /** Appends what the head holds: counters and the chunk that is filling. */
    void write(Wire wire) {
        wire.i64(total).u16(rows);
        for (long n = total - total % chunkRows; n < total; n++) writeRow(wire, n);
    }

    /** Writes the chunks that became full since the last call. */
    void save(Wire scratch, Slots slots) {
        long full = total / chunkRows;
        for (long chunk = Math.max(firstUnsaved, full - chunks); chunk < full; chunk++) {
            scratch.clear();
            for (long n = chunk * chunkRows; n < (chunk + 1) * chunkRows; n++) writeRow(scratch, n);
            slots.put(FIRST_SLOT + (int) (chunk % chunks), scratch.toBytes());
        }
        firstUnsaved = full;
    }

    private void writeRow(Wire wire, long number) {
        int at = (int) (number % capacity);
        wire.u8(filled[at] ? 1 : 0).doubles(values, at * features, features);
    }

    /** Reads what {@link #write} and {@link #save} wrote for a ring of the same size. */
    void read(Wire head, Slots slots) {
        total = head.i64();
        rows = head.u16();
        long partial = total - total % chunkRows;
        for (long n = partial; n < total; n++) readRow(head, n);
        long first = (total - rows) / chunkRows;
        for (long chunk = first; chunk < partial / chunkRows; chunk++) {
            byte[] piece = slots.get(FIRST_SLOT + (int) (chunk % chunks));
            if (piece == null) throw new IllegalStateException("chunk " + chunk + " of a window has no stored state");
            Wire wire = Wire.reader(piece);
            for (long n = chunk * chunkRows; n < (chunk + 1) * chunkRows; n++) readRow(wire, n);
        }
        firstUnsaved = partial / chunkRows;
    }

    private void readRow(Wire wire, long number) {
        int at = (int) (number % capacity);
        filled[at] = wire.u8() != 0;
        wire.readDoubles(values, at * features, features);
    }

    /** Takes over the latest rows of a ring of another size; all of them will be saved anew. */
    void takeFrom(RowRing other) {
        double[] row = new double[features];
        for (int i = Math.min(other.rows, context); i > 0; i--) {
            int at = (int) ((other.total - i) % other.capacity);
            System.arraycopy(other.values, at * features, row, 0, features);
            push(row, other.filled[at]);
        }
    }
}
