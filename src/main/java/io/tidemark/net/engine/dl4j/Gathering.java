package io.tidemark.net.engine.dl4j;

import java.util.function.IntBinaryOperator;

/**
 * Tables that say, for every float of one sample that leaves a step, which float of the same sample it is taken from: row-major
 * positions, −1 for a zero.
 */
final class Gathering {
    private Gathering() {}

    private static int size(int[] shape) {
        int size = 1;
        for (int s : shape) size *= s;
        return size;
    }

    /** {@code [step, feature]} to {@code [step', feature·kernel]}, the kernel's steps innermost. */
    static int[] sequence(int[] input, int steps, int kernel, int stride, int dilation, int before) {
        return sequence(
                input, steps, kernel, (place, tap) -> inside(place * stride + tap * dilation - before, input[0]));
    }

    /**
     * {@code [step, feature]} with {@code stride − 1} zeros between the steps and {@code edge} around them to {@code [step',
     * feature·kernel]}, the kernel's steps innermost.
     */
    static int[] spreadSequence(int[] input, int steps, int kernel, int stride, int edge) {
        return sequence(input, steps, kernel, (place, tap) -> spread(place + tap - edge, stride, input[0]));
    }

    /** @param seen the step under a tap at a place; negative for a zero */
    private static int[] sequence(int[] input, int steps, int kernel, IntBinaryOperator seen) {
        int features = input[1];
        int[] source = new int[steps * features * kernel];
        int at = 0;
        for (int place = 0; place < steps; place++) {
            for (int feature = 0; feature < features; feature++) {
                for (int tap = 0; tap < kernel; tap++) {
                    int step = seen.applyAsInt(place, tap);
                    source[at++] = step < 0 ? -1 : step * features + feature;
                }
            }
        }
        return source;
    }

    /** {@code [channel, row, column]} to {@code [row'·column', channel·kernel·kernel]}. */
    static int[] image(int[] input, int[] output, int kernel, int stride, int padding) {
        return image(
                input,
                output,
                kernel,
                (place, tap) -> inside(place * stride - padding + tap, input[1]),
                (place, tap) -> inside(place * stride - padding + tap, input[2]));
    }

    /** The same with zeros between and around the places, as in {@link #spreadSequence}. */
    static int[] spreadImage(int[] input, int[] output, int kernel, int stride, int edge) {
        return image(
                input,
                output,
                kernel,
                (place, tap) -> spread(place + tap - edge, stride, input[1]),
                (place, tap) -> spread(place + tap - edge, stride, input[2]));
    }

    /** @param rows the row under a row of taps at a row of places, {@code columns} likewise; negative for a zero */
    private static int[] image(
            int[] input, int[] output, int kernel, IntBinaryOperator rows, IntBinaryOperator columns) {
        int[] source = new int[output[1] * output[2] * input[0] * kernel * kernel];
        int at = 0;
        for (int place = 0; place < output[1] * output[2]; place++) {
            for (int channel = 0; channel < input[0]; channel++) {
                for (int tap = 0; tap < kernel * kernel; tap++) {
                    int row = rows.applyAsInt(place / output[2], tap / kernel);
                    int column = columns.applyAsInt(place % output[2], tap % kernel);
                    source[at++] = row < 0 || column < 0 ? -1 : (channel * input[1] + row) * input[2] + column;
                }
            }
        }
        return source;
    }

    private static int inside(int at, int count) {
        return at < count ? at : -1;
    }

    /** Which of so many places lies at a place among zeros; −1 for a zero. */
    private static int spread(int at, int stride, int count) {
        return at >= 0 && at % stride == 0 && at / stride < count ? at / stride : -1;
    }

    /** {@code [rows, columns]} to {@code [columns, rows]}. */
    static int[] transposed(int rows, int columns) {
        int[] source = new int[rows * columns];
        for (int i = 0; i < source.length; i++) source[i] = i % rows * columns + i / rows;
        return source;
    }

    /** Every step, or every row and column, several times. */
    static int[] upsampled(int[] input, int[] output, int factor) {
        boolean sequence = input.length == 2;
        int inner = input[input.length - 1];
        int columns = output[output.length - 1];
        int[] source = new int[size(output)];
        for (int i = 0; i < source.length; i++) {
            int column = i % columns;
            int row = i / columns / factor;
            source[i] = row * inner + (sequence ? column : column / factor);
        }
        return source;
    }

    /** {@code [channel, row, column]} to {@code [channel·f², row / f, column / f]}. */
    static int[] deepened(int[] input, int factor) {
        int[] shallow = flattened(new int[] {input[0] * factor * factor, input[1] / factor, input[2] / factor}, factor);
        int[] source = new int[shallow.length];
        for (int i = 0; i < source.length; i++) source[shallow[i]] = i;
        return source;
    }

    /** {@code [channel·f², row, column]} to {@code [channel, row·f, column·f]}. */
    static int[] flattened(int[] input, int factor) {
        int rows = input[1] * factor;
        int columns = input[2] * factor;
        int[] source = new int[size(input)];
        for (int i = 0; i < source.length; i++) {
            int column = i % columns;
            int row = i / columns % rows;
            int channel = i / columns / rows;
            int deep = (channel * factor + row % factor) * factor + column % factor;
            source[i] = (deep * input[1] + row / factor) * input[2] + column / factor;
        }
        return source;
    }

    /** What each pooled value is made of, one after another. */
    static int[] pooled(int[] input, int[] output, int size) {
        boolean sequence = input.length == 2;
        int inner = input[input.length - 1];
        int columns = output[output.length - 1];
        int rows = output[output.length - 2];
        int inputRows = input[input.length - 2];
        int taps = sequence ? size : size * size;
        int[] source = new int[size(output) * taps];
        for (int i = 0; i < source.length; i++) {
            int place = i / taps;
            int tap = i % taps;
            int column = place % columns;
            int row = place / columns % rows;
            int channel = place / columns / rows;
            int top = channel * inputRows + row * size;
            source[i] =
                    sequence ? (top + tap) * inner + column : (top + tap / size) * inner + column * size + tap % size;
        }
        return source;
    }
}
