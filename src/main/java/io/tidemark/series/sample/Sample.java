package io.tidemark.series.sample;

import org.jspecify.annotations.Nullable;

/**
 * One tensor ready for networks, as a record of {@code samples} holds it: a step and the scaled rows that end with it.
 *
 * <pre>
 * u8 version = 1 | u8 kind = 1 (window) | i32 length of the step | step | u16 rows | rows x features x f32, oldest first
 * u8 version = 1 | u8 kind = 2 (frame)  | i32 length of the step | step | frame (see {@link Frame})
 * </pre>
 *
 * <p>A view over the record's bytes, reused from record to record by one thread. Rows hold z = (value - location) / scale of
 * this step's location and scale, clipped; a missing value is 0 (the location). There may be fewer rows than a network reads
 * while a series is young.
 */
public final class Sample {
    public static final int VERSION = 1;
    static final int WINDOW = 1;
    static final int FRAME = 2;
    private static final int STEP_AT = 6;

    private byte[] bytes = new byte[0];
    private int stepLength;
    private int rows;
    private int features;
    private int rowsAt;
    private @Nullable Frame frame;

    /**
     * Writes a sample.
     *
     * @param window {@code [rows, features]} scaled, oldest first
     */
    public static byte[] encode(Wire wire, Step step, float[] window, int rows) {
        wire.clear().u8(VERSION).u8(WINDOW).i32(0);
        step.write(wire);
        wire.i32At(2, wire.position() - STEP_AT);
        wire.u16(rows).floats(window, 0, rows * step.features());
        return wire.toBytes();
    }

    /** Writes a sample of an image stream. */
    public static byte[] encode(Wire wire, Step step, Frame frame) {
        wire.clear().u8(VERSION).u8(FRAME).i32(0);
        step.write(wire);
        wire.i32At(2, wire.position() - STEP_AT);
        frame.write(wire);
        return wire.toBytes();
    }

    /**
     * Points the view at a record.
     *
     * @param scratch receives the decoded step
     * @throws MalformedRecordException when the record is cut or of another version
     */
    public Sample wrap(byte[] record, Step scratch) {
        Wire wire = Wire.reader(record);
        int version = wire.u8();
        int kind = wire.u8();
        if (version != VERSION) throw MalformedRecordException.unknownVersion("a sample", version);
        if (kind != WINDOW && kind != FRAME) {
            throw new MalformedRecordException(
                    "a sample's kind must be " + WINDOW + " or " + FRAME + ", but was " + kind);
        }
        stepLength = wire.i32();
        if (stepLength < 0 || stepLength > wire.remaining()) {
            throw new MalformedRecordException("a sample's step of " + stepLength + " bytes does not fit its record");
        }
        scratch.read(wire);
        if (wire.position() != STEP_AT + stepLength) {
            throw new MalformedRecordException(
                    "a sample's step is " + (wire.position() - STEP_AT) + " bytes, not " + stepLength);
        }
        features = scratch.features();
        bytes = record;
        frame = null;
        if (kind == FRAME) {
            rows = 1;
            frame = Frame.read(wire);
            wire.end();
            return this;
        }
        rows = wire.u16();
        rowsAt = wire.position();
        if (wire.remaining() != 4 * rows * features) {
            throw new MalformedRecordException("a sample of " + rows + " rows x " + features + " features has "
                    + wire.remaining() + " bytes of rows");
        }
        return this;
    }

    /** Rows present, oldest first, the last of them this step's. */
    public int rows() {
        return rows;
    }

    public int features() {
        return features;
    }

    /** The frame of a sample of an image stream; null for a window. */
    public @Nullable Frame frame() {
        return frame;
    }

    /**
     * Copies {@code count} rows that end {@code back} rows before the newest into an array.
     *
     * @param count in [0, rows() - back]
     * @param back 0 to end with this step's own row
     */
    public void copyRows(int count, int back, float[] target, int at) {
        int first = rows - back - count;
        if (first < 0)
            throw new IllegalArgumentException(count + " rows before " + back + " of " + rows + " are not there");
        java.nio.ByteBuffer.wrap(bytes, rowsAt + 4 * first * features, 4 * count * features)
                .asFloatBuffer()
                .get(target, at, count * features);
    }

    /** Appends the encoded step, length first, as it stands in the record. */
    public void copyStep(Wire target) {
        target.i32(stepLength).bytes(bytes, STEP_AT, stepLength);
    }
}
