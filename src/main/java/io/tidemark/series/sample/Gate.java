package io.tidemark.series.sample;

/**
 * Which steps of a series may teach, as a record of {@code gates} holds it.
 *
 * <pre>u8 version = 1 | string stream | string series | i32 generation | i64 fromStep | i64 toStep | u8 teach | string reason</pre>
 *
 * @param fromStep first step, inclusive
 * @param toStep last step, inclusive; at least fromStep
 * @param teach whether these steps may teach
 * @param reason why not, such as {@code alert-open}; empty when they may
 */
public record Gate(
        String stream, String series, int generation, long fromStep, long toStep, boolean teach, String reason) {
    public static final int VERSION = 1;

    public Gate {
        if (toStep < fromStep) {
            throw new IllegalArgumentException(
                    "a gate's last step must be at least " + fromStep + ", but was " + toStep);
        }
    }

    public byte[] encode(Wire wire) {
        return wire.clear()
                .u8(VERSION)
                .string(stream)
                .string(series)
                .i32(generation)
                .i64(fromStep)
                .i64(toStep)
                .u8(teach ? 1 : 0)
                .string(reason)
                .toBytes();
    }

    /** @throws MalformedRecordException when the record is cut or of another version */
    public static Gate decode(byte[] record) {
        Wire wire = Wire.reader(record);
        int version = wire.u8();
        if (version != VERSION) throw MalformedRecordException.unknownVersion("a gate", version);
        try {
            Gate gate = new Gate(
                    wire.string(), wire.string(), wire.i32(), wire.i64(), wire.i64(), wire.u8() == 1, wire.string());
            wire.end();
            return gate;
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()));
        }
    }
}
