package io.tidemark.learn.pixels;

import java.util.Arrays;

/**
 * How strange each pixel of an image is; higher is stranger.
 *
 * @param rows in [1, 4096]
 * @param columns in [1, 4096]
 * @param values {@code [row, column]} row-major; the array is shared, not copied: treat it as immutable
 */
@SuppressWarnings("ArrayRecordComponent")
public record ErrorMap(int rows, int columns, float[] values) {
    /** What a median absolute deviation counts as at least, so that a flat map has finite standardised values. */
    private static final float SPREAD_LEAST = 1e-6f;

    public ErrorMap {
        if (rows < 1 || columns < 1 || (long) rows * columns != values.length) {
            throw new IllegalArgumentException(
                    "a map of " + rows + "x" + columns + " does not fit " + values.length + " values");
        }
    }

    /**
     * Squared difference of an image and its reconstruction, a mean over channels.
     *
     * @param images array that holds the image from {@code imageFrom}
     * @param reconstructions array that holds the reconstruction from {@code reconstructionFrom}
     */
    public static ErrorMap squared(
            ImageShape shape, float[] images, int imageFrom, float[] reconstructions, int reconstructionFrom) {
        int pixels = shape.pixels();
        float[] values = new float[pixels];
        float scale = 1f / shape.channels();
        for (int channel = 0; channel < shape.channels(); channel++) {
            int a = imageFrom + channel * pixels;
            int b = reconstructionFrom + channel * pixels;
            for (int i = 0; i < pixels; i++) {
                float d = images[a + i] - reconstructions[b + i];
                values[i] += scale * d * d;
            }
        }
        return new ErrorMap(shape.rows(), shape.columns(), values);
    }

    public float at(int row, int column) {
        return values[row * columns + column];
    }

    /**
     * The mean over a square around each pixel; at the border over the part of it inside the map.
     *
     * @param side odd, in [1, 255]; 1 changes nothing
     */
    public ErrorMap pooled(int side) {
        if (side < 1 || side > 255 || side % 2 == 0) {
            throw new IllegalArgumentException("the side of a pooling box must be odd in [1, 255], but was " + side);
        }
        if (side == 1) return this;
        int half = side / 2;
        double[] sums = prefixSums();
        int width = columns + 1;
        float[] pooled = new float[values.length];
        for (int row = 0; row < rows; row++) {
            int top = Math.max(0, row - half);
            int bottom = Math.min(rows, row + half + 1);
            for (int column = 0; column < columns; column++) {
                int left = Math.max(0, column - half);
                int right = Math.min(columns, column + half + 1);
                double sum = sums[bottom * width + right]
                        - sums[top * width + right]
                        - sums[bottom * width + left]
                        + sums[top * width + left];
                pooled[row * columns + column] = (float) (sum / ((bottom - top) * (right - left)));
            }
        }
        return new ErrorMap(rows, columns, pooled);
    }

    /** {@code [row + 1, column + 1]}: the sum of everything above and left of a corner (Crow 1984). */
    private double[] prefixSums() {
        int width = columns + 1;
        double[] sums = new double[(rows + 1) * width];
        for (int row = 0; row < rows; row++) {
            double line = 0;
            for (int column = 0; column < columns; column++) {
                line += values[row * columns + column];
                sums[(row + 1) * width + column + 1] = sums[row * width + column + 1] + line;
            }
        }
        return sums;
    }

    /** The mean of the largest values. @param share of the pixels, at least one; in (0, 1] */
    public double meanOfLargest(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("the share of the largest must be in (0, 1], but was " + share);
        }
        float[] sorted = sorted();
        int count = (int) Math.max(1, Math.round(share * sorted.length));
        double sum = 0;
        for (int i = sorted.length - count; i < sorted.length; i++) sum += sorted[i];
        return sum / count;
    }

    public float largest() {
        float largest = values[0];
        for (float value : values) largest = Math.max(largest, value);
        return largest;
    }

    public float median() {
        return middle(sorted());
    }

    /** The largest value minus the median: how far one place stands out of its own image. */
    public float contrast() {
        return largest() - median();
    }

    /** Each value minus the map's median, in units of the map's median absolute deviation. */
    public ErrorMap standardised() {
        float median = median();
        float[] deviations = new float[values.length];
        for (int i = 0; i < values.length; i++) deviations[i] = Math.abs(values[i] - median);
        Arrays.sort(deviations);
        float spread = Math.max(SPREAD_LEAST, middle(deviations));
        float[] standardised = new float[values.length];
        for (int i = 0; i < values.length; i++) standardised[i] = (values[i] - median) / spread;
        return new ErrorMap(rows, columns, standardised);
    }

    /** The same map over another number of pixels, by bilinear interpolation between pixel centres. */
    public ErrorMap resized(int toRows, int toColumns) {
        if (toRows == rows && toColumns == columns) return this;
        float[] resized = new float[toRows * toColumns];
        for (int row = 0; row < toRows; row++) {
            float y = clamp((row + 0.5f) * rows / toRows - 0.5f, rows);
            int top = (int) y;
            int below = Math.min(rows - 1, top + 1);
            for (int column = 0; column < toColumns; column++) {
                float x = clamp((column + 0.5f) * columns / toColumns - 0.5f, columns);
                int left = (int) x;
                int right = Math.min(columns - 1, left + 1);
                float upper = at(top, left) + (x - left) * (at(top, right) - at(top, left));
                float lower = at(below, left) + (x - left) * (at(below, right) - at(below, left));
                resized[row * toColumns + column] = upper + (y - top) * (lower - upper);
            }
        }
        return new ErrorMap(toRows, toColumns, resized);
    }

    private static float clamp(float place, int length) {
        return Math.max(0, Math.min(length - 1, place));
    }

    private float[] sorted() {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static float middle(float[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
