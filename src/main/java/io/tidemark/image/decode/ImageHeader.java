package io.tidemark.image.decode;

import io.tidemark.series.event.RejectReason;
import java.io.ByteArrayOutputStream;

/**
 * What an image says of itself before anything is decoded.
 *
 * <p>Each reader checks the declared size as soon as it has read it, and refuses what {@link ImageDecoder} does not take. Parts that
 * only describe an image, such as colour profiles, texts and thumbnails, are left out of the bytes to decode, so that no decoder
 * meets them.
 *
 * @param width stored columns; at least 1
 * @param height stored rows; at least 1
 * @param orientation how it stands upright
 * @param bytes what is to be decoded
 */
@SuppressWarnings("ArrayRecordComponent")
record ImageHeader(ImageFormat format, int width, int height, Orientation orientation, byte[] bytes) {
    // Where the parts of a PNG's chunk lie behind its length, in bytes from its beginning.
    private static final int CHUNK_NAME = 4;
    private static final int CHUNK_DATA = 8;

    private static final String PNG = "\u0089PNG\r\n\u001a\n";
    private static final int PNG_HEADER_LENGTH = 13;
    private static final int PNG_CHUNK_OVERHEAD = 12;

    /** How many pixels a frame may have. */
    record Limit(int pixels) {
        void check(long width, long height) throws RefusedException {
            if (width == 0 || height == 0) {
                throw new RefusedException(
                        RejectReason.IMAGE_EMPTY, "the image has " + width + " x " + height + " pixels");
            }
            if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE || width * height > pixels) {
                throw new RefusedException(
                        RejectReason.IMAGE_TOO_MANY_PIXELS,
                        "the header declares " + width + " x " + height + " pixels; max-pixels is " + pixels);
            }
        }
    }

    static ImageHeader read(byte[] encoded, Limit limit) throws RefusedException {
        ImageBytes bytes = ImageBytes.of(encoded);
        if (bytes.says(0, PNG)) return png(bytes, limit);
        if (bytes.says(0, "\u00ff\u00d8\u00ff")) return JpegHeader.read(bytes, limit);
        if (bytes.says(0, "BM")) return bmp(encoded, bytes.littleEndian(), limit);
        if (bytes.says(0, "II*\0") || bytes.says(0, "MM\0*")) return TiffHeader.read(encoded, limit);
        if (bytes.says(0, "RIFF") && bytes.says(8, "WEBP")) return WebpHeader.read(encoded, limit);
        throw new RefusedException(RejectReason.IMAGE_UNKNOWN_FORMAT, "the bytes are no PNG, JPEG, BMP, TIFF or WebP");
    }

    static RefusedException unsupported(String what) {
        return new RefusedException(RejectReason.IMAGE_UNSUPPORTED, what + " is not read");
    }

    static RefusedException malformed(String what) {
        return new RefusedException(RejectReason.IMAGE_MALFORMED, what);
    }

    static RefusedException alpha() {
        return new RefusedException(
                RejectReason.IMAGE_ALPHA, "the image has transparency; send it without, or opaque everywhere");
    }

    static RefusedException animated(String what) {
        return new RefusedException(RejectReason.IMAGE_ANIMATED, what + "; send one record for each frame");
    }

    static RefusedException deep(int bits) {
        return new RefusedException(
                RejectReason.IMAGE_DEEP,
                "the image has " + bits + " bits a channel; 8 are read, and 16 of PNG and TIFF");
    }

    private static ImageHeader png(ImageBytes in, Limit limit) throws RefusedException {
        int at = PNG.length();
        if (in.u32(at) != PNG_HEADER_LENGTH || !in.says(at + CHUNK_NAME, "IHDR"))
            throw malformed("the PNG has no header");
        long width = in.u32(at + CHUNK_DATA);
        long height = in.u32(at + CHUNK_DATA + 4);
        limit.check(width, height);
        Orientation orientation = Orientation.UPRIGHT;
        ByteArrayOutputStream lean = new ByteArrayOutputStream(in.length());
        in.copy(0, at, lean);
        while (true) {
            long length = in.u32(at);
            if (length > in.length()) throw ImageBytes.cut();
            if (in.says(at + CHUNK_NAME, "tRNS")) throw alpha();
            if (in.says(at + CHUNK_NAME, "acTL") && in.u32(at + CHUNK_DATA) > 1) throw animated("the PNG is animated");
            if (in.says(at + CHUNK_NAME, "eXIf"))
                orientation = TiffHeader.orientation(in.part(at + CHUNK_DATA, length));
            boolean critical = in.says(at + CHUNK_NAME, "IHDR")
                    || in.says(at + CHUNK_NAME, "PLTE")
                    || in.says(at + CHUNK_NAME, "IDAT")
                    || in.says(at + CHUNK_NAME, "IEND");
            if (critical) in.copy(at, length + PNG_CHUNK_OVERHEAD, lean);
            if (in.says(at + CHUNK_NAME, "IEND")) break;
            at += (int) length + PNG_CHUNK_OVERHEAD;
        }
        return new ImageHeader(ImageFormat.PNG, (int) width, (int) height, orientation, lean.toByteArray());
    }

    private static ImageHeader bmp(byte[] encoded, ImageBytes in, Limit limit) throws RefusedException {
        long header = in.u32(14);
        boolean old = header == 12;
        if (!old && header < 40) throw malformed("the BMP has a header of " + header + " bytes");
        long width = old ? in.u16(18) : in.i32(18);
        long height = old ? in.u16(20) : Math.abs((long) in.i32(22));
        if (width < 0) throw malformed("the BMP has a negative width");
        limit.check(width, height);
        int bits = old ? in.u16(24) : in.u16(28);
        long compression = old ? 0 : in.u32(30);
        if (compression > 3) throw unsupported("an image within a BMP");
        if (compression == 3 && header >= 56 && in.u32(66) != 0) throw alpha();
        if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32) {
            throw malformed("the BMP has " + bits + " bits a pixel");
        }
        if (compression == 0 || compression == 3) {
            long row = (width * bits + 31) / 32 * 4;
            if (in.u32(10) + row * height > in.length()) throw ImageBytes.cut();
        }
        return new ImageHeader(ImageFormat.BMP, (int) width, (int) height, Orientation.UPRIGHT, encoded);
    }
}
