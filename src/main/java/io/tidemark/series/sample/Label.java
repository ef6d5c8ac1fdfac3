package io.tidemark.series.sample;

/**
 * What a person said of a stretch of a series' event time, as a record of {@code gates} holds it among the gates.
 *
 * <p>A label overrides the gates of its rows, whichever comes first: rows of an anomaly never teach, and rows that a person calls
 * normal may.
 *
 * <pre>u8 {@value #VERSION} | string stream | string series | i64 fromMs | i64 toMs | u8 anomaly</pre>
 *
 * @param fromMs event time of the first row, inclusive; epoch milliseconds
 * @param toMs event time of the last row, inclusive; at least fromMs
 * @param anomaly whether the rows are an anomaly; else they are normal
 */
public record Label(String stream, String series, long fromMs, long toMs, boolean anomaly) {
    /** Gates count their versions from 1, labels from here. */
    public static final int VERSION = 129;

    public Label {
        if (toMs < fromMs) {
            throw new IllegalArgumentException("a label must end at " + fromMs + " or later, but ended at " + toMs);
        }
    }

    /** Whether a record of {@code gates} is a label; the others are gates. */
    public static boolean isLabel(byte[] record) {
        return record.length > 0 && (record[0] & 0xFF) >= VERSION;
    }

    /** Whether a row of an event time is part of the stretch. */
    public boolean covers(long timeMs) {
        return fromMs <= timeMs && timeMs <= toMs;
    }

    public byte[] encode(Wire wire) {
        return wire.clear()
                .u8(VERSION)
                .string(stream)
                .string(series)
                .i64(fromMs)
                .i64(toMs)
                .u8(anomaly ? 1 : 0)
                .toBytes();
    }

    /** @throws MalformedRecordException when the record is cut or of another version */
    public static Label decode(byte[] record) {
        Wire wire = Wire.reader(record);
        int version = wire.u8();
        if (version != VERSION) {
            throw MalformedRecordException.unknownVersion("a label", version);
        }
        try {
            Label label = new Label(wire.string(), wire.string(), wire.i64(), wire.i64(), wire.u8() == 1);
            wire.end();
            return label;
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()));
        }
    }
}
