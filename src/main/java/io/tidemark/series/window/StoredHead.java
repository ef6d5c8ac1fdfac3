package io.tidemark.series.window;

import io.tidemark.series.sample.Wire;

/** What the head slot of a series says whatever its generation is: its fields lie before those that depend on the stream. */
final class StoredHead {
    static final int VERSION = 3;
    /** Without the newest event time. */
    static final int VERSION_2 = 2;
    /** As version 2, without what tells two events of one time apart, and without counters. */
    static final int VERSION_1 = 1;

    /** Bits of the flags. */
    static final int TEACHES = 1;

    static final int BROKEN = 2;

    private StoredHead() {}

    static int generation(byte[] head) {
        Wire wire = Wire.reader(head);
        wire.u8();
        return wire.i32();
    }

    static boolean teaches(byte[] head) {
        Wire wire = Wire.reader(head);
        wire.skip(5);
        return (wire.u8() & TEACHES) != 0;
    }

    /** Event time of the newest event; the least number where the state does not say. */
    static long newestMs(byte[] head) {
        Wire wire = Wire.reader(head);
        int version = wire.u8();
        wire.skip(5);
        return version == VERSION ? wire.i64() : Long.MIN_VALUE;
    }

    /** The newest step that had closed; the least number before the first. */
    static long newestClosed(byte[] head) {
        Wire wire = Wire.reader(head);
        int version = wire.u8();
        wire.skip(5 + (version == VERSION ? Long.BYTES : 0) + Short.BYTES);
        long step = wire.i64();
        return wire.i64() == 0 ? Long.MIN_VALUE : step;
    }
}
