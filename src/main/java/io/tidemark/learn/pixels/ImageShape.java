package io.tidemark.learn.pixels;

/**
 * The shape of an image as a network reads it, {@code [channel, row, column]} row-major, values in [0, 1].
 *
 * @param channels 1 for grey or 3 for red, green and blue; in [1, 4]
 * @param rows in [1, 4096]
 * @param columns in [1, 4096]
 */
public record ImageShape(int channels, int rows, int columns) {
    public ImageShape {
        check("channels", channels, 4);
        check("rows", rows, 4096);
        check("columns", columns, 4096);
    }

    private static void check(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    "an image's " + name + " must be in [1, " + most + "], but was " + value + "; resize or crop it");
        }
    }

    /** Floats of an image. */
    public int size() {
        return channels * rows * columns;
    }

    /** Pixels of one channel. */
    public int pixels() {
        return rows * columns;
    }

    @Override
    public String toString() {
        return channels + "x" + rows + "x" + columns;
    }
}
