package io.tidemark.learn.fit;

import io.tidemark.net.engine.Initializer;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Network;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A linear forecast in closed form: each feature's next rows from its own last rows, by ridge regression (Hoerl and Kennard 1970),
 * as the weights of one layer {@link io.tidemark.net.network.PerFeature}.
 *
 * <ol>
 *   <li>Six maps are averaged, which is more stable than each: of the whole window, its newer half and its newest quarter; each from the
 *       feature's own examples and from those of all features together.
 *   <li>The penalty of each map is {@value #RIDGE} of the mean of the squared inputs, which was chosen without labels.
 *   <li>Quantiles lie around the map as its residuals do on examples held out: every {@value #FOLDS}th block of {@value #BLOCK}
 *       examples. The map itself is then computed from all examples.
 *   <li>Weights of targets are not looked at: rows that must not teach count as they are, clipped.
 * </ol>
 *
 * <p>The cost is that of one product of inputs a feature and example, {@code window² / 2} multiplications, and of six solutions for each feature.
 */
final class LinearForecast {
    static final double RIDGE = 0.001;
    static final int FOLDS = 5;
    static final int BLOCK = 64;

    private static final int[] SHARES = {1, 2, 4};
    /** Residuals kept at most for each quantile. */
    private static final int RESIDUALS_MAX = 4096;

    private final int window;
    private final int features;
    private final int horizon;
    private final double[] levels;
    private final BoundLayer.Parameter weight;
    private final BoundLayer.Parameter bias;
    private final Network network;

    LinearForecast(Network network) {
        this.network = network;
        this.window = network.spec().window();
        this.features = network.features();
        this.horizon = network.spec().forecast().horizon();
        this.levels = network.spec().forecast().quantiles().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        BoundLayer layer = network.layers().get(0);
        this.weight = layer.parameter("weight");
        this.bias = layer.parameter("bias");
    }

    /** @param examples as the network sees them; at least one */
    ClosedForm fit(ExampleSet examples) {
        NormalEquations[] kept = new NormalEquations[features];
        NormalEquations[] held = new NormalEquations[features];
        for (int f = 0; f < features; f++) {
            kept[f] = new NormalEquations(window, horizon);
            held[f] = new NormalEquations(window, horizon);
        }
        float[] input = new float[window * features];
        float[] target = new float[horizon * features];
        for (int e = 0; e < examples.size(); e++) {
            examples.copy(e, input, target, 0);
            NormalEquations[] into = isHeld(e, examples.size()) ? held : kept;
            for (int f = 0; f < features; f++) into[f].add(input, target, f, features);
        }
        double[][][] residuals = residuals(examples, solve(kept));
        for (int f = 0; f < features; f++) kept[f].add(held[f]);
        return state(solve(kept), residuals);
    }

    /** With fewer examples than folds of blocks, every fifth is held out; with fewer than two, none. */
    private static boolean isHeld(int example, int size) {
        int block = Math.max(1, Math.min(BLOCK, size / (2 * FOLDS)));
        return example / block % FOLDS == FOLDS - 1;
    }

    /** {@code [feature, horizon, window + 1]}, the offset last. */
    private double[][][] solve(NormalEquations[] own) {
        NormalEquations pooled = new NormalEquations(window, horizon);
        for (NormalEquations one : own) pooled.add(one);
        double[][] shared = averaged(pooled);
        double[][][] maps = new double[features][][];
        for (int f = 0; f < features; f++) {
            maps[f] = averaged(own[f]);
            for (int h = 0; h < horizon; h++) {
                for (int i = 0; i <= window; i++) maps[f][h][i] = (maps[f][h][i] + shared[h][i]) / 2;
            }
        }
        return maps;
    }

    private double[][] averaged(NormalEquations equations) {
        double[][] mean = new double[horizon][window + 1];
        for (int share : SHARES) equations.solve(Math.max(1, window / share), RIDGE, 1.0 / SHARES.length, mean);
        return mean;
    }

    /** Of the held-out examples, ascending: {@code [feature, horizon, residual]}; of all where none is held out. */
    private double[][][] residuals(ExampleSet examples, double[][][] maps) {
        int[] chosen = new int[examples.size()];
        int count = 0;
        for (int e = 0; e < chosen.length; e++) if (isHeld(e, chosen.length)) chosen[count++] = e;
        if (count == 0) for (int e = 0; e < chosen.length; e++) chosen[count++] = e;
        int used = Math.min(count, RESIDUALS_MAX);
        double[][][] residuals = new double[features][horizon][used];
        float[] input = new float[window * features];
        float[] target = new float[horizon * features];
        for (int k = 0; k < used; k++) {
            examples.copy(chosen[(int) ((long) k * count / used)], input, target, 0);
            for (int f = 0; f < features; f++) {
                for (int h = 0; h < horizon; h++) {
                    double[] map = maps[f][h];
                    double sum = map[window];
                    for (int i = 0; i < window; i++) sum += map[i] * input[i * features + f];
                    residuals[f][h][k] = target[h * features + f] - sum;
                }
            }
        }
        for (double[][] feature : residuals) for (double[] step : feature) Arrays.sort(step);
        return residuals;
    }

    private ClosedForm state(double[][][] maps, double[][][] residuals) {
        int quantiles = levels.length;
        float[] weights = new float[weight.size()];
        float[] offsets = new float[bias.size()];
        double squares = 0;
        for (int h = 0; h < horizon; h++) {
            for (int f = 0; f < features; f++) {
                double[] map = maps[f][h];
                double[] sorted = residuals[f][h];
                for (double residual : sorted) squares += residual * residual / sorted.length;
                for (int q = 0; q < quantiles; q++) {
                    int unit = (h * features + f) * quantiles + q;
                    for (int i = 0; i < window; i++) weights[unit * window + i] = (float) map[i];
                    offsets[unit] = (float) (map[window] + at(sorted, levels[q]));
                }
            }
        }
        Map<String, NetworkState.Tensor> tensors =
                new LinkedHashMap<>(Initializer.initialState(network, 0).tensors());
        tensors.put(weight.name(), new NetworkState.Tensor(weight.shape(), weights));
        tensors.put(bias.name(), new NetworkState.Tensor(bias.shape(), offsets));
        return new ClosedForm(new NetworkState(network.hash(), tensors), squares / (horizon * features));
    }

    /** A quantile between the two values that it lies between. */
    private static double at(double[] sorted, double level) {
        double place = level * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
