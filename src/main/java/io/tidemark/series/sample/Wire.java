package io.tidemark.series.sample;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growable big-endian buffer that writes and reads the fields of Tidemark's binary records.
 *
 * <p>Owned by one thread and reused from record to record. Reading past the end throws {@link MalformedRecordException}, so a
 * cut or hostile record is a typed outcome and never an index error.
 */
public final class Wire {
    /** The longest string a record holds, in UTF-8 bytes. */
    public static final int STRING_BYTES_MAX = 0xFFFF;

    private ByteBuffer buffer;

    private Wire(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    /** An empty buffer to write to; grows as needed. */
    public static Wire writer(int initialBytes) {
        return new Wire(ByteBuffer.allocate(initialBytes));
    }

    /** A cursor over a whole record; the bytes are not copied. */
    public static Wire reader(byte[] bytes) {
        return new Wire(ByteBuffer.wrap(bytes));
    }

    /** Forgets what was written. */
    public Wire clear() {
        buffer.clear();
        return this;
    }

    /** What was written, copied. */
    public byte[] toBytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** Bytes written or read so far. */
    public int position() {
        return buffer.position();
    }

    /** Bytes still to read. */
    public int remaining() {
        return buffer.remaining();
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int needed = buffer.position() + bytes;
            ByteBuffer larger = ByteBuffer.allocate(Math.max(needed, buffer.capacity() * 2));
            larger.put(buffer.flip());
            buffer = larger;
        }
        return buffer;
    }

    private ByteBuffer need(int bytes) {
        if (bytes < 0 || buffer.remaining() < bytes) {
            throw new MalformedRecordException("record ends after " + buffer.limit() + " bytes, but " + bytes
                    + " more were expected at " + buffer.position());
        }
        return buffer;
    }

    public Wire u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    public Wire u16(int value) {
        if (value < 0 || value > 0xFFFF) throw new IllegalArgumentException("must be in [0, 65535], but was " + value);
        room(2).putShort((short) value);
        return this;
    }

    public Wire i32(int value) {
        room(4).putInt(value);
        return this;
    }

    public Wire i64(long value) {
        room(8).putLong(value);
        return this;
    }

    public Wire f32(float value) {
        room(4).putFloat(value);
        return this;
    }

    public Wire f64(double value) {
        room(8).putDouble(value);
        return this;
    }

    public Wire string(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > STRING_BYTES_MAX) {
            throw new IllegalArgumentException("a string of " + utf8.length + " bytes is over " + STRING_BYTES_MAX);
        }
        u16(utf8.length);
        room(utf8.length).put(utf8);
        return this;
    }

    public Wire bytes(byte[] source, int from, int length) {
        room(length).put(source, from, length);
        return this;
    }

    public Wire floats(float[] source, int from, int length) {
        ByteBuffer b = room(4 * length);
        b.asFloatBuffer().put(source, from, length);
        b.position(b.position() + 4 * length);
        return this;
    }

    public Wire doubles(double[] source, int from, int length) {
        ByteBuffer b = room(8 * length);
        b.asDoubleBuffer().put(source, from, length);
        b.position(b.position() + 8 * length);
        return this;
    }

    /** Writes an int over four bytes written before. */
    public Wire i32At(int position, int value) {
        buffer.putInt(position, value);
        return this;
    }

    public int u8() {
        return need(1).get() & 0xFF;
    }

    public int u16() {
        return need(2).getShort() & 0xFFFF;
    }

    public int i32() {
        return need(4).getInt();
    }

    public long i64() {
        return need(8).getLong();
    }

    public float f32() {
        return need(4).getFloat();
    }

    public double f64() {
        return need(8).getDouble();
    }

    public String string() {
        int length = u16();
        ByteBuffer b = need(length);
        String value = new String(b.array(), b.arrayOffset() + b.position(), length, StandardCharsets.UTF_8);
        b.position(b.position() + length);
        return value;
    }

    public void readFloats(float[] target, int from, int length) {
        ByteBuffer b = need(Math.multiplyExact(4, length));
        b.asFloatBuffer().get(target, from, length);
        b.position(b.position() + 4 * length);
    }

    public void readDoubles(double[] target, int from, int length) {
        ByteBuffer b = need(Math.multiplyExact(8, length));
        b.asDoubleBuffer().get(target, from, length);
        b.position(b.position() + 8 * length);
    }

    public void readBytes(byte[] target, int from, int length) {
        need(length).get(target, from, length);
    }

    /** Ends a record that has been read whole: bytes that nobody expects say that it is not what it seems. */
    public void end() {
        if (buffer.hasRemaining()) {
            throw new MalformedRecordException(
                    "record has " + buffer.remaining() + " bytes too many after " + buffer.position());
        }
    }

    /** Passes over bytes. */
    public Wire skip(int length) {
        need(length).position(buffer.position() + length);
        return this;
    }
}
