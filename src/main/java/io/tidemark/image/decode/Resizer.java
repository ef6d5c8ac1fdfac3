package io.tidemark.image.decode;

import java.util.Arrays;

/**
 * Shrinks or enlarges a rectangle of an image by area averaging: each pixel of the result is the mean of the area that it covers, so that
 * nothing between two sampled points is lost. One pass over the rows, two rows of memory.
 *
 * @param columns of the result
 * @param rows of the result
 */
record Resizer(int channels, int columns, int rows) {
    /** @return {@code [channel, row, column]}, 0 to 255 */
    byte[] resize(Samples image, double left, double top, double width, double height) {
        float[] source = new float[image.width() * channels];
        float[] narrow = new float[columns * channels];
        double[] sums = new double[columns * channels];
        byte[] result = new byte[channels * rows * columns];
        int held = -1;
        for (int row = 0; row < rows; row++) {
            double from = top + height * row / rows;
            double to = top + height * (row + 1) / rows;
            Arrays.fill(sums, 0);
            double total = 0;
            int last = (int) Math.min(image.height() - 1.0, Math.ceil(to) - 1);
            for (int y = (int) Math.min(image.height() - 1.0, Math.floor(from)); y <= last; y++) {
                if (y != held) {
                    image.read(y, source);
                    narrow(source, image.width(), left, width, narrow);
                    held = y;
                }
                double weight = Math.max(1e-9, Math.min(to, y + 1.0) - Math.max(from, y));
                total += weight;
                for (int i = 0; i < sums.length; i++) sums[i] += weight * narrow[i];
            }
            for (int c = 0; c < channels; c++) {
                for (int x = 0; x < columns; x++) {
                    long value = Math.round(sums[x * channels + c] / total);
                    result[(c * rows + row) * columns + x] = (byte) Math.max(0, Math.min(255, value));
                }
            }
        }
        return result;
    }

    private void narrow(float[] source, int sourceWidth, double left, double width, float[] target) {
        for (int column = 0; column < columns; column++) {
            double from = left + width * column / columns;
            double to = left + width * (column + 1) / columns;
            int first = (int) Math.min(sourceWidth - 1.0, Math.floor(from));
            int last = (int) Math.min(sourceWidth - 1.0, Math.ceil(to) - 1);
            for (int c = 0; c < channels; c++) {
                double sum = 0;
                double total = 0;
                for (int x = first; x <= last; x++) {
                    double weight = Math.max(1e-9, Math.min(to, x + 1.0) - Math.max(from, x));
                    sum += weight * source[x * channels + c];
                    total += weight;
                }
                target[column * channels + c] = (float) (sum / total);
            }
        }
    }
}
