package io.tidemark.calibration;

/**
 * The steps since the memory was last stored as a whole. An ordinary step then stores one short slot of the journal instead of the many slots that
 * it touches; when the journal is full, the touched slots are stored once and the journal begins again.
 *
 * <pre>
 *   each slot: epoch i4 | bytes used i2 | entries …
 *   entry:     flags u1 | time i8 | deviation f4 | values f8 × features | errors f4 × networks that spoke
 *   flags:     bit 0 an alert is open, bit 1+n network n spoke
 * </pre>
 *
 * A slot counts only if its epoch is that of the memory; entries do not straddle slots.
 */
final class Journal {
    private static final int SLOT_HEADER_BYTES = 6;

    private final SlotMemory memory;
    private final int slots;
    private final int at;
    private int slot;
    private int used;
    private int epoch;

    Journal(SlotMemory memory, int slots) {
        this.memory = memory;
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

    private static int length(JournalEntry entry) {
        int length = 13 + 8 * entry.values.length;
        for (float error : entry.errors) {
            length += Float.isNaN(error) ? 0 : 4;
        }
        return length;
    }

    static int lengthMax(int noveltyFeatures, int networks) {
        return 13 + 8 * noveltyFeatures + 4 * networks;
    }

    private void write(int start, JournalEntry entry) {
        int flags = entry.alertOpen ? 1 : 0;
        memory.putLong(start + 1, entry.timeMs);
        memory.putFloat(start + 9, entry.deviation);
        int next = start + 13;
        for (double value : entry.values) {
            memory.putDouble(next, value);
            next += 8;
        }
        for (int i = 0; i < entry.errors.length; i++) {
            if (!Float.isNaN(entry.errors[i])) {
                flags |= 2 << i;
                memory.putFloat(next, entry.errors[i]);
                next += 4;
            }
        }
        memory.putByte(start, flags);
    }

    private void read(int start, JournalEntry entry) {
        int flags = memory.getByte(start);
        entry.alertOpen = (flags & 1) != 0;
        entry.timeMs = memory.getLong(start + 1);
        entry.deviation = memory.getFloat(start + 9);
        int next = start + 13;
        for (int i = 0; i < entry.values.length; i++) {
            entry.values[i] = memory.getDouble(next);
            next += 8;
        }
        for (int i = 0; i < entry.errors.length; i++) {
            boolean spoke = (flags & 2 << i) != 0;
            entry.errors[i] = spoke ? memory.getFloat(next) : Float.NaN;
            next += spoke ? 4 : 0;
        }
    }
}
