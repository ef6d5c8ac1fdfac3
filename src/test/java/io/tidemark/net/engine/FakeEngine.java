package io.tidemark.net.engine;

import io.tidemark.net.network.Encoder;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An engine in plain Java that learns one gain and one bias by momentum, and fails on request: for tests of what is around an
 * engine. A reconstruction is {@code gain * input + bias}; quantile q of a forecast is {@code gain * last row + bias + (q - 0.5)}; a code
 * is {@code gain * input}, its first values.
 */
public final class FakeEngine implements Engine {
    /** An input value that makes {@link ScoringReplica#forward} throw. */
    public static final float POISON = 7.75f;

    /** While true every forward and every training step throws. */
    public volatile boolean broken;

    /** Forward calls of all replicas so far. */
    public volatile int forwards;

    /** The next so many training steps give a loss that is not a number. */
    public volatile int diverge;

    @Override
    public EngineInfo info() {
        return new EngineInfo("fake", "1", "cpu");
    }

    @Override
    public List<String> unsupported(Network network) {
        return List.of();
    }

    @Override
    public NetworkState initialState(Network network, long seed) {
        return state(network, 0.01f * (seed % 10), 0, 0, 0, 0);
    }

    /** A trained state with a given gain; NaN makes a model that gives nothing else. */
    public static NetworkState state(Network network, float gain) {
        return state(network, gain, 0, 0, 0, 0);
    }

    private static NetworkState state(Network network, float gain, float bias, float mGain, float mBias, float steps) {
        Map<String, NetworkState.Tensor> tensors = new LinkedHashMap<>();
        tensors.put("param/gain", new NetworkState.Tensor(new int[] {1}, new float[] {gain}));
        tensors.put("param/bias", new NetworkState.Tensor(new int[] {1}, new float[] {bias}));
        tensors.put("optimizer/momentum", new NetworkState.Tensor(new int[] {2}, new float[] {mGain, mBias}));
        tensors.put("counter/steps", new NetworkState.Tensor(new int[0], new float[] {steps}));
        return new NetworkState(network.hash(), tensors);
    }

    private static float value(NetworkState state, String name, int index) {
        NetworkState.Tensor tensor = state.tensors().get(name);
        return tensor == null ? 0 : tensor.values()[index];
    }

    @Override
    public ScoringReplica scoring(Network network, int batchCapacity) {
        return new Scoring(network, batchCapacity);
    }

    @Override
    public TrainingReplica training(Network network) {
        return new Training(network);
    }

    @Override
    public void close() {}

    private final class Scoring implements ScoringReplica {
        private final Network network;
        private final int inputSize;
        private final int outputSize;
        private final float[] input;
        private final float[] output;
        private final int codeSize;
        private final float[] code;
        private float gain;
        private float bias;

        Scoring(Network network, int capacity) {
            this.network = network;
            inputSize = network.inputs().get(0).size();
            outputSize = network.outputs().get(0).size();
            input = new float[capacity * inputSize];
            output = new float[capacity * outputSize];
            codeSize = Encoder.codeSize(network);
            code = new float[capacity * codeSize];
        }

        @Override
        public void load(NetworkState state) {
            gain = value(state, "param/gain", 0);
            bias = value(state, "param/bias", 0);
        }

        @Override
        public float[] input(String name) {
            return input;
        }

        @Override
        public void forward(int samples) {
            forwards++;
            if (broken) throw new IllegalStateException("the engine is broken");
            for (int i = 0; i < samples * inputSize; i++) {
                if (input[i] == POISON) throw new IllegalArgumentException("a poisonous value");
            }
            for (int k = 0; k < samples; k++) one(k);
        }

        private void one(int k) {
            for (int i = 0; i < outputSize; i++) output[k * outputSize + i] = predict(network, input, k, i, gain, bias);
            for (int i = 0; i < codeSize; i++) code[k * codeSize + i] = gain * input[k * inputSize + i];
        }

        @Override
        public float[] output(String name) {
            return name.equals(Network.CODE) ? code : output;
        }

        @Override
        public void close() {
            Arrays.fill(output, Float.NaN);
        }
    }

    private static float predict(Network network, float[] input, int k, int i, float gain, float bias) {
        int size = network.inputs().get(0).size();
        if (network.spec().kind() == NetworkSpec.Kind.AUTOENCODER) return gain * input[k * size + i] + bias;
        List<Double> quantiles = network.spec().forecast().quantiles();
        int feature = i / quantiles.size() % network.features();
        float last = input[(k + 1) * size - network.features() + feature];
        return gain * last + bias + quantiles.get(i % quantiles.size()).floatValue() - 0.5f;
    }

    private final class Training implements TrainingReplica {
        private final Network network;
        private final float[] input;
        private final float[] target;
        private final float[] weight;
        private float gain;
        private float bias;
        private float mGain;
        private float mBias;
        private float steps;
        private Set<String> frozen = Set.of();

        Training(Network network) {
            this.network = network;
            int batch = network.training().optimisation().batch();
            input = new float[batch * network.inputs().get(0).size()];
            target = new float[batch * network.targets().get(0).size()];
            weight = new float[target.length];
            Arrays.fill(weight, 1);
        }

        @Override
        public void load(NetworkState state) {
            gain = value(state, "param/gain", 0);
            bias = value(state, "param/bias", 0);
            mGain = value(state, "optimizer/momentum", 0);
            mBias = value(state, "optimizer/momentum", 1);
            steps = value(state, "counter/steps", 0);
        }

        @Override
        public NetworkState state() {
            return FakeEngine.state(network, gain, bias, mGain, mBias, steps);
        }

        @Override
        public float[] input(String name) {
            return input;
        }

        @Override
        public float[] target(String name) {
            return target;
        }

        @Override
        public float[] weight(String name) {
            return weight;
        }

        @Override
        public void learningRate(double rate) {}

        @Override
        public void freeze(Set<String> parameters) {
            frozen = Set.copyOf(parameters);
        }

        @Override
        public float train(int samples) {
            if (broken) throw new IllegalStateException("the engine is broken");
            steps++;
            if (diverge > 0) {
                diverge--;
                gain = Float.NaN;
                return Float.NaN;
            }
            int size = target.length / network.training().optimisation().batch();
            int quantiles = Math.max(1, network.spec().forecast().quantiles().size());
            int inputSize = network.inputs().get(0).size();
            double loss = 0;
            double slopeGain = 0;
            double slopeBias = 0;
            for (int k = 0; k < samples; k++) {
                for (int i = 0; i < size; i++) {
                    int out = quantiles == 1
                            ? i
                            : i * quantiles
                                    + network.spec().forecast().quantiles().indexOf(0.5);
                    float x = quantiles == 1
                            ? input[k * inputSize + i]
                            : input[(k + 1) * inputSize - network.features() + i % network.features()];
                    float d = predict(network, input, k, out, gain, bias) - target[k * size + i];
                    loss += (double) d * d;
                    slopeGain += 2.0 * d * x;
                    slopeBias += 2.0 * d;
                }
            }
            int n = samples * size;
            mGain = (float) (0.5 * mGain - 0.05 * slopeGain / n);
            mBias = (float) (0.5 * mBias - 0.05 * slopeBias / n);
            if (!frozen.contains("param/gain")) gain += mGain;
            if (!frozen.contains("param/bias")) bias += mBias;
            return (float) (loss / n);
        }

        @Override
        public void close() {}
    }
}
