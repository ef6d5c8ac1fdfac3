package io.tidemark.engine;

import io.tidemark.network.BoundLayer.Parameter;
import io.tidemark.network.Network;
import java.util.LinkedHashMap;
import java.util.Map;

/** First weights of a network, a function of the seed and each tensor's name only, so that every engine starts alike. */
public final class Initializer {
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

    private static float[] draw(Parameter parameter, long seed) {
        float[] values = new float[parameter.size()];
        switch (parameter.initial()) {
            case ZERO:
                return values;
            case ONE:
                java.util.Arrays.fill(values, 1f);
                return values;
            case LSTM_BIAS:
                int units = values.length / 4;
                java.util.Arrays.fill(values, units, 2 * units, 1f);
                return values;
            case XAVIER:
                return uniform(parameter, seed, Math.sqrt(6.0 / (parameter.fanIn() + parameter.fanOut())), values);
            case HE:
                return uniform(parameter, seed, Math.sqrt(6.0 / parameter.fanIn()), values);
        }
        throw new IllegalStateException("no rule for " + parameter.initial());
    }

    private static float[] uniform(Parameter parameter, long seed, double bound, float[] values) {
        CounterRandom random = CounterRandom.of(seed, parameter.name(), 0);
        for (int i = 0; i < values.length; i++) values[i] = (float) ((2.0 * random.uniform(i) - 1) * bound);
        return values;
    }
}
