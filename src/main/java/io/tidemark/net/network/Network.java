package io.tidemark.net.network;

import io.tidemark.config.Sha256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A network spec bound to a sample shape: every layer's shape is known and checked. Made by {@link NetworkSpec#bind}.
 *
 * @param spec the declared architecture
 * @param features values in a row; in [1, 4096], of an image all its values
 * @param inputs named inputs without the sample dimension, such as {@code window [64, 1]}, of an image {@code window
 *     [channel, row, column]}
 * @param outputs named outputs without the sample dimension: {@code reconstruction} of the input's shape, {@code quantiles
 *     [horizon, feature, quantile]}, ascending along the last dimension, or {@code logits [1, row, column]}
 * @param targets the shape of each output's target: the output's own, for quantiles {@code [horizon, feature]}
 * @param layers first to last, with shapes and parameters
 */
public record Network(
        NetworkSpec spec,
        int features,
        List<Port> inputs,
        List<Port> outputs,
        List<Port> targets,
        List<BoundLayer> layers) {

    /** The input every network has: scaled rows, oldest first, {@code [step, feature]}, or an image. */
    public static final String WINDOW = "window";

    /** The output of an autoencoder. */
    public static final String RECONSTRUCTION = "reconstruction";

    /** The output of a segmenter. */
    public static final String LOGITS = "logits";

    /** The output of a forecaster. */
    public static final String QUANTILES = "quantiles";

    /** The second output of a network that gives its code, see {@link Encoder#givingCode}. */
    public static final String CODE = "code";

    /**
     * @param name what engines and callers call it
     * @param shape sizes without the sample dimension, outermost first
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Port(String name, int[] shape) {
        /** Floats of one sample. */
        public int size() {
            return BoundLayer.size(shape);
        }
    }

    public Network {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        targets = List.copyOf(targets);
        layers = List.copyOf(layers);
    }

    public TrainingSpec training() {
        return spec.training();
    }

    /** The same network trained otherwise; its weights keep their meaning. */
    public Network withTraining(TrainingSpec other) {
        return new Network(spec.withTraining(other), features, inputs, outputs, targets, layers);
    }

    /**
     * Whether a score's outputs are the logistic function of what the last layer gives: of an autoencoder that is trained by
     * binary cross-entropy, so that its reconstruction lies in (0, 1).
     */
    public boolean reconstructsByLogistic() {
        return spec.kind() == NetworkSpec.Kind.AUTOENCODER
                && training().objective().loss() == TrainingSpec.Loss.BINARY_CROSS_ENTROPY;
    }

    /** Every trained tensor, in the order of the layers. */
    public List<BoundLayer.Parameter> parameters() {
        List<BoundLayer.Parameter> parameters = new ArrayList<>();
        for (BoundLayer layer : layers) parameters.addAll(layer.parameters());
        return parameters;
    }

    /** Every running statistic, in the order of the layers; they follow the batches and are not trained. */
    public List<BoundLayer.Parameter> running() {
        List<BoundLayer.Parameter> running = new ArrayList<>();
        for (BoundLayer layer : layers) running.addAll(layer.running());
        return running;
    }

    /** Trained numbers in all. */
    public long parameterCount() {
        return parameters().stream().mapToLong(BoundLayer.Parameter::size).sum();
    }

    /** Multiplications with an addition to score one sample. */
    public long multiplyAdds() {
        return layers.stream().mapToLong(BoundLayer::multiplyAdds).sum();
    }

    /** Floats between the layers, for one sample, that scoring holds at most: input and every layer's output. */
    public long scoringFloats() {
        long floats = inputs.get(0).size();
        for (BoundLayer layer : layers) floats += layer.outputSize();
        return floats;
    }

    /**
     * Floats, for one sample, that a training step holds: outputs of the layers with what they keep inside, as much again for
     * their gradients, and target and weight.
     */
    public long trainingFloats() {
        long floats = scoringFloats();
        for (BoundLayer layer : layers) floats += layer.innerFloats();
        return 2 * floats + 2L * targets.get(0).size();
    }

    /**
     * Memory of a scoring replica: weights, and {@link #scoringFloats} for each sample. An estimate that leaves out what a library
     * takes for itself.
     */
    public long scoringBytes(int batch) {
        return Float.BYTES * (parameterCount() + batch * scoringFloats());
    }

    /** Memory of a training replica: weights, gradients and the optimiser's state, and {@link #trainingFloats} for each sample. */
    public long trainingBytes(int batch) {
        long copies = 2 + training().optimisation().optimiser().stateArrays();
        return Float.BYTES * (copies * parameterCount() + batch * trainingFloats());
    }

    /**
     * What gives the weights their meaning, one line for each fact: kind, sizes and layers. The name and the training set-up are
     * left out, so that renaming a network or changing its learning rate keeps its weights.
     */
    public String canonical() {
        StringBuilder text = new StringBuilder("tidemark network 1\n");
        text.append("kind ").append(spec.kind()).append('\n');
        if (spec.input() == NetworkSpec.Input.IMAGE) {
            text.append("image ").append(Arrays.toString(inputs.get(0).shape())).append('\n');
        }
        if (reconstructsByLogistic()) text.append("reconstructs by logistic\n");
        if (spec.normalisation().changes()) {
            text.append("normalise ").append(spec.normalisation().level());
            text.append(" by ").append(spec.normalisation().scale()).append('\n');
        }
        text.append("window ").append(spec.window()).append('\n');
        text.append("features ").append(features).append('\n');
        text.append("horizon ").append(spec.forecast().horizon()).append('\n');
        text.append("quantiles ").append(spec.forecast().quantiles()).append('\n');
        for (BoundLayer layer : layers) {
            text.append("layer ").append(layer.settings());
            text.append(" to ").append(Arrays.toString(layer.output())).append('\n');
        }
        return text.toString();
    }

    /** sha256 of {@link #canonical}, hexadecimal; a saved state names it and loads into no other network. */
    public String hash() {
        return Sha256.hex(canonical());
    }

    /** Settings that the shapes do not show. */
    static final class CanonicalSettings implements Layer.Cases<String> {
        @Override
        public String flatten(Layer.Flatten layer) {
            return "";
        }

        @Override
        public String dense(Layer.Dense layer) {
            return " " + layer.activation();
        }

        @Override
        public String activate(Layer.Activate layer) {
            return " " + layer.activation();
        }

        @Override
        public String lstm(Layer.Lstm layer) {
            return "";
        }

        @Override
        public String lastStep(Layer.LastStep layer) {
            return "";
        }

        @Override
        public String repeat(Layer.Repeat layer) {
            return "";
        }

        @Override
        public String reshape(Layer.Reshape layer) {
            return "";
        }

        @Override
        public String dropout(Layer.Dropout layer) {
            return " " + layer.rate();
        }

        @Override
        public String gaussianNoise(Layer.GaussianNoise layer) {
            return " " + layer.standardDeviation();
        }

        @Override
        public String conv1d(Layer.Conv1d layer) {
            return " " + layer.kernel() + " " + layer.stride() + " " + layer.dilation() + " " + layer.before() + " "
                    + layer.after() + " " + layer.activation();
        }

        @Override
        public String conv2d(Layer.Conv2d layer) {
            return " " + layer.kernel() + " " + layer.stride() + " " + layer.padding() + " " + layer.activation();
        }

        @Override
        public String upsample(Resampling.Upsample layer) {
            return " " + layer.factor();
        }

        @Override
        public String pool(Resampling.Pool layer) {
            return " " + layer.kind() + " " + layer.size();
        }

        @Override
        public String bidirectionalLstm(Layer.BidirectionalLstm layer) {
            return "";
        }

        @Override
        public String batchNorm(Layer.BatchNorm layer) {
            return "";
        }

        @Override
        public String attention(Attention layer) {
            return layer.match(new AttentionSettings());
        }

        @Override
        public String diffusion(Diffusion layer) {
            if (layer instanceof Diffusion.NoiseLevels levels) return " " + levels.text();
            return layer instanceof Diffusion.Denoised denoised ? " " + denoised.from() : "";
        }

        @Override
        public String monteCarlo(MonteCarlo layer) {
            return layer instanceof MonteCarlo.Dropout dropout ? " " + dropout.rate() : "";
        }

        @Override
        public String discriminator(Discriminator layer) {
            return " " + layer.units() + " " + layer.weight() + " " + layer.from();
        }

        @Override
        public String recurrence(Recurrence layer) {
            return "";
        }

        @Override
        public String neurons(Neurons layer) {
            return " " + layer.match(new NeuronSettings());
        }

        @Override
        public String filters(Filters layer) {
            return " " + layer.match(new FilterSettings());
        }

        @Override
        public String hidden(Hidden layer) {
            return " " + layer.share() + " " + layer.block();
        }

        @Override
        public String l1Activity(Latent.L1Activity layer) {
            return " " + layer.weight();
        }

        @Override
        public String gaussianLatent(Latent.Gaussian layer) {
            return " " + layer.weight();
        }

        @Override
        public String spaceToDepth(Pixels.SpaceToDepth layer) {
            return " " + layer.factor();
        }

        @Override
        public String depthToSpace(Pixels.DepthToSpace layer) {
            return " " + layer.factor();
        }

        @Override
        public String mark(Wiring.Mark layer) {
            return " " + layer.name();
        }

        @Override
        public String skip(Wiring.Skip layer) {
            return " " + layer.from() + " " + layer.join();
        }

        @Override
        public String perFeature(PerFeature layer) {
            return "";
        }

        @Override
        public String unflatten(Wiring.Unflatten layer) {
            return "";
        }
    }

    private static final class AttentionSettings implements Attention.Cases<String> {
        @Override
        public String self(Attention.SelfAttention layer) {
            return " " + layer.heads() + (layer.causal() ? " causal" : "");
        }

        @Override
        public String cross(Attention.CrossAttention layer) {
            return " " + layer.heads() + " " + layer.from();
        }

        @Override
        public String graph(Attention.GraphAttention layer) {
            return " " + layer.neighbours();
        }

        @Override
        public String position(Attention.Position layer) {
            return "";
        }

        @Override
        public String layerNorm(Attention.LayerNorm layer) {
            return "";
        }
    }

    private static final class NeuronSettings implements Neurons.Cases<String> {
        @Override
        public String prelu(Neurons.Prelu layer) {
            return "";
        }

        @Override
        public String maxout(Neurons.Maxout layer) {
            return String.valueOf(layer.pieces());
        }

        @Override
        public String radial(Neurons.Radial layer) {
            return "";
        }

        @Override
        public String dropConnect(Neurons.DropConnect layer) {
            return layer.rate() + " " + layer.activation();
        }

        @Override
        public String tied(Neurons.Tied layer) {
            return layer.from() + " " + layer.activation();
        }
    }

    private static final class FilterSettings implements Filters.Cases<String> {
        @Override
        public String separable1d(Filters.Separable1d layer) {
            return new CanonicalSettings().conv1d(layer.like());
        }

        @Override
        public String separable2d(Filters.Separable2d layer) {
            return new CanonicalSettings().conv2d(layer.like());
        }

        @Override
        public String transposed(Filters.Transposed layer) {
            return layer.kernel() + " " + layer.stride() + " " + layer.padding() + " " + layer.activation();
        }
    }
}
