package io.tidemark.net.engine;

import io.tidemark.net.network.BoundLayer.Parameter;
import io.tidemark.net.network.Network;
import java.util.LinkedHashMap;
import java.util.Map;

/** First weights of a network, a function of the seed and each tensor's name only, so that every engine starts alike. */
public final class Initializer {
    /** The most rows that are made orthogonal to each other: 512 of 512 values take about 0.3 s. */
    private static final int ROWS_MAX = 512;

    private Initializer() {}

    /** An untrained network: parameters, zero moments, step 0 and the seed. */
    public static NetworkState initialState(Network network, long seed) {
        Map<String, NetworkState.Tensor> tensors = new LinkedHashMap<>();
        for (Parameter parameter : network.parameters()) {
            tensors.put(parameter.name(), new NetworkState.Tensor(parameter.shape(), draw(parameter, seed)));
        }
        for (Parameter running : network.running()) {
            tensors.put(running.name(), new NetworkState.Tensor(running.shape(), draw(running, seed)));
        }
        tensors.put(Counter.SEED, Counter.encode(seed));
        tensors.put(Counter.STEP, Counter.encode(0));
        return new NetworkState(network.hash(), tensors);
    }

    static float[] draw(Parameter parameter, long seed) {
        float[] values = new float[parameter.size()];
        switch (parameter.initial()) {
            case ZERO:
                return values;
            case ONE:
                java.util.Arrays.fill(values, 1f);
                return values;
            case QUARTER:
                java.util.Arrays.fill(values, 0.25f);
                return values;
            case LSTM_BIAS:
                int units = values.length / 4;
                java.util.Arrays.fill(values, units, 2 * units, 1f);
                return values;
            case XAVIER:
                return uniform(parameter, seed, Math.sqrt(6.0 / (parameter.fanIn() + parameter.fanOut())), values);
            case HE:
                return uniform(parameter, seed, Math.sqrt(6.0 / parameter.fanIn()), values);
            case ORTHOGONAL:
                return orthogonal(parameter, seed, values);
        }
        throw new IllegalStateException("no rule for " + parameter.initial());
    }

    private static float[] uniform(Parameter parameter, long seed, double bound, float[] values) {
        CounterRandom random = CounterRandom.of(seed, parameter.name(), 0);
        for (int i = 0; i < values.length; i++) values[i] = (float) ((2.0 * random.uniform(i) - 1) * bound);
        return values;
    }

    /** Gram and Schmidt's method on rows of normal numbers, twice, in blocks of at most as many rows as a row has values. */
    private static float[] orthogonal(Parameter parameter, long seed, float[] values) {
        CounterRandom random = CounterRandom.of(seed, parameter.name(), 0);
        int rows = parameter.shape()[0];
        int length = values.length / rows;
        int block = Math.min(length, ROWS_MAX);
        double[][] done = new double[Math.min(block, rows)][];
        for (int r = 0; r < rows; r++) {
            double[] row = new double[length];
            for (int i = 0; i < length; i++) row[i] = random.normal((long) r * length + i);
            for (int again = 0; again < 2; again++) {
                for (int k = 0; k < r % block; k++) subtract(row, done[k], dot(row, done[k]));
            }
            double norm = Math.sqrt(dot(row, row));
            for (int i = 0; i < length; i++) row[i] /= norm;
            done[r % block] = row;
            for (int i = 0; i < length; i++) values[r * length + i] = (float) row[i];
        }
        return values;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void subtract(double[] from, double[] what, double times) {
        for (int i = 0; i < from.length; i++) from[i] -= times * what[i];
    }
}
