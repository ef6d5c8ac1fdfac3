package io.tidemark.image.decode;

import io.tidemark.series.event.RejectReason;
import java.io.ByteArrayOutputStream;

/** Walks the segments of a JPEG up to its end marker. */
final class JpegHeader {
    /** Scans of a progressive image at most: each costs a pass over all pixels. */
    static final int SCANS_MAX = 100;

    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;
    private static final int COMMENT = 0xFE;
    private static final int END = 0xD9;
    private static final int SCAN = 0xDA;
    private static final String EXIF = "Exif\0\0";

    private final ImageBytes in;
    private final ImageHeader.Limit limit;
    private final ByteArrayOutputStream lean;
    private Orientation orientation = Orientation.UPRIGHT;
    private int width;
    private int height;
    private int scans;

    private JpegHeader(ImageBytes in, ImageHeader.Limit limit) {
        this.in = in;
        this.limit = limit;
        lean = new ByteArrayOutputStream(in.length());
    }

    static ImageHeader read(ImageBytes bytes, ImageHeader.Limit limit) throws RefusedException {
        JpegHeader header = new JpegHeader(bytes, limit);
        header.walk();
        return new ImageHeader(
                ImageFormat.JPEG, header.width, header.height, header.orientation, header.lean.toByteArray());
    }

    private void walk() throws RefusedException {
        in.copy(0, 2, lean);
        int at = 2;
        while (true) {
            if (in.u8(at) != 0xFF) throw ImageHeader.malformed("the JPEG has no marker where one must be");
            int marker = in.u8(at + 1);
            if (marker == 0xFF) {
                at++;
            } else if (marker == END) {
                in.copy(at, 2, lean);
                break;
            } else if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
                in.copy(at, 2, lean);
                at += 2;
            } else {
                at = segment(at, marker);
            }
        }
        if (width == 0 || scans == 0) throw ImageHeader.malformed("the JPEG has no picture");
    }

    /** One segment, with the coded data after it; gives the place after them. */
    private int segment(int at, int marker) throws RefusedException {
        int length = in.u16(at + 2);
        if (length < 2) throw ImageHeader.malformed("the JPEG has a segment of " + length + " bytes");
        int end = at + 2 + length;
        if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) frame(at, marker);
        if (marker == APP1 && in.says(at + 4, EXIF) && length > 8) {
            orientation = TiffHeader.orientation(in.part(at + 4 + EXIF.length(), length - 2 - EXIF.length()));
        }
        if (marker == SCAN) {
            if (width == 0) throw ImageHeader.malformed("the JPEG has data before its size");
            if (++scans > SCANS_MAX) throw ImageHeader.malformed("the JPEG has over " + SCANS_MAX + " scans");
            end = afterScan(end);
        }
        boolean describes =
                (marker >= APP0 && marker <= APP15 && marker != APP0 && marker != APP14) || marker == COMMENT;
        if (!describes) in.copy(at, end - at, lean);
        return end;
    }

    private void frame(int at, int marker) throws RefusedException {
        if (marker > 0xC2) throw ImageHeader.unsupported("a lossless, arithmetic or hierarchical JPEG");
        if (width > 0) throw ImageHeader.malformed("the JPEG declares its size twice");
        int rows = in.u16(at + 5);
        int columns = in.u16(at + 7);
        limit.check(columns, rows);
        if (in.u8(at + 4) != 8) throw ImageHeader.deep(in.u8(at + 4));
        int components = in.u8(at + 9);
        if (components == 4) {
            throw new RefusedException(RejectReason.IMAGE_CMYK, "the JPEG has the colours of print; send RGB or grey");
        }
        if (components != 1 && components != 3) throw ImageHeader.unsupported("a JPEG of " + components + " channels");
        width = columns;
        height = rows;
    }

    private int afterScan(int from) throws RefusedException {
        int at = from;
        while (true) {
            if (in.u8(at) == 0xFF) {
                int next = in.u8(at + 1);
                boolean coded = next == 0 || (next >= 0xD0 && next <= 0xD7);
                if (!coded && next != 0xFF) return at;
                at += coded ? 2 : 1;
            } else {
                at++;
            }
        }
    }
}
