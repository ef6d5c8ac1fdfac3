package io.tidemark.image.decode;

/** The chunks of a WebP. */
final class WebpHeader {
    // Where the parts of a RIFF chunk lie behind its name, in bytes from its beginning.
    private static final int CHUNK_LENGTH = 4;
    private static final int CHUNK_DATA = 8;

    private static final int ANIMATION = 0x02;
    private static final int ALPHA = 0x10;
    private static final int SIDE_MASK = 0x3FFF;

    private WebpHeader() {}

    static ImageHeader read(byte[] encoded, ImageHeader.Limit limit) throws RefusedException {
        ImageBytes in = ImageBytes.of(encoded).littleEndian();
        long end = 8 + in.u32(4);
        Orientation orientation = Orientation.UPRIGHT;
        int[] size = new int[0];
        long at = 12;
        while (at + CHUNK_DATA <= Math.min(end, in.length())) {
            long length = in.u32(at + CHUNK_LENGTH);
            if (in.says(at, "VP8X")) extended(in, at + CHUNK_DATA, limit);
            if (in.says(at, "ALPH")) throw ImageHeader.alpha();
            if (in.says(at, "ANIM") || in.says(at, "ANMF")) throw ImageHeader.animated("the WebP is animated");
            if (in.says(at, "VP8 ")) size = lossy(in, at + CHUNK_DATA);
            if (in.says(at, "VP8L")) size = lossless(in, at + CHUNK_DATA);
            if (size.length > 0) limit.check(size[0], size[1]);
            if (at + CHUNK_DATA + length > in.length()) throw ImageBytes.cut();
            if (in.says(at, "EXIF")) orientation = TiffHeader.orientation(in.part(at + CHUNK_DATA, length));
            at += CHUNK_DATA + length + (length & 1);
        }
        if (end > in.length() || size.length == 0) throw ImageBytes.cut();
        return new ImageHeader(ImageFormat.WEBP, size[0], size[1], orientation, encoded);
    }

    private static void extended(ImageBytes in, long at, ImageHeader.Limit limit) throws RefusedException {
        limit.check(1 + in.u24(at + 4), 1 + in.u24(at + 7));
        int flags = in.u8(at);
        if ((flags & ANIMATION) != 0) throw ImageHeader.animated("the WebP is animated");
        if ((flags & ALPHA) != 0) throw ImageHeader.alpha();
    }

    private static int[] lossy(ImageBytes in, long at) throws RefusedException {
        if (in.u8(at + 3) != 0x9D || in.u8(at + 4) != 0x01 || in.u8(at + 5) != 0x2A) {
            throw ImageHeader.malformed("the WebP has no start code");
        }
        return new int[] {in.u16(at + 6) & SIDE_MASK, in.u16(at + 8) & SIDE_MASK};
    }

    private static int[] lossless(ImageBytes in, long at) throws RefusedException {
        if (in.u8(at) != 0x2F) throw ImageHeader.malformed("the WebP has no signature");
        long bits = in.u32(at + 1);
        if ((bits >>> 28 & 1) != 0) throw ImageHeader.alpha();
        return new int[] {1 + (int) (bits & SIDE_MASK), 1 + (int) (bits >>> 14 & SIDE_MASK)};
    }
}
