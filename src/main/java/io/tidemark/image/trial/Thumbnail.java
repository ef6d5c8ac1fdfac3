package io.tidemark.image.trial;

import io.tidemark.learn.pixels.ImageShape;

/**
 * A small grey copy of an image with mean 0 and length 1, so that the product of two is their correlation.
 *
 * @param values {@code [row, column]} of 32 by 32, or all 0 for an image of one brightness
 */
@SuppressWarnings("ArrayRecordComponent")
record Thumbnail(float[] values) {
    static final int SIDE = 32;

    /** The mean over channels and over the pixels that each of its own covers. */
    static Thumbnail of(ImageShape shape, float[] image) {
        double[] sums = new double[SIDE * SIDE];
        for (int y = 0; y < SIDE; y++) {
            int top = y * shape.rows() / SIDE;
            int bottom = Math.max(top + 1, (y + 1) * shape.rows() / SIDE);
            for (int x = 0; x < SIDE; x++) {
                int left = x * shape.columns() / SIDE;
                int right = Math.max(left + 1, (x + 1) * shape.columns() / SIDE);
                sums[y * SIDE + x] = mean(shape, image, top, bottom, left, right);
            }
        }
        double mean = 0;
        for (double sum : sums) mean += sum / sums.length;
        double square = 0;
        for (double sum : sums) square += (sum - mean) * (sum - mean);
        float[] values = new float[sums.length];
        if (square > 1e-12) {
            for (int i = 0; i < sums.length; i++) values[i] = (float) ((sums[i] - mean) / Math.sqrt(square));
        }
        return new Thumbnail(values);
    }

    private static double mean(ImageShape shape, float[] image, int top, int bottom, int left, int right) {
        double sum = 0;
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int row = top; row < bottom; row++) {
                int line = channel * shape.pixels() + row * shape.columns();
                for (int column = left; column < right; column++) sum += image[line + column];
            }
        }
        return sum / (shape.channels() * (bottom - top) * (right - left));
    }

    /** In [-1, 1]; 0 with an image of one brightness. */
    double correlation(Thumbnail other) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) sum += values[i] * other.values[i];
        return sum;
    }
}
