package io.tidemark.learn.fit;

import io.tidemark.net.engine.Initializer;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.Activation;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The best linear autoencoder in closed form: mean and leading eigenvectors of the covariance of the targets (Pearson 1901).
 *
 * <p>As weights of a network of two linear dense layers it is scored by any engine: code {@code V(x − m)}, reconstruction
 * {@code Vᵀ code + m}.
 *
 * @param mean of each value
 * @param components {@code [component, value]}, orthonormal, the one with most variance first; its largest entry is positive
 * @param variances of the data along each component, descending
 * @param totalVariance sum over all values
 */
@SuppressWarnings("ArrayRecordComponent")
public record PrincipalComponents(double[] mean, double[][] components, double[] variances, double totalVariance) {

    /**
     * Computes the components of the examples' inputs. Examples are thinned evenly where that would take more than some
     * 10¹⁰ multiplications; above {@value Covariance#VALUES_MAX} values the leading components come by subspace iteration
     * (Halko et al., Finding structure with randomness, 2011).
     *
     * @param count components; in [1, values of an input]
     */
    public static PrincipalComponents of(ExampleSet examples, int count) {
        int values = examples.inputSize();
        if (count < 1 || count > values) {
            throw new IllegalArgumentException(
                    "principal components must be in [1, " + values + "], the values of an input, but were " + count);
        }
        if (examples.size() == 0) {
            throw new IllegalArgumentException("principal components need at least one example, but there is none");
        }
        return values <= Covariance.VALUES_MAX ? Covariance.of(examples, count) : Subspace.of(examples, count);
    }

    /** Mean squared error on what they were computed from: the variance that no component explains. */
    public double meanSquaredError() {
        double left = totalVariance;
        for (double variance : variances) left -= variance;
        return Math.max(0, left) / mean.length;
    }

    /**
     * The weights of a network of two linear dense layers, the second as wide as the input, in closed form.
     *
     * @throws IllegalArgumentException when the network is no such network
     */
    public static NetworkState fit(Network network, ExampleSet examples) {
        return of(examples, codeSize(network)).state(network);
    }

    /**
     * Width of the narrow layer of a network that principal components can fill.
     *
     * @throws IllegalArgumentException when the network is no such network
     */
    public static int codeSize(Network network) {
        return dense(network).get(0).outputSize();
    }

    private static List<BoundLayer> dense(Network network) {
        int values = network.inputs().get(0).size();
        List<BoundLayer> trained = network.layers().stream()
                .filter(layer -> !layer.parameters().isEmpty())
                .toList();
        boolean linear = trained.size() == 2
                && trained.stream()
                        .allMatch(layer -> layer.layer() instanceof Layer.Dense dense
                                && dense.activation() == Activation.IDENTITY
                                && layer.parameter("weight").size() == layer.inputSize() * layer.outputSize());
        if (!linear || trained.get(0).inputSize() != values || trained.get(1).outputSize() != values) {
            throw new IllegalArgumentException("network " + network.spec().name()
                    + " cannot be fitted by principal components: it needs flatten and two dense layers without activation,"
                    + " the second of units: output");
        }
        return trained;
    }

    /** The weights of such a network; its narrow layer is as wide as there are components. */
    public NetworkState state(Network network) {
        List<BoundLayer> layers = dense(network);
        int values = mean.length;
        int count = components.length;
        if (layers.get(0).outputSize() != count || layers.get(0).inputSize() != values) {
            throw new IllegalArgumentException("network " + network.spec().name() + " reads "
                    + layers.get(0).inputSize() + " values into "
                    + layers.get(0).outputSize() + ", but there are " + count
                    + " components of " + values);
        }
        float[] encode = new float[count * values];
        float[] offset = new float[count];
        float[] decode = new float[count * values];
        float[] centre = new float[values];
        for (int c = 0; c < count; c++) {
            double at = 0;
            for (int i = 0; i < values; i++) {
                double v = components[c][i];
                encode[c * values + i] = (float) v;
                decode[i * count + c] = (float) v;
                at -= v * mean[i];
            }
            offset[c] = (float) at;
        }
        for (int i = 0; i < values; i++) centre[i] = (float) mean[i];
        Map<String, NetworkState.Tensor> tensors =
                new LinkedHashMap<>(Initializer.initialState(network, 0).tensors());
        put(tensors, layers.get(0).parameter("weight"), encode);
        put(tensors, layers.get(0).parameter("bias"), offset);
        put(tensors, layers.get(1).parameter("weight"), decode);
        put(tensors, layers.get(1).parameter("bias"), centre);
        return new NetworkState(network.hash(), tensors);
    }

    private static void put(Map<String, NetworkState.Tensor> tensors, BoundLayer.Parameter parameter, float[] values) {
        tensors.put(parameter.name(), new NetworkState.Tensor(parameter.shape(), values));
    }

    /** Errors of the reconstruction against what counts of the targets, which are of the inputs' size; the loss is NaN. */
    public Errors errors(ExampleSet examples) {
        if (examples.size() == 0) return Errors.NONE;
        int values = mean.length;
        float[] input = new float[values];
        float[] target = new float[examples.targetSize()];
        float[] weight = new float[target.length];
        double[] output = new double[values];
        ErrorSums sums = new ErrorSums();
        for (int e = 0; e < examples.size(); e++) {
            examples.copy(e, input, target, 0);
            examples.weigh(e, weight, 0);
            reconstruct(input, output);
            for (int i = 0; i < values; i++) {
                if (weight[i] != 0) sums.add(output[i] - target[i]);
            }
        }
        return sums.means(examples.size(), Double.NaN);
    }

    private void reconstruct(float[] input, double[] output) {
        System.arraycopy(mean, 0, output, 0, output.length);
        for (double[] component : components) {
            double code = 0;
            for (int i = 0; i < output.length; i++) code += component[i] * (input[i] - mean[i]);
            for (int i = 0; i < output.length; i++) output[i] += code * component[i];
        }
    }
}
