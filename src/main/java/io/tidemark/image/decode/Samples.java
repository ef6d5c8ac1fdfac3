package io.tidemark.image.decode;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * The rows of a decoded image as grey or as red, green and blue, 0 to 255, as they are stored: without colour management. 16 bits are
 * scaled to that range, and an alpha channel is left out where every pixel is opaque.
 */
final class Samples {
    private static final float RED = 0.299f;
    private static final float GREEN = 0.587f;
    private static final float BLUE = 0.114f;
    private static final float DEEP_UNIT = 257;

    private final Raster raster;
    private final int bands;
    private final int colours;
    private final int channels;
    /** What a stored value is divided by to lie in 0 to 255: 1, or 257 for 16 bits. */
    private final float unit;

    private final int[] row;
    private final int[][] palette;

    Samples(BufferedImage image, int channels) throws RefusedException {
        raster = image.getRaster();
        this.channels = channels;
        ColorModel model = image.getColorModel();
        bands = raster.getNumBands();
        palette = model instanceof IndexColorModel indexed ? palette(indexed) : new int[0][];
        boolean alpha = palette.length == 0 && (bands == 2 || bands == 4);
        colours = alpha ? bands - 1 : bands;
        if (palette.length == 0 && colours != 1 && colours != 3) {
            throw ImageHeader.unsupported("an image of " + bands + " channels");
        }
        int bits = raster.getSampleModel().getSampleSize(0);
        unit = palette.length == 0 && bits == 16 ? DEEP_UNIT : 1;
        row = new int[raster.getWidth() * bands];
        if (alpha) requireOpaque((1 << bits) - 1);
    }

    private void requireOpaque(int opaque) throws RefusedException {
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            for (int i = bands - 1; i < row.length; i += bands) if (row[i] != opaque) throw ImageHeader.alpha();
        }
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
            } else {
                int at = x * bands;
                int last = colours - 1;
                put(target, x, row[at] / unit, row[at + last / 2] / unit, row[at + last] / unit);
            }
        }
    }

    private void put(float[] target, int x, float red, float green, float blue) {
        if (channels == 1) {
            target[x] = red == green && green == blue ? red : RED * red + GREEN * green + BLUE * blue;
        } else {
            target[3 * x] = red;
            target[3 * x + 1] = green;
            target[3 * x + 2] = blue;
        }
    }
}
