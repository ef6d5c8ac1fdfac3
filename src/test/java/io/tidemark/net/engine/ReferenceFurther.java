package io.tidemark.net.engine;

import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Filters;
import io.tidemark.net.network.Neurons;
import io.tidemark.net.network.Recurrence;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The textbook formulas of {@link Recurrence}, {@link Neurons} and {@link Filters}, of one sample. */
final class ReferenceFurther implements Neurons.Cases<double[]>, Filters.Cases<double[]> {
    private final BoundLayer layer;
    private final Function<BoundLayer.Parameter, double[]> values;
    private final Map<String, BoundLayer> behind;
    private final double[] x;

    /** Numbers of the training step, or null while scoring. */
    private final @Nullable CounterRandom random;

    ReferenceFurther(
            BoundLayer layer,
            Function<BoundLayer.Parameter, double[]> values,
            Map<String, BoundLayer> behind,
            double[] x,
            @Nullable CounterRandom random) {
        this.layer = layer;
        this.values = values;
        this.behind = behind;
        this.x = x;
        this.random = random;
    }

    private double[] named(String suffix) {
        return values.apply(layer.parameter(suffix));
    }

    double[] recurrence(Recurrence recurrence) {
        int steps = layer.input()[0];
        int in = layer.input()[1];
        int units = layer.output()[1];
        int rows = recurrence.kind().gates() * units;
        double[] wi = named("weight_ih");
        double[] wh = named("weight_hh");
        double[] b = named("bias");
        double[] h = new double[units];
        double[] y = new double[steps * units];
        for (int t = 0; t < steps; t++) {
            double[] fromInput = b.clone();
            double[] fromState = new double[rows];
            for (int g = 0; g < rows; g++) {
                for (int i = 0; i < in; i++) fromInput[g] += wi[g * in + i] * x[t * in + i];
                for (int j = 0; j < units; j++) fromState[g] += wh[g * units + j] * h[j];
            }
            for (int j = 0; j < units; j++) {
                if (recurrence.kind() == Recurrence.Kind.SIMPLE) {
                    h[j] = Math.tanh(fromInput[j] + fromState[j]);
                    continue;
                }
                double r = sigmoid(fromInput[j] + fromState[j]);
                double z = sigmoid(fromInput[units + j] + fromState[units + j]);
                double n = Math.tanh(fromInput[2 * units + j] + r * fromState[2 * units + j]);
                h[j] = (1 - z) * n + z * h[j];
            }
            System.arraycopy(h, 0, y, t * units, units);
        }
        return y;
    }

    private static double sigmoid(double v) {
        return 1 / (1 + Math.exp(-v));
    }

    @Override
    public double[] prelu(Neurons.Prelu prelu) {
        double[] slopes = named("slope");
        int run = layer.input().length == 3 ? layer.input()[1] * layer.input()[2] : 1;
        double[] y = x.clone();
        for (int i = 0; i < y.length; i++) if (y[i] < 0) y[i] *= slopes[i / run % slopes.length];
        return y;
    }

    @Override
    public double[] maxout(Neurons.Maxout maxout) {
        double[] sums = linear(named("weight"), named("bias"));
        double[] y = new double[sums.length / maxout.pieces()];
        for (int i = 0; i < y.length; i++) {
            y[i] = Double.NEGATIVE_INFINITY;
            for (int p = 0; p < maxout.pieces(); p++) y[i] = Math.max(y[i], sums[i * maxout.pieces() + p]);
        }
        return y;
    }

    @Override
    public double[] radial(Neurons.Radial radial) {
        int in = layer.input()[layer.input().length - 1];
        double[] centre = named("centre");
        double[] logPrecision = named("log_precision");
        int units = logPrecision.length;
        double[] y = new double[layer.outputSize()];
        for (int i = 0; i < y.length; i++) {
            int unit = i % units;
            double squares = 0;
            for (int k = 0; k < in; k++) squares += Math.pow(x[i / units * in + k] - centre[unit * in + k], 2);
            y[i] = Math.exp(-Math.exp(logPrecision[unit]) * squares / in);
        }
        return y;
    }

    @Override
    public double[] dropConnect(Neurons.DropConnect dropConnect) {
        double[] weight = named("weight").clone();
        if (random != null) {
            float rate = (float) dropConnect.rate();
            for (int i = 0; i < weight.length; i++) weight[i] *= random.uniform(i) < rate ? 0 : 1 / (1 - rate);
        }
        return ReferenceForward.functions(dropConnect.activation(), linear(weight, named("bias")));
    }

    @Override
    public double[] tied(Neurons.Tied tied) {
        double[] weight =
                values.apply(Objects.requireNonNull(behind.get(tied.from())).parameter("weight"));
        double[] bias = named("bias");
        int in = weight.length / bias.length;
        double[] turned = new double[weight.length];
        for (int i = 0; i < in; i++)
            for (int o = 0; o < bias.length; o++) turned[o * in + i] = weight[i * bias.length + o];
        return ReferenceForward.functions(tied.activation(), linear(turned, bias));
    }

    private double[] linear(double[] weight, double[] bias) {
        return linear(x, weight, bias);
    }

    private static double[] linear(double[] x, double[] weight, double[] bias) {
        int in = weight.length / bias.length;
        double[] y = new double[x.length / in * bias.length];
        for (int i = 0; i < y.length; i++) {
            int o = i % bias.length;
            y[i] = bias[o];
            for (int k = 0; k < in; k++) y[i] += weight[o * in + k] * x[i / bias.length * in + k];
        }
        return y;
    }

    @Override
    public double[] separable1d(Filters.Separable1d separable) {
        int in = layer.input()[1];
        int kernel = separable.like().kernel();
        double[] depth = named("depth_weight");
        double[] filtered = new double[layer.output()[0] * in];
        for (int i = 0; i < filtered.length; i++) {
            for (int k = 0; k < kernel; k++) {
                int t = i / in * separable.like().stride()
                        + k * separable.like().dilation()
                        - separable.like().before();
                if (t >= 0 && t < layer.input()[0]) filtered[i] += depth[i % in * kernel + k] * x[t * in + i % in];
            }
        }
        return ReferenceForward.functions(
                separable.like().activation(), linear(filtered, named("weight"), named("bias")));
    }

    @Override
    public double[] separable2d(Filters.Separable2d separable) {
        int[] in = layer.input();
        int[] out = layer.output();
        int kernel = separable.like().kernel();
        int padding = separable.like().padding();
        int stride = separable.like().stride();
        double[] depth = named("depth_weight");
        int places = out[1] * out[2];
        double[] filtered = new double[places * in[0]];
        for (int p = 0; p < places; p++) {
            for (int c = 0; c < in[0]; c++) {
                for (int tap = 0; tap < kernel * kernel; tap++) {
                    int row = p / out[2] * stride + tap / kernel - padding;
                    int column = p % out[2] * stride + tap % kernel - padding;
                    if (row < 0 || row >= in[1] || column < 0 || column >= in[2]) continue;
                    filtered[p * in[0] + c] += depth[c * kernel * kernel + tap] * x[(c * in[1] + row) * in[2] + column];
                }
            }
        }
        double[] mixed = ReferenceForward.functions(
                separable.like().activation(), linear(filtered, named("weight"), named("bias")));
        double[] y = new double[mixed.length];
        for (int i = 0; i < y.length; i++) y[i] = mixed[i % places * out[0] + i / places];
        return y;
    }

    /** By its definition: each place that enters is spread over the kernel, taps in reverse order, and what overlaps is summed. */
    @Override
    public double[] transposed(Filters.Transposed filter) {
        boolean sequence = filter.dimensions() == 1;
        int[] in = layer.input();
        int[] out = layer.output();
        int channels = in[sequence ? 1 : 0];
        int units = out[sequence ? 1 : 0];
        int[] inSides = sequence ? new int[] {in[0], 1} : new int[] {in[1], in[2]};
        int[] outSides = sequence ? new int[] {out[0], 1} : new int[] {out[1], out[2]};
        int kernel = filter.kernel();
        int across = sequence ? 1 : kernel;
        double[] weight = named("weight");
        double[] sums = new double[units * outSides[0] * outSides[1]];
        for (int o = 0; o < units; o++) {
            for (int at = 0; at < outSides[0] * outSides[1]; at++) {
                sums[o * outSides[0] * outSides[1] + at] = named("bias")[o];
            }
        }
        for (int place = 0; place < inSides[0] * inSides[1]; place++) {
            for (int tap = 0; tap < kernel * across; tap++) {
                int row = place / inSides[1] * filter.stride() + tap / across - filter.padding();
                int column = sequence ? 0 : place % inSides[1] * filter.stride() + tap % across - filter.padding();
                if (row < 0 || row >= outSides[0] || column < 0 || column >= outSides[1]) continue;
                for (int c = 0; c < channels; c++) {
                    double value = sequence ? x[place * channels + c] : x[c * inSides[0] * inSides[1] + place];
                    for (int o = 0; o < units; o++) {
                        double w = weight[(o * channels + c) * kernel * across + kernel * across - 1 - tap];
                        sums[(o * outSides[0] + row) * outSides[1] + column] += w * value;
                    }
                }
            }
        }
        double[] y = ReferenceForward.functions(filter.activation(), sums);
        if (!sequence) return y;
        double[] steps = new double[y.length];
        for (int i = 0; i < y.length; i++) steps[i] = y[i % units * outSides[0] + i / units];
        return steps;
    }
}
