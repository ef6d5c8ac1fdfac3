package io.tidemark.series.sample;

/**
 * The pixels of a frame as networks are given them, and where they came from.
 *
 * <pre>
 * u8 channels | u16 rows | u16 columns | i32 sourceWidth | i32 sourceHeight | f32 left | f32 top | f32 width | f32 height
 * string id | channels x rows x columns x u8
 * </pre>
 *
 * @param channels 1 or 3
 * @param rows in [1, 4096]
 * @param columns in [1, 4096]
 * @param pixels {@code [channel, row, column]}, each 0 to 255; shared, never to be written to
 * @param source which frame, and which part of it
 */
@SuppressWarnings("ArrayRecordComponent")
public record Frame(int channels, int rows, int columns, byte[] pixels, Source source) {
    private static final int SIDE_MAX = 4096;
    /** Values of a frame at most. */
    public static final int VALUES_MAX = 1 << 22;

    /**
     * The frame as it stands upright, and the part of it that fills the sample.
     *
     * @param width columns of the whole frame
     * @param height rows of the whole frame
     * @param left of the part; in the frame's pixels, as the next three
     * @param id of the CloudEvent that brought it; at most {@value #ID_LENGTH_MAX} characters; empty when it had none
     */
    public record Source(int width, int height, float left, float top, float partWidth, float partHeight, String id) {
        /** Longer ids are cut. */
        public static final int ID_LENGTH_MAX = 256;

        public Source {
            if (id.length() > ID_LENGTH_MAX) id = id.substring(0, ID_LENGTH_MAX);
        }

        void write(Wire wire) {
            wire.i32(width)
                    .i32(height)
                    .f32(left)
                    .f32(top)
                    .f32(partWidth)
                    .f32(partHeight)
                    .string(id);
        }

        static Source read(Wire wire) {
            return new Source(wire.i32(), wire.i32(), wire.f32(), wire.f32(), wire.f32(), wire.f32(), wire.string());
        }
    }

    public Frame {
        if ((channels != 1 && channels != 3) || rows < 1 || rows > SIDE_MAX || columns < 1 || columns > SIDE_MAX) {
            throw new IllegalArgumentException("a frame must have 1 or 3 channels and sides in [1, " + SIDE_MAX
                    + "], but was " + channels + " x " + rows + " x " + columns);
        }
        if (pixels.length != channels * rows * columns || pixels.length > VALUES_MAX) {
            throw new IllegalArgumentException("a frame of " + channels + " x " + rows + " x " + columns + " has "
                    + pixels.length + " pixels; at most " + VALUES_MAX);
        }
    }

    /** Values: channels x rows x columns. */
    public int values() {
        return pixels.length;
    }

    /** Mean of all values; in [0, 1]. */
    public double brightness() {
        long sum = 0;
        for (byte pixel : pixels) sum += pixel & 0xFF;
        return sum / (255.0 * pixels.length);
    }

    /** Appends the frame. */
    public void write(Wire wire) {
        wire.u8(channels).u16(rows).u16(columns);
        source.write(wire);
        wire.bytes(pixels, 0, pixels.length);
    }

    /** @throws MalformedRecordException when the record is cut or out of bounds */
    public static Frame read(Wire wire) {
        int channels = wire.u8();
        int rows = wire.u16();
        int columns = wire.u16();
        Source source = Source.read(wire);
        long values = (long) channels * rows * columns;
        if (values > VALUES_MAX || values > wire.remaining()) {
            throw new MalformedRecordException("a frame of " + values + " values is cut or out of bounds");
        }
        byte[] pixels = new byte[(int) values];
        wire.readBytes(pixels, 0, pixels.length);
        try {
            return new Frame(channels, rows, columns, pixels, source);
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()));
        }
    }
}
