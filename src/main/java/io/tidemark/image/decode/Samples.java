package io.tidemark.image.decode;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/** The rows of a decoded image as grey or as red, green and blue, 0 to 255, as they are stored: without colour management. */
final class Samples {
    private static final float RED = 0.299f;
    private static final float GREEN = 0.587f;
    private static final float BLUE = 0.114f;

    private final Raster raster;
    private final int bands;
    private final int channels;
    private final int[] row;
    private final int[][] palette;

    Samples(BufferedImage image, int channels) throws RefusedException {
        raster = image.getRaster();
        this.channels = channels;
        ColorModel colours = image.getColorModel();
        bands = raster.getNumBands();
        palette = colours instanceof IndexColorModel indexed ? palette(indexed) : new int[0][];
        if (palette.length == 0 && bands != 1 && bands != 3) {
            throw ImageHeader.unsupported("an image of " + bands + " channels");
        }
        row = new int[raster.getWidth() * bands];
    }

    private static int[][] palette(IndexColorModel indexed) {
        int[][] palette = new int[indexed.getMapSize()][];
        for (int i = 0; i < palette.length; i++) {
            palette[i] = new int[] {indexed.getRed(i), indexed.getGreen(i), indexed.getBlue(i)};
        }
        return palette;
    }

    int width() {
        return raster.getWidth();
    }

    int height() {
        return raster.getHeight();
    }

    /** Writes one row: {@code [column, channel]}. */
    void read(int y, float[] target) {
        int width = raster.getWidth();
        raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
        for (int x = 0; x < width; x++) {
            if (palette.length > 0) {
                int[] colour = palette[Math.min(row[x], palette.length - 1)];
                put(target, x, colour[0], colour[1], colour[2]);
            } else if (bands == 3) {
                put(target, x, row[3 * x], row[3 * x + 1], row[3 * x + 2]);
            } else {
                put(target, x, row[x], row[x], row[x]);
            }
        }
    }

    private void put(float[] target, int x, int red, int green, int blue) {
        if (channels == 1) {
            target[x] = red == green && green == blue ? red : RED * red + GREEN * green + BLUE * blue;
        } else {
            target[3 * x] = red;
            target[3 * x + 1] = green;
            target[3 * x + 2] = blue;
        }
    }
}
