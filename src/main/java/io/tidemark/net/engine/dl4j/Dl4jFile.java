package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.Initializer;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Latent;
import io.tidemark.net.network.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network as a file of Deeplearning4j's own {@code ModelSerializer}, which a program without Tidemark restores as a {@code
 * MultiLayerNetwork}.
 *
 * <ol>
 *   <li>A window whose first layer is flatten enters as {@code [sample, step·feature]}, another as {@code [sample, feature, step]}, an
 *       image as {@code [sample, channel, row, column]}. Outputs of steps leave as {@code [sample, feature, step]}.
 *   <li>Outputs are within 1e-4 of those of Tidemark's engines. Two things stay outside the file: windows that a declared normalisation makes
 *       relative, and the ordering of quantiles that cross.
 *   <li>The file scores: it has no state of an optimiser, and noise and dropout are left out.
 * </ol>
 */
public final class Dl4jFile {
    /** Blocks of an LSTM's gates, i, f, g, o here, in the order of Deeplearning4j: g, f, o, i. */
    private static final int[] GATES = {2, 1, 3, 0};

    private Dl4jFile() {}

    /** Why the network cannot be written, a sentence for each layer that Deeplearning4j cannot express; empty when it can. */
    public static List<String> unsupported(Network network) {
        return new Dl4jLayers(network).unsupported();
    }

    /**
     * Writes the file.
     *
     * @param state weights of the network
     * @throws IllegalArgumentException when {@link #unsupported} is not empty, or the weights are of another network
     */
    public static void write(Network network, NetworkState state, Path file) throws IOException {
        Dl4jLayers translated = new Dl4jLayers(network);
        if (!translated.unsupported().isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", translated.unsupported()));
        }
        if (!state.specHash().equals(network.hash())) {
            throw new IllegalArgumentException("the weights belong to a network of other layers or sizes than "
                    + network.spec().name());
        }
        MultiLayerNetwork built = built(translated);
        for (int i = 0; i < translated.pairs().size(); i++) {
            weights(built.getLayer(i), translated.pairs().get(i), state);
        }
        ModelSerializer.writeModel(built, file.toFile(), false);
    }

    private static MultiLayerNetwork built(Dl4jLayers translated) {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder().seed(1).list();
        for (Dl4jLayers.Pair pair : translated.pairs()) list.layer(pair.layer());
        MultiLayerConfiguration configuration =
                list.setInputType(translated.input()).build();
        MultiLayerNetwork built = new MultiLayerNetwork(configuration);
        built.init();
        return built;
    }

    /**
     * Reads the weights of a {@code MultiLayerNetwork} that any program of Deeplearning4j's wrote, for a declared network of the same
     * layers. The file's configuration is compared as a plain tree and never made into objects, so that a foreign file runs nothing.
     *
     * @return the weights, with the initial values of everything else
     * @throws IOException when the file cannot be read, or names every layer that is not the declared one
     */
    public static NetworkState read(Network network, Path file) throws IOException {
        Dl4jLayers translated = new Dl4jLayers(network);
        List<String> missing = new java.util.ArrayList<>(translated.unsupported());
        for (Dl4jLayers.Pair pair : translated.pairs()) {
            if (pair.bound().layer() instanceof Latent.Gaussian) {
                missing.add("layer " + pair.bound().index() + " (gaussian-latent) of network "
                        + network.spec().name() + " draws by a variance that the file lacks");
            }
        }
        if (!missing.isEmpty()) throw new IOException(String.join("; ", missing));
        MultiLayerNetwork built = built(translated);
        built.setParams(Dl4jArchive.read(file, built));
        NetworkState state = Initializer.initialState(network, 1);
        for (int i = 0; i < translated.pairs().size(); i++) {
            take(built.getLayer(i), translated.pairs().get(i), state);
        }
        return state;
    }

    /** The opposite of {@link #weights}. */
    private static void take(org.deeplearning4j.nn.api.Layer from, Dl4jLayers.Pair pair, NetworkState state) {
        BoundLayer bound = pair.bound();
        Map<String, String> blocks = gated(bound);
        blocks.forEach((theirs, ours) -> takeGates(from.getParam(theirs), values(state, bound, ours)));
        if (blocks.isEmpty() && !bound.parameters().isEmpty()) {
            INDArray weight = from.getParam("W");
            int[] shape = bound.parameter("weight").shape();
            INDArray ours = weight;
            if (weight.rank() == 2) ours = weight.transpose();
            else if (bound.layer() instanceof io.tidemark.net.network.Layer.Conv1d) {
                ours = weight.reshape(weight.ordering(), shape[2], shape[1], shape[0])
                        .permute(2, 1, 0);
            }
            put(ours, values(state, bound, "weight"));
            put(from.getParam("b"), values(state, bound, "bias"));
        }
    }

    private static void put(INDArray from, float[] to) {
        System.arraycopy(from.dup('c').data().asFloat(), 0, to, 0, to.length);
    }

    /**
     * The blocks of an LSTM's gates, Deeplearning4j's name to Tidemark's, of both directions where there are two; empty for another
     * layer.
     */
    private static Map<String, String> gated(BoundLayer bound) {
        Map<String, String> blocks = new LinkedHashMap<>();
        if (bound.layer() instanceof io.tidemark.net.network.Layer.Lstm) {
            gated("", "", blocks);
        } else if (bound.layer() instanceof io.tidemark.net.network.Layer.BidirectionalLstm) {
            List<BoundLayer.Parameter> parameters = bound.parameters();
            gated("f", prefix(parameters.get(0)), blocks);
            gated("b", prefix(parameters.get(parameters.size() / 2)), blocks);
        }
        return blocks;
    }

    private static void gated(String theirs, String ours, Map<String, String> blocks) {
        blocks.put(theirs + "W", ours + "weight_ih");
        blocks.put(theirs + "RW", ours + "weight_hh");
        blocks.put(theirs + "b", ours + "bias");
    }

    private static void takeGates(INDArray from, float[] ours) {
        float[] ordered = new float[ours.length];
        put(from.rank() < 2 ? from : from.transpose(), ordered);
        int block = ours.length / 4;
        for (int g = 0; g < 4; g++) System.arraycopy(ordered, g * block, ours, GATES[g] * block, block);
    }

    private static void weights(org.deeplearning4j.nn.api.Layer into, Dl4jLayers.Pair pair, NetworkState state) {
        BoundLayer bound = pair.bound();
        Map<String, String> blocks = gated(bound);
        blocks.forEach((theirs, ours) -> into.setParam(theirs, gates(bound, ours, state)));
        if (blocks.isEmpty() && !bound.parameters().isEmpty()) {
            String of = bound.layer() instanceof Latent.Gaussian ? "mean_" : "";
            float[] weight = values(state, bound, of + "weight");
            INDArray target = into.getParam("W");
            int[] shape = bound.parameter(of + "weight").shape();
            if (target.rank() == 2) target.assign(transposed(weight, shape));
            else if (bound.layer() instanceof io.tidemark.net.network.Layer.Conv1d) kernels(weight, shape, target);
            else target.assign(Nd4j.create(weight).reshape('c', target.shape()));
            into.getParam("b")
                    .assign(Nd4j.create(values(state, bound, of + "bias"))
                            .reshape(into.getParam("b").shape()));
        }
    }

    /**
     * Deeplearning4j declares the kernels of a one-dimensional convolution as {@code [out, in, tap, 1]} and reads the same memory as {@code
     * [tap, in, out]}.
     */
    private static void kernels(float[] weight, int[] shape, INDArray target) {
        INDArray read = Nd4j.create(weight)
                .reshape('c', shape[0], shape[1], shape[2])
                .permute(2, 1, 0)
                .dup(target.ordering());
        target.assign(read.reshape(target.ordering(), target.shape()));
    }

    /** What stands before {@code weight_ih} in a parameter's name. */
    private static String prefix(BoundLayer.Parameter parameter) {
        String name = parameter.name().substring(parameter.name().lastIndexOf('/') + 1);
        return name.substring(0, name.indexOf("weight_ih"));
    }

    private static INDArray gates(BoundLayer bound, String suffix, NetworkState state) {
        float[] ours = values(state, bound, suffix);
        int block = ours.length / 4;
        float[] ordered = new float[ours.length];
        for (int g = 0; g < 4; g++) System.arraycopy(ours, GATES[g] * block, ordered, g * block, block);
        return transposed(ordered, bound.parameter(suffix).shape());
    }

    private static float[] values(NetworkState state, BoundLayer bound, String suffix) {
        return state.tensor(bound.parameter(suffix).name()).values();
    }

    /** {@code [in, out]} of {@code [out, in…]}. */
    private static INDArray transposed(float[] values, int[] shape) {
        int out = shape[0];
        return Nd4j.create(values)
                .reshape('c', out, values.length / out)
                .transpose()
                .dup();
    }
}
