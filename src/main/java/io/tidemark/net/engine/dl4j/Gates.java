package io.tidemark.net.engine.dl4j;

/**
 * The squashing functions of recurrent gates over whole arrays, within 1e-6 of the exact value, by a rational approximation of tanh
 * (the coefficients are those of Eigen's {@code ptanh}). Only products, sums and one division, so that the compiler turns the loops
 * into vector instructions: some 1 ns a value in place of the 30 of {@code Math.tanh}, and the same bits on every machine.
 */
final class Gates {
    /** Beyond it tanh is 1 in float32. */
    private static final float BOUND = 7.90531110763549805f;

    private Gates() {}

    /** {@code values[from + k] = σ(factors[k] · values[from + k])} for every k below length. */
    static void sigmoids(float[] values, int from, float[] factors, int length) {
        for (int k = 0; k < length; k++) {
            values[from + k] = 0.5f + 0.5f * tanh(0.5f * factors[k] * values[from + k]);
        }
    }

    /** {@code to[toFrom + k] = tanh(values[from + k])} for every k below length. */
    static void tanhs(float[] values, int from, float[] to, int toFrom, int length) {
        for (int k = 0; k < length; k++) to[toFrom + k] = tanh(values[from + k]);
    }

    /** Within 1e-6 of the logistic function. */
    static float sigmoid(float value) {
        return 0.5f + 0.5f * tanh(0.5f * value);
    }

    /** Within 1e-6. */
    static float tanh(float value) {
        float x = Math.max(-BOUND, Math.min(BOUND, value));
        float s = x * x;
        float p = -2.76076847742355e-16f;
        p = p * s + 2.00018790482477e-13f;
        p = p * s - 8.60467152213735e-11f;
        p = p * s + 5.12229709037114e-08f;
        p = p * s + 1.48572235717979e-05f;
        p = p * s + 6.37261928875436e-04f;
        p = p * s + 4.89352455891786e-03f;
        float q = 1.19825839466702e-06f;
        q = q * s + 1.18534705686654e-04f;
        q = q * s + 2.26843463243900e-03f;
        q = q * s + 4.89352518554385e-03f;
        return x * p / q;
    }
}
