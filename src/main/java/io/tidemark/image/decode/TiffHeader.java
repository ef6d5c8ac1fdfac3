package io.tidemark.image.decode;

import io.tidemark.series.event.RejectReason;
import java.util.Set;

/** The first directory of a TIFF, which is also the form of EXIF. */
final class TiffHeader {
    // Where the parts of a directory's entry lie behind its tag, in bytes from its beginning.
    private static final int ENTRY_TYPE = 2;
    private static final int ENTRY_COUNT = 4;
    private static final int ENTRY_VALUE = 8;
    private static final long ENTRY_BYTES = 12;

    // Types of an entry's values: of 1, 2 and 4 bytes without a sign.
    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;

    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int ORIENTATION = 274;
    private static final int SAMPLES = 277;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int EXTRA_SAMPLES = 338;
    private static final int SAMPLE_FORMAT = 339;

    private static final int SEPARATED = 5;
    /** None, CCITT, LZW, Deflate and PackBits. */
    private static final Set<Long> COMPRESSIONS = Set.of(1L, 2L, 3L, 4L, 5L, 8L, 32_773L, 32_946L);
    /** Grey, RGB, palette and YCbCr. */
    private static final Set<Long> COLOURS = Set.of(0L, 1L, 2L, 3L, 6L);

    private final ImageBytes in;
    private final int entries;
    private final long first;

    private TiffHeader(ImageBytes bytes) throws RefusedException {
        in = bytes.says(0, "II") ? bytes.littleEndian() : bytes;
        long directory = in.u32(4);
        entries = in.u16(directory);
        first = directory + 2;
    }

    static ImageHeader read(byte[] encoded, ImageHeader.Limit limit) throws RefusedException {
        TiffHeader tiff = new TiffHeader(ImageBytes.of(encoded));
        long width = tiff.value(WIDTH, 0);
        long height = tiff.value(HEIGHT, 0);
        limit.check(width, height);
        tiff.check(limit);
        Orientation orientation = Orientation.of((int) tiff.value(ORIENTATION, 1));
        return new ImageHeader(ImageFormat.TIFF, (int) width, (int) height, orientation, encoded);
    }

    private void check(ImageHeader.Limit limit) throws RefusedException {
        if (in.u32(first + ENTRY_BYTES * entries) != 0) throw ImageHeader.animated("the TIFF has several pages");
        long colour = value(PHOTOMETRIC, 1);
        if (colour == SEPARATED) {
            throw new RefusedException(RejectReason.IMAGE_CMYK, "the TIFF has the colours of print; send RGB or grey");
        }
        if (!COLOURS.contains(colour)) throw ImageHeader.unsupported("a TIFF of photometric " + colour);
        if (!COMPRESSIONS.contains(value(COMPRESSION, 1))) {
            throw ImageHeader.unsupported("a TIFF of compression " + value(COMPRESSION, 1));
        }
        long bits = value(BITS, 1);
        if (bits > 8 && bits != 16) throw ImageHeader.deep((int) Math.min(bits, 64));
        if (value(SAMPLE_FORMAT, 1) != 1) throw ImageHeader.unsupported("a TIFF of signed or real numbers");
        long channels = colour == 2 || colour == 6 ? 3 : 1;
        long samples = value(SAMPLES, channels);
        if (samples > channels + 1) throw ImageHeader.alpha();
        if (samples < channels) throw ImageHeader.malformed("the TIFF lacks channels");
        long tileWidth = value(TILE_WIDTH, 0);
        if (tileWidth > 0) limit.check(tileWidth, value(TILE_HEIGHT, 0));
    }

    /** The orientation that EXIF tells; upright when it tells none or cannot be read. */
    static Orientation orientation(ImageBytes exif) {
        try {
            return Orientation.of((int) new TiffHeader(exif).value(ORIENTATION, 1));
        } catch (RefusedException e) {
            return Orientation.UPRIGHT;
        }
    }

    /** The first number of a tag. */
    private long value(int tag, long fallback) throws RefusedException {
        for (int i = 0; i < entries; i++) {
            long at = first + ENTRY_BYTES * i;
            if (in.u16(at) != tag) continue;
            int type = in.u16(at + ENTRY_TYPE);
            long count = in.u32(at + ENTRY_COUNT);
            if (count == 0) return fallback;
            if (type == BYTE) return count <= 4 ? in.u8(at + ENTRY_VALUE) : in.u8(in.u32(at + ENTRY_VALUE));
            if (type == SHORT) return count <= 2 ? in.u16(at + ENTRY_VALUE) : in.u16(in.u32(at + ENTRY_VALUE));
            if (type == LONG) return count == 1 ? in.u32(at + ENTRY_VALUE) : in.u32(in.u32(at + ENTRY_VALUE));
            throw ImageHeader.malformed("tag " + tag + " of the TIFF has type " + type);
        }
        return fallback;
    }
}
