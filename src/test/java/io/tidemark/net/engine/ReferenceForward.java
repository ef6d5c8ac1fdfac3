package io.tidemark.net.engine;

import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Attention;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Diffusion;
import io.tidemark.net.network.Discriminator;
import io.tidemark.net.network.Encoder;
import io.tidemark.net.network.Filters;
import io.tidemark.net.network.Hidden;
import io.tidemark.net.network.Latent;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.MonteCarlo;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Neurons;
import io.tidemark.net.network.PerFeature;
import io.tidemark.net.network.Pixels;
import io.tidemark.net.network.Recurrence;
import io.tidemark.net.network.Resampling;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Wiring;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Each layer by its textbook formula, one sample at a time in double precision: slow, and obviously right. */
final class ReferenceForward implements Layer.Cases<double[]> {
    private final Network network;
    private final Map<String, double[]> parameters = new HashMap<>();
    private BoundLayer layer;
    private double[] x = {};
    private double[] code = {};
    private int sample;
    private int batchSize = 1;
    private boolean trains;
    private double terms;
    private double discrimination;
    private final long seed;
    private final long step;
    private final Map<String, double[]> marks = new HashMap<>();
    private final Map<String, BoundLayer> behind = new HashMap<>();

    ReferenceForward(Network network, NetworkState state) {
        this.network = network;
        this.layer = network.layers().get(0);
        this.seed = Counter.read(state, Counter.SEED);
        this.step = Counter.read(state, Counter.STEP);
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

    /** Outputs of one sample as it scores, before the last step of scoring: quantiles are not yet in order. */
    double[] output(double[] sample) {
        trains = false;
        ReferenceWindow window = ReferenceWindow.of(network, sample);
        return window.absolute(run(new double[][] {window.relative(sample)})[0]);
    }

    /** What the encoder of a network that gives its code makes of one sample. */
    double[] code(double[] sample) {
        output(sample);
        return code;
    }

    private double[][] run(double[][] samples) {
        double[][] values = samples;
        terms = 0;
        discrimination = 0;
        marks.clear();
        for (BoundLayer bound : network.layers()) {
            if (layer.layer() instanceof Wiring.Mark mark) behind.put(mark.name(), bound);
            layer = bound;
            if (trains && bound.layer() instanceof Layer.BatchNorm) {
                values = batchNorm(values);
                continue;
            }
            for (sample = 0; sample < values.length; sample++) {
                x = values[sample];
                values[sample] = bound.layer().match(this);
            }
            if (bound.index() == Encoder.codeLayer(network)) code = values[0].clone();
        }
        return values;
    }

    /** The weighted mean loss of a batch. */
    double loss(float[] input, float[] target, float[] weight, int samples) {
        return objective(input, target, weight, samples) - terms;
    }

    /** The weighted mean loss of a batch with what the layers add to it: what training lowers. */
    double objective(float[] input, float[] target, float[] weight, int samples) {
        int in = network.inputs().get(0).size();
        int out = network.targets().get(0).size();
        double[][] batch = new double[samples][in];
        for (int i = 0; i < samples * in; i++) batch[i / in][i % in] = input[i];
        trains = true;
        batchSize = samples;
        double[][] targets = new double[samples][out];
        for (int i = 0; i < samples * out; i++) targets[i / out][i % out] = target[i];
        for (int i = 0; i < samples; i++) {
            ReferenceWindow window = ReferenceWindow.of(network, batch[i]);
            batch[i] = window.relative(batch[i]);
            targets[i] = window.relative(targets[i]);
        }
        double[][] outputs = run(batch);
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < samples * out; i++) {
            double w = weight[i];
            weights += w;
            if (w != 0) sum += w * element(outputs[i / out], i % out, targets[i / out][i % out]);
        }
        return sum / weights + terms;
    }

    private double element(double[] output, int i, double target) {
        TrainingSpec.Loss loss = network.training().objective().loss();
        if (loss == TrainingSpec.Loss.QUANTILE) {
            int count = network.spec().forecast().quantiles().size();
            double sum = 0;
            for (int q = 0; q < count; q++) {
                double quantile = network.spec().forecast().quantiles().get(q);
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
            case HUBER -> {
                double delta = network.training().objective().delta();
                yield Math.abs(d) <= delta ? d * d / 2 : delta * (Math.abs(d) - delta / 2);
            }
            case BINARY_CROSS_ENTROPY ->
                -network.training().objective().positiveWeight() * target * Math.log(sigmoid(output[i]))
                        - (1 - target) * Math.log(sigmoid(-output[i]));
            case QUANTILE -> throw new IllegalStateException();
        };
    }

    /** What a training step lowers by one parameter: a discriminator's own term for its own, everything else for any other. */
    double objective(BoundLayer.Parameter parameter, float[] input, float[] target, float[] weight, int samples) {
        double all = objective(input, target, weight, samples);
        return parameter.name().contains(".discriminator/") ? discrimination : all;
    }

    /** Neither is moved by the other's term. */
    @Override
    public double[] discriminator(Discriminator discriminator) {
        double[] clean = java.util.Objects.requireNonNull(marks.get(discriminator.from() + sample));
        double[] real = features(clean);
        double[] made = features(x);
        double distance = 0;
        double squares = 0;
        for (int u = 0; u < made.length; u++) {
            distance += Math.abs(real[u] - made[u]) / made.length;
            squares += Math.pow(real[u] - made[u], 2) / made.length;
        }
        if (trains) {
            double yes = linear(real, "judge_weight", "judge_bias")[0];
            double no = linear(made, "judge_weight", "judge_bias")[0];
            discrimination -= (Math.log(sigmoid(yes)) + Math.log(sigmoid(-no))) / batchSize;
            terms += discriminator.weight() * squares / batchSize;
            return x;
        }
        double[] y = x.clone();
        for (int i = 0; i < y.length; i++) y[i] += Math.signum(x[i] - clean[i]) * discriminator.weight() * distance;
        return y;
    }

    private double[] features(double[] values) {
        return functions(Activation.TANH, linear(values, "weight", "bias"));
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
        return functions(activate.activation(), x);
    }

    static double[] functions(Activation activation, double[] values) {
        return Arrays.stream(values).map(v -> function(activation, v)).toArray();
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
            case SOFTPLUS -> Math.log1p(Math.exp(v));
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
    public double[] upsample(Resampling.Upsample upsample) {
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
    public double[] pool(Resampling.Pool pool) {
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
                    boolean max = pool.kind() == Resampling.Pool.Kind.MAX;
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

    /** With the statistics of the batch, as it trains. */
    private double[][] batchNorm(double[][] values) {
        int features = layer.running().get(0).size();
        int run = layer.input().length == 3 ? layer.input()[1] * layer.input()[2] : 1;
        double count = (double) values.length * values[0].length / features;
        double[] mean = new double[features];
        double[] variance = new double[features];
        for (double[] v : values) for (int i = 0; i < v.length; i++) mean[i / run % features] += v[i] / count;
        for (double[] v : values) {
            for (int i = 0; i < v.length; i++) {
                int f = i / run % features;
                variance[f] += (v[i] - mean[f]) * (v[i] - mean[f]) / count;
            }
        }
        double[][] y = new double[values.length][values[0].length];
        for (int s = 0; s < y.length; s++) {
            for (int i = 0; i < y[s].length; i++) {
                int f = i / run % features;
                double normal = (values[s][i] - mean[f]) / Math.sqrt(variance[f] + 1e-5);
                y[s][i] = normal * named("weight")[f] + named("bias")[f];
            }
        }
        return y;
    }

    private double[] linear(double[] x, String weight, String bias) {
        return linear(x, named(weight), named(bias));
    }

    /** Rows of x times a weight of [out, in], plus the bias. */
    static double[] linear(double[] x, double[] w, double[] b) {
        int in = w.length / b.length;
        double[] y = new double[x.length / in * b.length];
        for (int i = 0; i < y.length; i++) {
            int o = i % b.length;
            y[i] = b[o];
            for (int j = 0; j < in; j++) y[i] += w[o * in + j] * x[i / b.length * in + j];
        }
        return y;
    }

    private CounterRandom drawn() {
        return CounterRandom.of(seed, "noise/" + layer.index(), step);
    }

    private ReferenceFurther further() {
        return new ReferenceFurther(layer, p -> parameter(p.name()), behind, x, trains ? drawn() : null);
    }

    @Override
    public double[] recurrence(Recurrence recurrence) {
        return further().recurrence(recurrence);
    }

    @Override
    public double[] attention(Attention attention) {
        return attention.match(new ReferenceAttention(layer, p -> parameter(p.name()), marks, sample, x));
    }

    @Override
    public double[] diffusion(Diffusion diffusion) {
        String mark = diffusion instanceof Diffusion.Denoised denoised ? denoised.from() : "";
        double[] clean = marks.getOrDefault(mark + sample, new double[0]);
        return diffusion.match(new ReferenceDiffusion(x, clean, sample, trains ? drawn() : null));
    }

    @Override
    public double[] monteCarlo(MonteCarlo monteCarlo) {
        CounterRandom random = trains ? drawn() : null;
        return monteCarlo.match(
                new ReferenceMonteCarlo(x, network.spec().forecast().quantiles(), layer, sample, random));
    }

    @Override
    public double[] neurons(Neurons neurons) {
        return neurons.match(further());
    }

    @Override
    public double[] filters(Filters filters) {
        return filters.match(further());
    }

    @Override
    public double[] hidden(Hidden hidden) {
        HiddenBlocks blocks = new HiddenBlocks(hidden, layer.input());
        double[] y = x.clone();
        for (int i = 0; i < y.length; i++) {
            y[i] *= trains ? blocks.whileTraining(drawn(), sample * y.length + i) : blocks.whileScoring(i);
        }
        return y;
    }

    @Override
    public double[] perFeature(PerFeature perFeature) {
        int steps = layer.input()[0];
        int features = layer.input()[1];
        int quantiles = layer.output()[2];
        double[] w = named("weight");
        double[] y = named("bias").clone();
        for (int u = 0; u < y.length; u++) {
            for (int i = 0; i < steps; i++) y[u] += w[u * steps + i] * x[i * features + u / quantiles % features];
        }
        return y;
    }

    @Override
    public double[] l1Activity(Latent.L1Activity penalty) {
        for (double v : x) terms += penalty.weight() * Math.abs(v) / x.length / batchSize;
        return x;
    }

    @Override
    public double[] gaussianLatent(Latent.Gaussian latent) {
        double[] mean = linear(x, "mean_weight", "mean_bias");
        double[] logVariance = linear(x, "log_variance_weight", "log_variance_bias");
        if (!trains) return mean;
        double[] y = mean.clone();
        CounterRandom random = CounterRandom.of(seed, "noise/" + layer.index(), step);
        double share = latent.weight() / network.outputs().get(0).size() / batchSize;
        for (int i = 0; i < y.length; i++) {
            y[i] += Math.exp(logVariance[i] / 2) * random.normal((long) sample * y.length + i);
            terms += share / 2 * (mean[i] * mean[i] + Math.exp(logVariance[i]) - 1 - logVariance[i]);
        }
        return y;
    }

    /** Where a pixel of the deep image lies in the wide one. */
    private static int wide(int at, int[] deep, int f) {
        int channel = at / (deep[1] * deep[2]);
        int row = at / deep[2] % deep[1] * f + channel / f % f;
        int column = at % deep[2] * f + channel % f;
        return (channel / (f * f) * deep[1] * f + row) * deep[2] * f + column;
    }

    @Override
    public double[] spaceToDepth(Pixels.SpaceToDepth pixels) {
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) y[i] = x[wide(i, layer.output(), pixels.factor())];
        return y;
    }

    @Override
    public double[] depthToSpace(Pixels.DepthToSpace pixels) {
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) y[wide(i, layer.input(), pixels.factor())] = x[i];
        return y;
    }

    @Override
    public double[] mark(Wiring.Mark mark) {
        marks.put(mark.name() + sample, x.clone());
        return x;
    }

    @Override
    public double[] unflatten(Wiring.Unflatten unflatten) {
        return x;
    }

    @Override
    public double[] skip(Wiring.Skip skip) {
        double[] from = java.util.Objects.requireNonNull(marks.get(skip.from() + sample));
        double[] y = new double[layer.outputSize()];
        if (skip.join() == Wiring.Skip.Join.ADD) {
            for (int i = 0; i < y.length; i++) y[i] = x[i] + from[i];
            return y;
        }
        if (skip.join() == Wiring.Skip.Join.MULTIPLY) {
            for (int i = 0; i < y.length; i++) y[i] = x[i] * from[i];
            return y;
        }
        boolean image = layer.output().length == 3;
        int mine = image ? x.length : layer.input()[layer.input().length - 1];
        int all = image ? y.length : layer.output()[layer.output().length - 1];
        for (int i = 0; i < y.length; i++) {
            int row = i / all;
            int at = i % all;
            y[i] = at < mine ? x[row * mine + at] : from[row * (all - mine) + at - mine];
        }
        return y;
    }
}
