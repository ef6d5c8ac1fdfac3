package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Resampling;
import io.tidemark.net.network.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A network out of Deeplearning4j's own layers, to measure {@link Dl4jEngine} against. Dense and recurrent networks, and
 * two-dimensional convolutions; the losses are the library's nearest ones (squared error for a smooth L1, absolute
 * error for quantiles).
 */
final class BareLayers {
    private final Network network;
    private final List<org.deeplearning4j.nn.conf.layers.Layer> layers = new ArrayList<>();

    private BareLayers(Network network) {
        this.network = network;
    }

    /** Nothing when one of its layers has no counterpart here. */
    static Optional<MultiLayerConfiguration> of(Network network) {
        BareLayers translated = new BareLayers(network);
        int last = network.layers().size() - 1;
        while (last >= 0 && reshapes(network.layers().get(last).layer())) last--;
        for (int i = 0; i <= last; i++) {
            if (!translated.add(network.layers().get(i), i == last)) return Optional.empty();
        }
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(network.training().optimisation().learningRate()))
                .list();
        for (org.deeplearning4j.nn.conf.layers.Layer layer : translated.layers) list.layer(layer);
        return Optional.of(list.setInputType(input(network)).build());
    }

    private static boolean reshapes(Layer layer) {
        return layer instanceof Layer.Flatten || layer instanceof Layer.Reshape;
    }

    private static InputType input(Network network) {
        int[] shape = network.inputs().get(0).shape();
        if (shape.length == 3) return InputType.convolutional(shape[1], shape[2], shape[0]);
        return flattensFirst(network)
                ? InputType.feedForward(network.inputs().get(0).size())
                : InputType.recurrent(shape[1], shape[0]);
    }

    /** Whether a window enters as a vector. */
    static boolean flattensFirst(Network network) {
        for (BoundLayer layer : network.layers()) {
            if (layer.layer() instanceof Layer.GaussianNoise || layer.layer() instanceof Layer.Dropout) continue;
            return layer.layer() instanceof Layer.Flatten;
        }
        return false;
    }

    private boolean add(BoundLayer bound, boolean last) {
        Layer layer = bound.layer();
        int units = bound.output()[bound.output().length - 1];
        if (layer instanceof Layer.Flatten) return true;
        if (layer instanceof Layer.Reshape) return bound.output().length == 1;
        if (layer instanceof Layer.Dense dense) {
            Activation function = Dl4jLayers.activation(dense.activation());
            if (last && loss() == LossFunction.XENT) function = Activation.SIGMOID;
            if (!last) {
                layers.add(new DenseLayer.Builder()
                        .nOut(units)
                        .activation(function)
                        .build());
            } else if (bound.output().length == 2) {
                layers.add(new RnnOutputLayer.Builder(loss())
                        .nOut(units)
                        .activation(function)
                        .build());
            } else {
                layers.add(new OutputLayer.Builder(loss())
                        .nOut(units)
                        .activation(function)
                        .build());
            }
        } else if (layer instanceof Layer.Lstm && !last) {
            layers.add(Dl4jLayers.lstm(units));
        } else if (layer instanceof Layer.BidirectionalLstm && !last) {
            layers.add(new Bidirectional(Bidirectional.Mode.CONCAT, Dl4jLayers.lstm(units / 2)));
        } else if (layer instanceof Layer.LastStep && !layers.isEmpty() && recurrent()) {
            layers.add(new LastTimeStep(layers.remove(layers.size() - 1)));
        } else if (layer instanceof Layer.Repeat repeat) {
            layers.add(new RepeatVector.Builder(repeat.steps()).build());
        } else if (layer instanceof Layer.Dropout dropout && !last) {
            layers.add(new DropoutLayer(1 - dropout.rate()));
        } else if (layer instanceof Layer.GaussianNoise noise && !last) {
            layers.add(
                    new DropoutLayer(new org.deeplearning4j.nn.conf.dropout.GaussianNoise(noise.standardDeviation())));
        } else if (layer instanceof Layer.Conv2d convolution) {
            int padding = convolution.padding();
            layers.add(new ConvolutionLayer.Builder(convolution.kernel(), convolution.kernel())
                    .stride(convolution.stride(), convolution.stride())
                    .padding(padding, padding)
                    .convolutionMode(ConvolutionMode.Truncate)
                    .nOut(bound.output()[0])
                    .activation(Dl4jLayers.activation(convolution.activation()))
                    .build());
            if (last) layers.add(new CnnLossLayer.Builder(loss()).build());
        } else if (layer instanceof Resampling.Upsample upsample && bound.input().length == 3 && !last) {
            layers.add(new Upsampling2D.Builder(upsample.factor()).build());
        } else if (layer instanceof Layer.Activate activate && last) {
            layers.add(new LossLayer.Builder(loss())
                    .activation(Dl4jLayers.activation(activate.activation()))
                    .build());
        } else {
            return false;
        }
        return true;
    }

    private boolean recurrent() {
        org.deeplearning4j.nn.conf.layers.Layer before = layers.get(layers.size() - 1);
        return before instanceof LSTM || before instanceof Bidirectional;
    }

    private LossFunction loss() {
        TrainingSpec.Loss loss = network.training().objective().loss();
        if (loss == TrainingSpec.Loss.BINARY_CROSS_ENTROPY) return LossFunction.XENT;
        return loss == TrainingSpec.Loss.QUANTILE || loss == TrainingSpec.Loss.MAE
                ? LossFunction.MEAN_ABSOLUTE_ERROR
                : LossFunction.MSE;
    }
}
