package io.tidemark.role.ingest;

import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventTime;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.MalformedRecordException;
import io.tidemark.series.sample.Wire;

/**
 * A decoded event on its way to the task of its series.
 *
 * <pre>
 * u8 version = 1 | string stream | string series | i64 timeMs | i32 partition | i64 offset | i64 producedMs
 * u16 features F | u16 feature, 65535: all | F x f64 values, or one f64 where a feature is named
 * </pre>
 *
 * An event of an image stream has version 2, and instead of features {@code f64 brightness | frame}.
 */
final class EventRecord {
    private static final int VERSION = 1;
    private static final int FRAME = 2;
    private static final int ALL = 0xFFFF;

    private EventRecord() {}

    static byte[] encode(Wire wire, String stream, DecodedEvent event) {
        Frame frame = event.frame;
        if (frame != null) return encode(wire, stream, event, frame);
        double[] values = event.values();
        boolean wide = event.feature == DecodedEvent.WIDE;
        wire.clear().u8(VERSION).string(stream).string(event.series);
        wire.i64(event.timeMs).i32(event.partition).i64(event.offset).i64(event.producedMs);
        wire.u16(values.length).u16(wide ? ALL : event.feature);
        return wire.doubles(values, wide ? 0 : event.feature, wide ? values.length : 1)
                .toBytes();
    }

    private static byte[] encode(Wire wire, String stream, DecodedEvent event, Frame frame) {
        wire.clear().u8(FRAME).string(stream).string(event.series);
        wire.i64(event.timeMs).i32(event.partition).i64(event.offset).i64(event.producedMs);
        frame.write(wire.f64(event.values()[0]));
        return wire.toBytes();
    }

    /** The stream; the cursor then stands before the rest. */
    static String stream(Wire wire) {
        int version = wire.u8();
        if (version != VERSION && version != FRAME) {
            throw MalformedRecordException.unknownVersion("an event", version);
        }
        return wire.string();
    }

    /**
     * Reads all but the stream.
     *
     * @param wire over the record, after {@link #stream}
     * @param frames whether the stream is of images
     * @return false when the record has another number of features than the event, or a frame where rows are due and the other way
     *     round; only series, time and origin are read then
     * @throws MalformedRecordException when the record is cut, too long, or out of bounds
     */
    static boolean read(byte[] record, Wire wire, DecodedEvent event, boolean frames) {
        event.clear();
        event.series = wire.string();
        event.timeMs = wire.i64();
        event.partition = wire.i32();
        event.offset = wire.i64();
        event.producedMs = wire.i64();
        checkOrigin(event);
        if (frames != (record[0] == FRAME)) return false;
        if (frames) {
            event.values()[0] = wire.f64();
            event.frame = Frame.read(wire);
            wire.end();
            return true;
        }
        int features = wire.u16();
        int feature = wire.u16();
        long due = feature == ALL ? 8L * features : 8;
        if (wire.remaining() != due || (feature != ALL && feature >= features)) {
            throw new MalformedRecordException("an event of feature " + feature + " of " + features + " has "
                    + wire.remaining() + " bytes of values, not " + due);
        }
        if (features != event.values().length) return false;
        event.feature = feature == ALL ? DecodedEvent.WIDE : feature;
        wire.readDoubles(event.values(), feature == ALL ? 0 : feature, feature == ALL ? features : 1);
        for (double value : event.values()) {
            if (Double.isInfinite(value)) throw new MalformedRecordException("an event has an infinite value");
        }
        return true;
    }

    private static void checkOrigin(DecodedEvent event) {
        if (event.partition < 0 || event.offset < 0 || !EventTime.isValid(event.timeMs)) {
            throw new MalformedRecordException("an event of time " + event.timeMs + " ms, partition " + event.partition
                    + " and offset " + event.offset + " is out of bounds");
        }
    }
}
