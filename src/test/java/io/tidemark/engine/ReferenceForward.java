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
            case BINARY_CROSS_ENTROPY ->
                Math.log1p(Math.exp(-Math.abs(output[i]))) + Math.max(output[i], 0) - output[i] * target;
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
        return lstm(x, layer.output()[1], "");
    }

    private double[] lstm(double[] x, int units, String direction) {
        int steps = layer.input()[0];
        int in = layer.input()[1];
        double[] wi = named(direction + "weight_ih");
        double[] wh = named(direction + "weight_hh");
        double[] b = named(direction + "bias");
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

    @Override
    public double[] bidirectionalLstm(Layer.BidirectionalLstm lstm) {
        int steps = layer.input()[0];
        int in = layer.input()[1];
        int units = layer.output()[1] / 2;
        double[] reversed = new double[x.length];
        for (int t = 0; t < steps; t++) System.arraycopy(x, t * in, reversed, (steps - 1 - t) * in, in);
        double[] there = lstm(x, units, "forward_");
        double[] back = lstm(reversed, units, "backward_");
        double[] y = new double[steps * 2 * units];
        for (int t = 0; t < steps; t++) {
            System.arraycopy(there, t * units, y, t * 2 * units, units);
            System.arraycopy(back, (steps - 1 - t) * units, y, t * 2 * units + units, units);
        }
        return y;
    }

    @Override
    public double[] conv1d(Layer.Conv1d conv) {
        int in = layer.input()[1];
        int out = layer.output()[1];
        double[] w = named("weight");
        double[] b = named("bias");
        double[] y = new double[layer.outputSize()];
        for (int p = 0; p < layer.output()[0]; p++) {
            for (int o = 0; o < out; o++) {
                double sum = b[o];
                for (int k = 0; k < conv.kernel(); k++) {
                    int t = p * conv.stride() + k * conv.dilation() - conv.before();
                    if (t < 0 || t >= layer.input()[0]) continue;
                    for (int i = 0; i < in; i++) sum += w[(o * in + i) * conv.kernel() + k] * x[t * in + i];
                }
                y[p * out + o] = function(conv.activation(), sum);
            }
        }
        return y;
    }

    @Override
    public double[] conv2d(Layer.Conv2d conv) {
        int[] in = layer.input();
        int[] out = layer.output();
        int size = conv.kernel();
        double[] w = named("weight");
        double[] b = named("bias");
        double[] y = new double[layer.outputSize()];
        for (int at = 0; at < y.length; at++) {
            int o = at / (out[1] * out[2]);
            double sum = b[o];
            for (int i = 0; i < in[0]; i++) {
                for (int tap = 0; tap < size * size; tap++) {
                    int r = at / out[2] % out[1] * conv.stride() + tap / size - conv.padding();
                    int c = at % out[2] * conv.stride() + tap % size - conv.padding();
                    if (r < 0 || r >= in[1] || c < 0 || c >= in[2]) continue;
                    sum += w[(o * in[0] + i) * size * size + tap] * x[(i * in[1] + r) * in[2] + c];
                }
            }
            y[at] = function(conv.activation(), sum);
        }
        return y;
    }

    /** The shape seen as [channel, row, column]. */
    private static int[] cube(int[] shape) {
        return shape.length == 3 ? shape : new int[] {1, shape[0], shape[1]};
    }

    @Override
    public double[] upsample(Layer.Upsample upsample) {
        int[] in = cube(layer.input());
        int[] out = cube(layer.output());
        double[] y = new double[layer.outputSize()];
        for (int ch = 0; ch < out[0]; ch++) {
            for (int r = 0; r < out[1]; r++) {
                for (int c = 0; c < out[2]; c++) {
                    int from = layer.input().length == 2 ? c : c / upsample.factor();
                    y[(ch * out[1] + r) * out[2] + c] = x[(ch * in[1] + r / upsample.factor()) * in[2] + from];
                }
            }
        }
        return y;
    }

    @Override
    public double[] pool(Layer.Pool pool) {
        int[] in = cube(layer.input());
        int[] out = cube(layer.output());
        int wide = layer.input().length == 2 ? 1 : pool.size();
        double[] y = new double[layer.outputSize()];
        for (int ch = 0; ch < out[0]; ch++) {
            for (int r = 0; r < out[1]; r++) {
                for (int c = 0; c < out[2]; c++) {
                    double most = Double.NEGATIVE_INFINITY;
                    double sum = 0;
                    for (int dr = 0; dr < pool.size(); dr++) {
                        for (int dc = 0; dc < wide; dc++) {
                            double v = x[(ch * in[1] + r * pool.size() + dr) * in[2] + c * wide + dc];
                            most = Math.max(most, v);
                            sum += v;
                        }
                    }
                    boolean max = pool.kind() == Layer.Pool.Kind.MAX;
                    y[(ch * out[1] + r) * out[2] + c] = max ? most : sum / (pool.size() * wide);
                }
            }
        }
        return y;
    }

    /** With the running statistics, as it scores. */
    @Override
    public double[] batchNorm(Layer.BatchNorm norm) {
        double[] mean = parameter(layer.running().get(0).name());
        double[] variance = parameter(layer.running().get(1).name());
        int run = layer.input().length == 3 ? layer.input()[1] * layer.input()[2] : 1;
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            int f = i / run % mean.length;
            y[i] = (x[i] - mean[f]) / Math.sqrt(variance[f] + 1e-5) * named("weight")[f] + named("bias")[f];
        }
        return y;
    }
}
