package io.tidemark.series.sample;

/**
 * A frame that may teach, as a record of {@code training} holds it.
 *
 * <pre>u8 version = 2 | string stream | string series | i32 generation | i64 step | i64 timeMs | frame</pre>
 *
 * @param generation of the series' state
 * @param timeMs event time; epoch milliseconds
 */
public record TrainingFrame(String stream, String series, int generation, long step, long timeMs, Frame frame) {
    static final int VERSION = 2;

    /** Whether a record of {@code training} holds a frame; otherwise it holds {@link TrainingRows}. */
    public static boolean is(byte[] record) {
        return record.length > 0 && record[0] == VERSION;
    }

    public byte[] encode(Wire wire) {
        wire.clear()
                .u8(VERSION)
                .string(stream)
                .string(series)
                .i32(generation)
                .i64(step)
                .i64(timeMs);
        frame.write(wire);
        return wire.toBytes();
    }

    /** @throws MalformedRecordException when the record is cut or of another version */
    public static TrainingFrame decode(byte[] record) {
        Wire wire = Wire.reader(record);
        int version = wire.u8();
        if (version != VERSION) {
            throw MalformedRecordException.unknownVersion("a training frame", version);
        }
        TrainingFrame frame =
                new TrainingFrame(wire.string(), wire.string(), wire.i32(), wire.i64(), wire.i64(), Frame.read(wire));
        wire.end();
        return frame;
    }
}
