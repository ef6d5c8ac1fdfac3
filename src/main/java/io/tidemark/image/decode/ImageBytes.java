package io.tidemark.image.decode;

import io.tidemark.series.event.RejectReason;
import java.nio.charset.StandardCharsets;

/** Numbers at places of an encoded image; a place that is not there is a damaged image, never an index error. */
final class ImageBytes {
    private final byte[] bytes;
    private final int from;
    private final int to;
    private final boolean littleEndian;

    private ImageBytes(byte[] bytes, int from, int to, boolean littleEndian) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.littleEndian = littleEndian;
    }

    static ImageBytes of(byte[] bytes) {
        return new ImageBytes(bytes, 0, bytes.length, false);
    }

    /** The same bytes with the least significant one of a number first. */
    ImageBytes littleEndian() {
        return new ImageBytes(bytes, from, to, true);
    }

    /** The part that begins at a place. */
    ImageBytes part(long at, long length) throws RefusedException {
        need(at, length);
        return new ImageBytes(bytes, from + (int) at, from + (int) (at + length), littleEndian);
    }

    int length() {
        return to - from;
    }

    private void need(long at, long count) throws RefusedException {
        if (at < 0 || count < 0 || at + count > length()) throw cut();
    }

    static RefusedException cut() {
        return new RefusedException(RejectReason.IMAGE_MALFORMED, "the image ends too early");
    }

    int u8(long at) throws RefusedException {
        need(at, 1);
        return bytes[from + (int) at] & 0xFF;
    }

    int u16(long at) throws RefusedException {
        int first = u8(at);
        int second = u8(at + 1);
        return littleEndian ? second << 8 | first : first << 8 | second;
    }

    int u24(long at) throws RefusedException {
        int outer = u8(at + (littleEndian ? 2 : 0));
        int middle = u8(at + 1);
        return outer << 16 | middle << 8 | u8(at + (littleEndian ? 0 : 2));
    }

    long u32(long at) throws RefusedException {
        long first = u16(at);
        long second = u16(at + 2);
        return littleEndian ? second << 16 | first : first << 16 | second;
    }

    int i32(long at) throws RefusedException {
        return (int) u32(at);
    }

    /** Whether ASCII text stands at a place. */
    boolean says(long at, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
        if (at < 0 || at + wanted.length > length()) return false;
        for (int i = 0; i < wanted.length; i++) if (bytes[from + (int) at + i] != wanted[i]) return false;
        return true;
    }

    /** Appends a part to an array. */
    void copy(long at, long count, java.io.ByteArrayOutputStream target) throws RefusedException {
        need(at, count);
        target.write(bytes, from + (int) at, (int) count);
    }
}
