package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.tidemark.net.engine.HiddenBlocks;
import io.tidemark.net.engine.RunningStatistics;
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
import io.tidemark.net.network.Wiring;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Walks a network's layers and gives the PyTorch operation of each. A layer that changes nothing gives none. */
final class Translation implements Layer.Cases<Operation> {
    private static final Operation SAME = (batch, x) -> x;

    private final NDManager device;
    private final NDManager host;
    private final int capacity;
    private final boolean trains;
    private final RunningStatistics running;
    private final int outputSize;
    private final List<Double> quantiles;
    /** The layer that stands directly behind each mark. */
    private final Map<String, BoundLayer> behind = new HashMap<>();

    private BoundLayer bound;

    private Translation(
            NDManager device,
            NDManager host,
            int capacity,
            boolean trains,
            RunningStatistics running,
            Network network) {
        this.device = device;
        this.host = host;
        this.capacity = capacity;
        this.trains = trains;
        this.running = running;
        this.outputSize = network.outputs().get(0).size();
        this.quantiles = network.spec().forecast().quantiles();
        this.bound = network.layers().get(0);
    }

    /**
     * @param device owns constants, such as frozen biases, as long as the operations are used
     * @param host the same on the CPU
     * @param capacity the most samples of a batch
     * @param trains whether layers act that only training has, such as dropout
     * @param running read while scoring, moved by each batch that taught
     */
    static List<Operation> of(
            Network network,
            NDManager device,
            NDManager host,
            int capacity,
            boolean trains,
            RunningStatistics running) {
        Translation translation = new Translation(device, host, capacity, trains, running, network);
        List<Operation> operations = new ArrayList<>();
        for (BoundLayer layer : network.layers()) {
            if (translation.bound.layer() instanceof Wiring.Mark mark) translation.behind.put(mark.name(), layer);
            translation.bound = layer;
            Operation operation = layer.layer().match(translation);
            if (operation != SAME) operations.add(operation);
            if (layer.index() == Encoder.codeLayer(network)) operations.add(keep(Batch.CODE));
        }
        int[] output = network.outputs().get(0).shape();
        if (!Arrays.equals(output, translation.bound.output())) operations.add(reshape(output));
        return operations;
    }

    @Override
    public Operation flatten(Layer.Flatten layer) {
        return bound.input().length == 1 ? SAME : reshape(bound.output());
    }

    @Override
    public Operation reshape(Layer.Reshape layer) {
        return reshape(bound.output());
    }

    private static Operation reshape(int[] shape) {
        long[] sizes = new long[shape.length + 1];
        for (int i = 0; i < shape.length; i++) sizes[i + 1] = shape[i];
        return (batch, x) -> {
            long[] whole = sizes.clone();
            whole[0] = batch.samples();
            return x.reshape(new Shape(whole));
        };
    }

    @Override
    public Operation dense(Layer.Dense layer) {
        String weight = bound.parameter("weight").name();
        String bias = bound.parameter("bias").name();
        Operation activation = activation(layer.activation());
        return (batch, x) -> activation.apply(batch, linear(batch, x, weight, bias));
    }

    @Override
    public Operation activate(Layer.Activate layer) {
        return activation(layer.activation());
    }

    static Operation activation(io.tidemark.net.network.Activation activation) {
        return switch (activation) {
            case IDENTITY -> SAME;
            case RELU -> (batch, x) -> Activation.relu(x);
            case TANH -> (batch, x) -> x.tanh();
            case SIGMOID -> (batch, x) -> Activation.sigmoid(x);
            case SWISH -> (batch, x) -> x.mul(Activation.sigmoid(x));
            case ELU -> (batch, x) -> Activation.elu(x, 1f);
            case LEAKY_RELU -> (batch, x) -> Activation.leakyRelu(x, 0.01f);
            case SOFTPLUS -> (batch, x) -> Activation.softPlus(x);
        };
    }

    @Override
    public Operation lstm(Layer.Lstm layer) {
        return new RecurrentTranslation(bound, device).lstm();
    }

    @Override
    public Operation bidirectionalLstm(Layer.BidirectionalLstm layer) {
        return new RecurrentTranslation(bound, device).bidirectionalLstm();
    }

    @Override
    public Operation recurrence(Recurrence layer) {
        return new RecurrentTranslation(bound, device).recurrence(layer.kind());
    }

    @Override
    public Operation lastStep(Layer.LastStep layer) {
        int steps = bound.input()[0];
        int features = bound.input()[1];
        return (batch, x) -> {
            NDArray last = JniUtils.slice((PtNDArray) x, 1, steps - 1, steps, 1);
            return last.reshape(new Shape(batch.samples(), features));
        };
    }

    @Override
    public Operation repeat(Layer.Repeat layer) {
        int steps = layer.steps();
        int features = bound.output()[1];
        return (batch, x) -> x.expandDims(1).broadcast(new Shape(batch.samples(), steps, features));
    }

    @Override
    public Operation dropout(Layer.Dropout layer) {
        if (!trains || layer.rate() == 0) return SAME;
        float rate = (float) layer.rate();
        float keep = 1 / (1 - rate);
        Noise noise =
                new Noise(bound, bound.input(), host, capacity, (random, i) -> random.uniform(i) < rate ? 0f : keep);
        return (batch, x) -> x.mul(noise.draw(batch));
    }

    @Override
    public Operation gaussianNoise(Layer.GaussianNoise layer) {
        if (!trains || layer.standardDeviation() == 0) return SAME;
        float deviation = (float) layer.standardDeviation();
        Noise noise = new Noise(bound, bound.input(), host, capacity, (random, i) -> deviation * random.normal(i));
        return (batch, x) -> x.add(noise.draw(batch));
    }

    @Override
    public Operation conv1d(Layer.Conv1d layer) {
        return new FilterTranslation(bound, device).conv1d(layer);
    }

    @Override
    public Operation conv2d(Layer.Conv2d layer) {
        return new FilterTranslation(bound, device).conv2d(layer);
    }

    @Override
    public Operation upsample(Resampling.Upsample layer) {
        int factor = layer.factor();
        if (bound.input().length == 2) return (batch, x) -> x.repeat(1, factor);
        return (batch, x) -> x.repeat(2, factor).repeat(3, factor);
    }

    @Override
    public Operation pool(Resampling.Pool layer) {
        boolean sequence = bound.input().length == 2;
        Shape size = sequence ? new Shape(layer.size()) : new Shape(layer.size(), layer.size());
        Shape padding = sequence ? new Shape(0) : new Shape(0, 0);
        Operation pool = switch (layer.kind()) {
            case MAX -> (batch, x) -> x.getNDArrayInternal().maxPool(size, size, padding, false);
            case MEAN -> (batch, x) -> x.getNDArrayInternal().avgPool(size, size, padding, false, true);
        };
        if (!sequence) return pool;
        return (batch, x) -> pool.apply(batch, x.transpose(0, 2, 1)).transpose(0, 2, 1);
    }

    /** With a momentum of 1 PyTorch leaves the batch's own statistics behind, which then move the running ones. */
    @Override
    public Operation batchNorm(Layer.BatchNorm layer) {
        BoundLayer self = bound;
        String weight = bound.parameter("weight").name();
        String bias = bound.parameter("bias").name();
        Operation normalise = (batch, x) -> {
            NDArray mean = batch.manager().create(running.mean(self));
            NDArray variance = batch.manager().create(running.variance(self));
            if (trains) {
                batch.onAccepted().add(() -> running.move(self, mean.toFloatArray(), variance.toFloatArray()));
            }
            return JniUtils.batchNorm(
                    (PtNDArray) x,
                    (PtNDArray) mean,
                    (PtNDArray) variance,
                    (PtNDArray) batch.parameter(weight),
                    (PtNDArray) batch.parameter(bias),
                    trains,
                    1,
                    Layer.BatchNorm.EPSILON);
        };
        if (bound.input().length != 2) return normalise;
        return (batch, x) -> normalise.apply(batch, x.transpose(0, 2, 1)).transpose(0, 2, 1);
    }

    @Override
    public Operation attention(Attention layer) {
        return layer.match(new AttentionTranslation(bound, device));
    }

    @Override
    public Operation diffusion(Diffusion layer) {
        return layer.match(new DiffusionTranslation(bound, device, host, capacity, trains));
    }

    @Override
    public Operation monteCarlo(MonteCarlo layer) {
        return layer.match(new MonteCarloTranslation(bound, quantiles, device, host, capacity, trains));
    }

    @Override
    public Operation discriminator(Discriminator layer) {
        DiscriminatorTranslation translation = new DiscriminatorTranslation(bound, layer);
        return trains ? translation.whileTraining() : translation.whileScoring();
    }

    @Override
    public Operation neurons(Neurons layer) {
        BoundLayer tiedTo =
                layer instanceof Neurons.Tied tied ? Objects.requireNonNull(behind.get(tied.from())) : bound;
        return layer.match(new NeuronTranslation(bound, tiedTo, host, trains));
    }

    @Override
    public Operation filters(Filters layer) {
        return layer.match(new FilterTranslation(bound, device));
    }

    @Override
    public Operation hidden(Hidden layer) {
        HiddenBlocks blocks = new HiddenBlocks(layer, bound.input());
        if (trains) {
            Noise noise = new Noise(bound, bound.input(), host, capacity, blocks::whileTraining);
            return (batch, x) -> x.mul(noise.draw(batch));
        }
        if (bound.input().length == 3) return SAME;
        float[] factors = new float[bound.inputSize()];
        for (int i = 0; i < factors.length; i++) factors[i] = blocks.whileScoring(i);
        NDArray mask = device.create(factors, new Shape(1, bound.input()[0], bound.input()[1]));
        return (batch, x) -> x.mul(mask);
    }

    static NDArray linear(Batch batch, NDArray x, String weight, String bias) {
        return x.getNDArrayInternal()
                .linear(x, batch.parameter(weight), batch.parameter(bias))
                .get(0);
    }

    @Override
    public Operation perFeature(PerFeature layer) {
        String weight = bound.parameter("weight").name();
        String bias = bound.parameter("bias").name();
        int steps = bound.input()[0];
        int horizon = bound.output()[0];
        int features = bound.output()[1];
        int quantiles = bound.output()[2];
        return (batch, x) -> {
            NDArray maps = batch.parameter(weight)
                    .reshape(horizon, features, quantiles, steps)
                    .transpose(1, 3, 0, 2)
                    .reshape(features, steps, horizon * quantiles);
            NDArray columns = x.reshape(batch.samples(), steps, features).transpose(2, 0, 1);
            return columns.matMul(maps)
                    .reshape(features, batch.samples(), horizon, quantiles)
                    .transpose(1, 2, 0, 3)
                    .add(batch.parameter(bias).reshape(1, horizon, features, quantiles));
        };
    }

    @Override
    public Operation l1Activity(Latent.L1Activity layer) {
        if (!trains || layer.weight() == 0) return SAME;
        return (batch, x) -> {
            batch.terms().add(x.abs().mean().mul(layer.weight()));
            return x;
        };
    }

    @Override
    public Operation gaussianLatent(Latent.Gaussian layer) {
        List<String> names =
                bound.parameters().stream().map(BoundLayer.Parameter::name).toList();
        Operation mean = (batch, x) -> linear(batch, x, names.get(0), names.get(1));
        if (!trains) return mean;
        Noise noise = new Noise(bound, bound.output(), host, capacity, (random, i) -> random.normal(i));
        double share = layer.weight() / outputSize;
        return (batch, x) -> {
            NDArray middle = mean.apply(batch, x);
            NDArray logVariance = linear(batch, x, names.get(2), names.get(3));
            NDArray divergence = middle.square()
                    .add(logVariance.exp())
                    .sub(1)
                    .sub(logVariance)
                    .sum();
            batch.terms().add(divergence.mul(0.5 * share / batch.samples()));
            return middle.add(logVariance.mul(0.5f).exp().mul(noise.draw(batch)));
        };
    }

    @Override
    public Operation spaceToDepth(Pixels.SpaceToDepth layer) {
        int f = layer.factor();
        int[] in = bound.input();
        int[] out = bound.output();
        return (batch, x) -> x.reshape(batch.samples(), in[0], out[1], f, out[2], f)
                .transpose(0, 1, 3, 5, 2, 4)
                .reshape(batch.samples(), out[0], out[1], out[2]);
    }

    @Override
    public Operation depthToSpace(Pixels.DepthToSpace layer) {
        int f = layer.factor();
        int[] in = bound.input();
        int[] out = bound.output();
        return (batch, x) -> x.reshape(batch.samples(), out[0], f, f, in[1], in[2])
                .transpose(0, 1, 4, 2, 5, 3)
                .reshape(batch.samples(), out[0], out[1], out[2]);
    }

    @Override
    public Operation mark(Wiring.Mark layer) {
        return keep(layer.name());
    }

    private static Operation keep(String mark) {
        return (batch, x) -> {
            batch.marks().put(mark, x);
            return x;
        };
    }

    @Override
    public Operation unflatten(Wiring.Unflatten layer) {
        return reshape(bound.output());
    }

    @Override
    public Operation skip(Wiring.Skip layer) {
        int axis = bound.output().length == 3 ? 1 : -1;
        return switch (layer.join()) {
            case ADD -> (batch, x) -> x.add(batch.marked(layer.from()));
            case MULTIPLY -> (batch, x) -> x.mul(batch.marked(layer.from()));
            case CONCAT -> (batch, x) -> x.concat(batch.marked(layer.from()), axis);
        };
    }
}
