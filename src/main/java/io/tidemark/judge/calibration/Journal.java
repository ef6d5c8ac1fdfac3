package io.tidemark.judge.calibration;

import io.tidemark.judge.slots.SlotMemory;
import io.tidemark.judge.slots.SlotSink;

/**
 * The steps since the memory was last stored as a whole. An ordinary step then stores one short slot of the journal instead of the many slots that
 * it touches; when the journal is full, the touched slots are stored once and the journal begins again.
 *
 * <pre>
 *   each slot: epoch i4 | bytes used i2 | entries …
 *   entry:     flags | time i8 | deviation f4, its sign: the score holds still | values f8 (f4 in wide series) × values | errors f4 × networks that spoke
 *              | with a probe: errors on it f4 × networks that spoke
 *   flags:     u1 for up to {@value #NETWORKS_OF_NARROW_FLAGS} networks, else i4: bit 0 an alert is open, bit 1+n network n spoke, the highest bit: there is a probe
 * </pre>
 *
 * A slot counts only if its epoch is that of the memory; entries do not straddle slots.
 */
final class Journal {
    private static final int SLOT_HEADER_BYTES = 6;
    private static final int SIGN = 1 << 31;
    static final int NETWORKS_OF_NARROW_FLAGS = 6;

    private final SlotMemory memory;
    private final int slots;
    private final int at;
    private final int flagBytes;
    private final int valueBytes;
    private int slot;
    private int used;
    private int epoch;

    /**
     * @param networks places of networks in an entry
     * @param valueBytes bytes of a value: 8, or 4
     */
    Journal(SlotMemory memory, int slots, int networks, int valueBytes) {
        this.memory = memory;
        this.valueBytes = valueBytes;
        this.flagBytes = networks <= NETWORKS_OF_NARROW_FLAGS ? 1 : 4;
        this.slots = slots;
        this.at = memory.allocate(slots * SlotMemory.SLOT_BYTES);
        begin(1);
    }

    /** Begins again, empty. */
    void begin(int epoch) {
        this.epoch = epoch;
        slot = 0;
        used = SLOT_HEADER_BYTES;
    }

    int slots() {
        return slots;
    }

    int epoch() {
        return epoch;
    }

    /** Appends an entry; false when the journal is full. */
    boolean append(JournalEntry entry) {
        int length = length(entry);
        if (used + length > SlotMemory.SLOT_BYTES) {
            if (slot + 1 == slots) {
                return false;
            }
            slot++;
            used = SLOT_HEADER_BYTES;
        }
        int start = at + slot * SlotMemory.SLOT_BYTES;
        write(start + used, entry);
        used += length;
        memory.putInt(start, epoch);
        memory.putByte(start + 4, used);
        memory.putByte(start + 5, used >>> 8);
        return true;
    }

    /** Hands out the changed slots, as far as they are used; returns the bytes handed out. */
    int drain(SlotSink sink) {
        int first = at / SlotMemory.SLOT_BYTES;
        int handedOut = 0;
        for (int i = first; i < first + slots; i++) {
            handedOut += memory.drainSlot(i, usedBytes(i), sink);
        }
        return handedOut;
    }

    /** Reads the next entry of the epoch; false at the end, after which entries may be appended. */
    boolean next(JournalEntry entry) {
        int start = at + slot * SlotMemory.SLOT_BYTES;
        if (memory.getInt(start) != epoch || used >= usedBytes(start / SlotMemory.SLOT_BYTES)) {
            boolean more = memory.getInt(start) == epoch
                    && slot + 1 < slots
                    && memory.getInt(start + SlotMemory.SLOT_BYTES) == epoch;
            if (!more) {
                return false;
            }
            slot++;
            used = SLOT_HEADER_BYTES;
            start += SlotMemory.SLOT_BYTES;
        }
        read(start + used, entry);
        used += length(entry);
        return true;
    }

    private int usedBytes(int memorySlot) {
        int start = memorySlot * SlotMemory.SLOT_BYTES;
        return memory.getByte(start + 4) | memory.getByte(start + 5) << 8;
    }

    private int length(JournalEntry entry) {
        int spoke = 0;
        for (float error : entry.errors) {
            spoke += Float.isNaN(error) ? 0 : 1;
        }
        return flagBytes + 12 + valueBytes * entry.values.length + 4 * spoke * (entry.isProbed() ? 2 : 1);
    }

    /** Whether an entry of so many values and networks has room in a slot. */
    static boolean fits(int values, int valueBytes, int networks) {
        return Integer.BYTES + 12 + valueBytes * values + 8 * networks <= SlotMemory.SLOT_BYTES - SLOT_HEADER_BYTES;
    }

    /** Whether flags take one byte, as they do for few networks. */
    boolean hasNarrowFlags() {
        return flagBytes == 1;
    }

    private int probeFlag() {
        return flagBytes == 1 ? 1 << 7 : 1 << 31;
    }

    private void write(int start, JournalEntry entry) {
        boolean probed = entry.isProbed();
        int flags = (entry.alertOpen ? 1 : 0) | (probed ? probeFlag() : 0);
        int next = start + flagBytes;
        memory.putLong(next, entry.timeMs);
        memory.putInt(next + 8, Float.floatToRawIntBits(entry.deviation) | (entry.scoreHolds ? SIGN : 0));
        next += 12;
        for (double value : entry.values) {
            if (valueBytes == 8) {
                memory.putDouble(next, value);
            } else {
                memory.putFloat(next, (float) value);
            }
            next += valueBytes;
        }
        for (int i = 0; i < entry.errors.length; i++) {
            if (!Float.isNaN(entry.errors[i])) {
                flags |= 2 << i;
                memory.putFloat(next, entry.errors[i]);
                next += 4;
            }
        }
        for (int i = 0; probed && i < entry.errors.length; i++) {
            if (!Float.isNaN(entry.errors[i])) {
                memory.putFloat(next, entry.probes[i]);
                next += 4;
            }
        }
        if (flagBytes == 1) {
            memory.putByte(start, flags);
        } else {
            memory.putInt(start, flags);
        }
    }

    private void read(int start, JournalEntry entry) {
        int flags = flagBytes == 1 ? memory.getByte(start) : memory.getInt(start);
        int next = start + flagBytes;
        entry.alertOpen = (flags & 1) != 0;
        entry.timeMs = memory.getLong(next);
        int deviation = memory.getInt(next + 8);
        entry.deviation = Float.intBitsToFloat(deviation & ~SIGN);
        entry.scoreHolds = (deviation & SIGN) != 0;
        next += 12;
        for (int i = 0; i < entry.values.length; i++) {
            entry.values[i] = valueBytes == 8 ? memory.getDouble(next) : memory.getFloat(next);
            next += valueBytes;
        }
        for (int i = 0; i < entry.errors.length; i++) {
            boolean spoke = (flags & 2 << i) != 0;
            entry.errors[i] = spoke ? memory.getFloat(next) : Float.NaN;
            next += spoke ? 4 : 0;
        }
        boolean probed = (flags & probeFlag()) != 0;
        for (int i = 0; i < entry.errors.length; i++) {
            boolean spoke = probed && !Float.isNaN(entry.errors[i]);
            entry.probes[i] = spoke ? memory.getFloat(next) : Float.NaN;
            next += spoke ? 4 : 0;
        }
    }
}
