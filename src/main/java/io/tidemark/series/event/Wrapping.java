package io.tidemark.series.event;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What producers put around a value: gzip, the frame of a schema registry before JSON, zero bytes at the end. */
final class Wrapping {
    /** Zero byte and four bytes of a schema's number, or eight of them. */
    private static final int[] FRAMES = {5, 9};

    private Wrapping() {}

    /**
     * @return the value within; null when it is of more than so many bytes
     * @throws IOException when gzip is cut or damaged
     */
    static byte @Nullable [] unpacked(byte[] value, int bytesMax) throws IOException {
        if (value.length < 3 || (value[0] & 0xFF) != 0x1F || (value[1] & 0xFF) != 0x8B) return value;
        try (InputStream packed = new GZIPInputStream(new ByteArrayInputStream(value))) {
            byte[] unpacked = packed.readNBytes(bytesMax + 1);
            return unpacked.length > bytesMax ? null : unpacked;
        }
    }

    /** JSON without the frame of a schema registry before it and zero bytes after it. */
    static byte[] bareJson(byte[] value) {
        int end = value.length;
        while (end > 0 && value[end - 1] == 0) end--;
        if (end == 0) return value;
        int from = 0;
        if (value[0] == 0) {
            for (int frame : FRAMES) {
                if (frame < end && (value[frame] == '{' || value[frame] == '[')) {
                    from = frame;
                    break;
                }
            }
        }
        return from == 0 && end == value.length ? value : Arrays.copyOfRange(value, from, end);
    }

    /** Whether a value begins as a schema registry's frame does. */
    static boolean isFramed(byte[] value) {
        return value.length > 5 && value[0] == 0;
    }
}
