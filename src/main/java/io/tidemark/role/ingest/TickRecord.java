package io.tidemark.role.ingest;

import io.tidemark.series.sample.MalformedRecordException;
import io.tidemark.series.sample.Wire;

/**
 * A series has been silent: its open steps close unless an event came in between.
 *
 * <pre>u8 version = 1 | string stream | string series | i32 generation | i64 joined</pre>
 *
 * @param generation of the series' state
 * @param joined events that had joined the series when the silence was seen
 */
record TickRecord(String stream, String series, int generation, long joined) {
    private static final int VERSION = 1;

    byte[] encode(Wire wire) {
        return wire.clear()
                .u8(VERSION)
                .string(stream)
                .string(series)
                .i32(generation)
                .i64(joined)
                .toBytes();
    }

    /** @throws MalformedRecordException when the record is cut or of another version */
    static TickRecord decode(byte[] record) {
        Wire wire = Wire.reader(record);
        int version = wire.u8();
        if (version != VERSION) {
            throw MalformedRecordException.unknownVersion("a tick", version);
        }
        TickRecord tick = new TickRecord(wire.string(), wire.string(), wire.i32(), wire.i64());
        wire.end();
        return tick;
    }
}
