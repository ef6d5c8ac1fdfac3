package io.tidemark.judge.slots;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The memory of one series: a flat block of bytes, cut into slots that a store can hold one by one.
 *
 * <p>Whatever a series remembers lives here in its stored form (little endian), so there is nothing to serialise: a write marks its slot as
 * changed, and draining hands out the changed slots.
 *
 * <pre>
 *   slot 0            slot 1            …   slot n−1
 *   [ SLOT_BYTES    ][ SLOT_BYTES    ]      [ SLOT_BYTES    ]
 * </pre>
 *
 * <p>Parts claim their ranges with {@link #allocate} in one fixed order, which is the layout. Owned by one thread.
 */
public final class SlotMemory {
    /** Bytes of a slot. */
    public static final int SLOT_BYTES = 256;

    private static final int SLOT_SHIFT = 8;
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FLOATS =
            MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLES =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final long[] changed;
    private int allocated;

    public SlotMemory(int slots) {
        bytes = new byte[slots * SLOT_BYTES];
        changed = new long[(slots + 63) >>> 6];
    }

    /** Claims the next range; returns the offset of its first byte, a multiple of 8. */
    public int allocate(int length) {
        int offset = allocated;
        allocated += (length + 7) & ~7;
        if (allocated > bytes.length) {
            throw new IllegalStateException(
                    "a layout of " + allocated + " bytes does not fit into " + bytes.length + " bytes");
        }
        return offset;
    }

    public int remaining() {
        return bytes.length - allocated;
    }

    public int allocated() {
        return allocated;
    }

    /** Slots that the layout touches. */
    public int slotsAllocated() {
        return (allocated + SLOT_BYTES - 1) >>> SLOT_SHIFT;
    }

    public int getByte(int offset) {
        return bytes[offset] & 0xFF;
    }

    public void putByte(int offset, int value) {
        bytes[offset] = (byte) value;
        mark(offset);
    }

    public int getInt(int offset) {
        return (int) INTS.get(bytes, offset);
    }

    public void putInt(int offset, int value) {
        INTS.set(bytes, offset, value);
        mark(offset);
    }

    /** Two bytes, as a number in [0, 65535]. */
    public int getShort(int offset) {
        return (short) SHORTS.get(bytes, offset) & 0xFFFF;
    }

    public void putShort(int offset, int value) {
        SHORTS.set(bytes, offset, (short) value);
        mark(offset);
    }

    public long getLong(int offset) {
        return (long) LONGS.get(bytes, offset);
    }

    public void putLong(int offset, long value) {
        LONGS.set(bytes, offset, value);
        mark(offset);
    }

    public float getFloat(int offset) {
        return (float) FLOATS.get(bytes, offset);
    }

    public void putFloat(int offset, float value) {
        FLOATS.set(bytes, offset, value);
        mark(offset);
    }

    public double getDouble(int offset) {
        return (double) DOUBLES.get(bytes, offset);
    }

    public void putDouble(int offset, double value) {
        DOUBLES.set(bytes, offset, value);
        mark(offset);
    }

    /** Moves a range within the memory; the ranges may overlap. */
    public void move(int from, int to, int length) {
        System.arraycopy(bytes, from, bytes, to, length);
        markRange(to, length);
    }

    /** Sets a range to zero. */
    public void clear(int offset, int length) {
        Arrays.fill(bytes, offset, offset + length, (byte) 0);
        markRange(offset, length);
    }

    /** Hands out the changed slots of [fromSlot, toSlot) and marks them as stored; returns the bytes handed out. */
    public int drain(int fromSlot, int toSlot, SlotSink sink) {
        int handedOut = 0;
        for (int slot = fromSlot; slot < toSlot; slot++) {
            handedOut += drainSlot(slot, SLOT_BYTES, sink);
        }
        return handedOut;
    }

    /** Hands out the first bytes of a slot if it changed; returns how many. */
    public int drainSlot(int slot, int length, SlotSink sink) {
        if ((changed[slot >>> 6] & (1L << slot)) == 0) {
            return 0;
        }
        changed[slot >>> 6] &= ~(1L << slot);
        sink.accept(slot, Arrays.copyOfRange(bytes, slot << SLOT_SHIFT, (slot << SLOT_SHIFT) + length));
        return length;
    }

    /** Forgets everything, changes included. */
    public void reset() {
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(changed, 0);
    }

    /** Fills a slot from its stored bytes. */
    public void restore(int slot, byte[] stored) {
        if (stored.length > SLOT_BYTES) {
            throw new IllegalArgumentException("calibration slot " + slot + " must have at most " + SLOT_BYTES
                    + " bytes, but has " + stored.length + "; reset the series");
        }
        System.arraycopy(stored, 0, bytes, slot << SLOT_SHIFT, stored.length);
    }

    private void mark(int offset) {
        int slot = offset >>> SLOT_SHIFT;
        changed[slot >>> 6] |= 1L << slot;
    }

    private void markRange(int offset, int length) {
        for (int slot = offset >>> SLOT_SHIFT; slot <= (offset + length - 1) >>> SLOT_SHIFT && length > 0; slot++) {
            changed[slot >>> 6] |= 1L << slot;
        }
    }
}
