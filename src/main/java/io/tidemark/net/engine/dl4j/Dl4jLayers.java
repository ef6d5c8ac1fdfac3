package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Latent;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Resampling;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A network's layers as Deeplearning4j's own, which give the same outputs; layers that have no counterpart are named. */
final class Dl4jLayers {
    private final Network network;
    private final List<Pair> pairs = new ArrayList<>();
    private final List<String> unsupported = new ArrayList<>();
    private boolean flat;

    /**
     * @param layer as Deeplearning4j declares it
     * @param bound what its weights come from
     */
    record Pair(org.deeplearning4j.nn.conf.layers.Layer layer, BoundLayer bound) {}

    Dl4jLayers(Network network) {
        this.network = network;
        int last = network.layers().size() - 1;
        while (last > 0 && keepsOrder(network.layers().get(last))) last--;
        for (int i = 0; i <= last; i++) {
            BoundLayer bound = network.layers().get(i);
            if (idle(bound.layer()) || add(bound, i == last)) continue;
            unsupported.add("layer " + bound.index() + " (" + bound.layer().word() + ") of network "
                    + network.spec().name() + " has no counterpart in Deeplearning4j that gives the same");
        }
    }

    List<Pair> pairs() {
        return pairs;
    }

    List<String> unsupported() {
        return unsupported;
    }

    InputType input() {
        int[] shape = network.inputs().get(0).shape();
        if (flat) return InputType.feedForward(network.inputs().get(0).size());
        return shape.length == 3
                ? InputType.convolutional(shape[1], shape[2], shape[0])
                : InputType.recurrent(shape[1], shape[0]);
    }

    /** Whether a layer at the end only gives a vector another shape. */
    private static boolean keepsOrder(BoundLayer bound) {
        boolean reshapes = bound.layer() instanceof Layer.Flatten || bound.layer() instanceof Layer.Reshape;
        return reshapes && bound.input().length == 1;
    }

    /** Whether it does nothing in scoring. */
    private static boolean idle(Layer layer) {
        return layer instanceof Layer.Dropout
                || layer instanceof Layer.GaussianNoise
                || layer instanceof Latent.L1Activity;
    }

    private boolean add(BoundLayer bound, boolean last) {
        Layer layer = bound.layer();
        int units = bound.output()[bound.output().length - 1];
        if (layer instanceof Layer.Flatten) {
            if (pairs.isEmpty()) flat = true;
            return pairs.isEmpty() || bound.input().length != 2;
        }
        if (layer instanceof Layer.Dense dense) return dense(bound, dense, units, last);
        if (layer instanceof Latent.Gaussian && !last) {
            return pair(
                    new DenseLayer.Builder()
                            .nOut(units)
                            .activation(Activation.IDENTITY)
                            .build(),
                    bound);
        }
        if (layer instanceof Layer.Lstm) return pair(lstm(units), bound);
        if (layer instanceof Layer.BidirectionalLstm) {
            return pair(new Bidirectional(Bidirectional.Mode.CONCAT, lstm(units / 2)), bound);
        }
        if (layer instanceof Layer.LastStep) return lastStep(bound);
        if (layer instanceof Layer.Repeat repeat) {
            return pair(new RepeatVector.Builder(repeat.steps()).build(), bound);
        }
        if (layer instanceof Layer.Conv1d conv) return conv1d(bound, conv, units);
        if (layer instanceof Layer.Conv2d conv) return conv2d(bound, conv);
        if (layer instanceof Resampling.Upsample upsample && bound.input().length == 3) {
            return pair(new Upsampling2D.Builder(upsample.factor()).build(), bound);
        }
        if (layer instanceof Resampling.Pool pool && bound.input().length == 3) {
            SubsamplingLayer.PoolingType type = pool.kind() == Resampling.Pool.Kind.MAX
                    ? SubsamplingLayer.PoolingType.MAX
                    : SubsamplingLayer.PoolingType.AVG;
            int[] size = {pool.size(), pool.size()};
            return pair(new SubsamplingLayer.Builder(type, size, size).build(), bound);
        }
        if (layer instanceof Layer.Activate activate) {
            return pair(new ActivationLayer(activation(activate.activation())), bound);
        }
        return false;
    }

    private boolean pair(org.deeplearning4j.nn.conf.layers.Layer layer, BoundLayer bound) {
        pairs.add(new Pair(layer, bound));
        return true;
    }

    private boolean dense(BoundLayer bound, Layer.Dense dense, int units, boolean last) {
        if (bound.input().length == 3) return false;
        Activation function = activation(dense.activation());
        if (last && network.reconstructsByLogistic()) function = Activation.SIGMOID;
        LossFunction loss = function == Activation.SIGMOID ? LossFunction.XENT : LossFunction.MSE;
        if (!last) {
            return pair(
                    new DenseLayer.Builder().nOut(units).activation(function).build(), bound);
        }
        return bound.output().length == 2
                ? pair(
                        new RnnOutputLayer.Builder(loss)
                                .nOut(units)
                                .activation(function)
                                .build(),
                        bound)
                : pair(
                        new OutputLayer.Builder(loss)
                                .nOut(units)
                                .activation(function)
                                .build(),
                        bound);
    }

    /** The library's layer for it knows recurrent layers only; behind a convolution the steps before are cropped. */
    private boolean lastStep(BoundLayer bound) {
        if (pairs.isEmpty()) return false;
        Pair before = pairs.get(pairs.size() - 1);
        if (before.layer() instanceof Convolution1DLayer) {
            return pair(new Cropping1D(bound.input()[0] - 1, 0), bound);
        }
        boolean steps = before.layer() instanceof LSTM || before.layer() instanceof Bidirectional;
        if (steps) pairs.set(pairs.size() - 1, new Pair(new LastTimeStep(before.layer()), before.bound()));
        return steps;
    }

    private boolean conv1d(BoundLayer bound, Layer.Conv1d conv, int units) {
        boolean causal =
                conv.stride() == 1 && conv.after() == 0 && conv.before() == (conv.kernel() - 1) * conv.dilation();
        if (!causal) return false;
        return pair(
                new Convolution1DLayer.Builder(conv.kernel())
                        .convolutionMode(ConvolutionMode.Causal)
                        .dilation(conv.dilation())
                        .nOut(units)
                        .activation(activation(conv.activation()))
                        .build(),
                bound);
    }

    private boolean conv2d(BoundLayer bound, Layer.Conv2d conv) {
        return pair(
                new ConvolutionLayer.Builder(conv.kernel(), conv.kernel())
                        .stride(conv.stride(), conv.stride())
                        .padding(conv.padding(), conv.padding())
                        .convolutionMode(ConvolutionMode.Truncate)
                        .nOut(bound.output()[0])
                        .activation(activation(conv.activation()))
                        .build(),
                bound);
    }

    static LSTM lstm(int units) {
        return new LSTM.Builder().nOut(units).activation(Activation.TANH).build();
    }

    static Activation activation(io.tidemark.net.network.Activation activation) {
        return switch (activation) {
            case IDENTITY -> Activation.IDENTITY;
            case RELU -> Activation.RELU;
            case TANH -> Activation.TANH;
            case SIGMOID -> Activation.SIGMOID;
            case SWISH -> Activation.SWISH;
            case ELU -> Activation.ELU;
            case LEAKY_RELU -> Activation.LEAKYRELU;
            case SOFTPLUS -> Activation.SOFTPLUS;
        };
    }
}
