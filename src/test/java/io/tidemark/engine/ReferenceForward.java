package io.tidemark.engine;

import io.tidemark.network.Activation;
import io.tidemark.network.BoundLayer;
import io.tidemark.network.Layer;
import io.tidemark.network.Network;
import io.tidemark.network.TrainingSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Each layer by its textbook formula, one sample at a time in double precision: slow, and obviously right. */
final class ReferenceForward implements Layer.Cases<double[]> {
    private final Network network;
    private final Map<String, double[]> parameters = new HashMap<>();
    private BoundLayer layer;
    private double[] x = {};

    ReferenceForward(Network network, NetworkState state) {
        this.network = network;
        this.layer = network.layers().get(0);
        state.tensors().forEach((name, tensor) -> {
            double[] values = new double[tensor.values().length];
            for (int i = 0; i < values.length; i++) values[i] = tensor.values()[i];
            parameters.put(name, values);
        });
    }

    /** The live values of a parameter, to be changed for finite differences. */
    double[] parameter(String name) {
        double[] values = parameters.get(name);
        if (values == null) throw new IllegalArgumentException("no parameter " + name);
        return values;
    }

    /** Outputs of one sample as the layers give them: quantiles are not yet in order. */
    double[] output(double[] sample) {
        x = sample.clone();
        for (BoundLayer bound : network.layers()) {
            layer = bound;
            x = bound.layer().match(this);
        }
        return x;
    }

    /** The weighted mean loss of a batch. */
    double loss(float[] input, float[] target, float[] weight, int samples) {
        int in = network.inputs().get(0).size();
        int out = network.targets().get(0).size();
        double sum = 0;
        double weights = 0;
        for (int s = 0; s < samples; s++) {
            double[] sample = new double[in];
            for (int i = 0; i < in; i++) sample[i] = input[s * in + i];
            double[] output = output(sample);
            for (int i = 0; i < out; i++) {
                double w = weight[s * out + i];
                weights += w;
                if (w != 0) sum += w * element(output, i, target[s * out + i]);
            }
        }
        return sum / weights;
    }

    private double element(double[] output, int i, double target) {
        TrainingSpec.Loss loss = network.training().loss();
        if (loss == TrainingSpec.Loss.QUANTILE) {
            int count = network.spec().quantiles().size();
            double sum = 0;
            for (int q = 0; q < count; q++) {
                double quantile = network.spec().quantiles().get(q);
                double under = target - output[i * count + q];
                sum += Math.max(quantile * under, (quantile - 1) * under);
            }
            return sum / count;
        }
        double d = output[i] - target;
        return switch (loss) {
            case MSE -> d * d;
            case MAE -> Math.abs(d);
            case SMOOTH_L1 -> Math.sqrt(d * d + 0.01);
            case QUANTILE -> throw new IllegalStateException();
        };
    }

    private double[] named(String suffix) {
        return parameter(layer.parameter(suffix).name());
    }

    @Override
    public double[] flatten(Layer.Flatten flatten) {
        return x;
    }

    @Override
    public double[] dense(Layer.Dense dense) {
        int in = layer.input()[layer.input().length - 1];
        int out = layer.output()[layer.output().length - 1];
        double[] w = named("weight");
        double[] b = named("bias");
        int rows = x.length / in;
        double[] y = new double[rows * out];
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < out; o++) {
                double sum = b[o];
                for (int i = 0; i < in; i++) sum += w[o * in + i] * x[r * in + i];
                y[r * out + o] = function(dense.activation(), sum);
            }
        }
        return y;
    }

    @Override
    public double[] activate(Layer.Activate activate) {
        return Arrays.stream(x).map(v -> function(activate.activation(), v)).toArray();
    }

    private static double function(Activation activation, double v) {
        return switch (activation) {
            case IDENTITY -> v;
            case RELU -> Math.max(0, v);
            case TANH -> Math.tanh(v);
            case SIGMOID -> sigmoid(v);
            case SWISH -> v * sigmoid(v);
            case ELU -> v > 0 ? v : Math.exp(v) - 1;
            case LEAKY_RELU -> v > 0 ? v : 0.01 * v;
        };
    }

    private static double sigmoid(double v) {
        return 1 / (1 + Math.exp(-v));
    }

    @Override
    public double[] lstm(Layer.Lstm lstm) {
        int steps = layer.input()[0];
        int in = layer.input()[1];
        int units = layer.output()[1];
        double[] wi = named("weight_ih");
        double[] wh = named("weight_hh");
        double[] b = named("bias");
        double[] h = new double[units];
        double[] c = new double[units];
        double[] y = new double[steps * units];
        for (int t = 0; t < steps; t++) {
            double[] z = b.clone();
            for (int g = 0; g < 4 * units; g++) {
                for (int i = 0; i < in; i++) z[g] += wi[g * in + i] * x[t * in + i];
                for (int j = 0; j < units; j++) z[g] += wh[g * units + j] * h[j];
            }
            for (int j = 0; j < units; j++) {
                double input = sigmoid(z[j]);
                double forget = sigmoid(z[units + j]);
                double candidate = Math.tanh(z[2 * units + j]);
                double output = sigmoid(z[3 * units + j]);
                c[j] = forget * c[j] + input * candidate;
                h[j] = output * Math.tanh(c[j]);
            }
            System.arraycopy(h, 0, y, t * units, units);
        }
        return y;
    }

    @Override
    public double[] lastStep(Layer.LastStep lastStep) {
        return Arrays.copyOfRange(x, x.length - layer.output()[0], x.length);
    }

    @Override
    public double[] repeat(Layer.Repeat repeat) {
        double[] y = new double[x.length * repeat.steps()];
        for (int t = 0; t < repeat.steps(); t++) System.arraycopy(x, 0, y, t * x.length, x.length);
        return y;
    }

    @Override
    public double[] reshape(Layer.Reshape reshape) {
        return x;
    }

    @Override
    public double[] dropout(Layer.Dropout dropout) {
        return x;
    }

    @Override
    public double[] gaussianNoise(Layer.GaussianNoise noise) {
        return x;
    }
}
