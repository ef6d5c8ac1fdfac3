package io.tidemark.image.trial;

import java.util.Arrays;

/**
 * The area under the ROC curve over very many pixels: how often a defective pixel has a higher value than a good one, ties
 * half. Exact; holds 8 bytes for each pixel. Owned by one thread.
 */
final class PixelRanking {
    private long[] keys = new long[1 << 16];
    private int count;
    private long defective;

    /** Adds pixels. @param mask above 0.5 where a pixel is defective; an empty array for an image without defects */
    void add(float[] values, float[] mask) {
        if (keys.length - count < values.length)
            keys = Arrays.copyOf(keys, Math.max(2 * keys.length, count + values.length));
        for (int i = 0; i < values.length; i++) {
            boolean bad = mask.length > 0 && mask[i] > 0.5f;
            if (bad) defective++;
            keys[count++] = (long) ordered(values[i]) << 1 | (bad ? 1 : 0);
        }
    }

    /** Integers in the order of the floats; −0 counts as 0. */
    private static int ordered(float value) {
        int bits = Float.floatToIntBits(value + 0f);
        return bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
    }

    /** NaN where all pixels are of one kind. */
    double aucRoc() {
        Arrays.sort(keys, 0, count);
        long good = 0;
        double area = 0;
        for (int from = 0; from < count; ) {
            long value = keys[from] >> 1;
            long goodHere = 0;
            long badHere = 0;
            for (; from < count && keys[from] >> 1 == value; from++) {
                if ((keys[from] & 1) == 1) badHere++;
                else goodHere++;
            }
            area += badHere * (good + goodHere / 2.0);
            good += goodHere;
        }
        return defective == 0 || good == 0 ? Double.NaN : area / ((double) defective * good);
    }
}
