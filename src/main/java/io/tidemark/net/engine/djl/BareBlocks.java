package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.nn.recurrent.LSTM;
import io.tidemark.net.network.Attention;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Latent;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Pixels;
import io.tidemark.net.network.Resampling;
import io.tidemark.net.network.TrainingSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A network out of DJL's own blocks in a {@code SequentialBlock}, as its documentation composes them, to measure {@link DjlEngine}
 * against. Skips, attention and bidirectional LSTMs are not in it: a {@code SequentialBlock} frees what lies between two blocks,
 * and DJL 0.35.1 runs no bidirectional one.
 */
final class BareBlocks {
    private final List<NDArray> terms = new ArrayList<>();
    private boolean training;

    /** The network, or nothing when one of its layers has no counterpart here. */
    Optional<Block> of(Network network) {
        SequentialBlock blocks = new SequentialBlock();
        for (BoundLayer layer : network.layers()) {
            if (!vectors(blocks, layer)
                    && !sequences(blocks, layer)
                    && !images(blocks, layer)
                    && !latent(blocks, layer)) {
                return Optional.empty();
            }
        }
        blocks.add(reshaped(network.outputs().get(0).shape()));
        if (network.training().objective().loss() == TrainingSpec.Loss.BINARY_CROSS_ENTROPY) {
            blocks.add(lambda(x -> training ? x : Activation.sigmoid(x)));
        }
        return Optional.of(blocks);
    }

    /** Begins a batch; training decides whether layers act that only it has. */
    void begin(boolean trains) {
        training = trains;
        terms.clear();
    }

    /** The batch's loss with what its layers add to it. */
    NDArray withTerms(NDArray loss) {
        NDArray whole = loss;
        for (NDArray term : terms) whole = whole.add(term);
        return whole;
    }

    private boolean vectors(SequentialBlock blocks, BoundLayer bound) {
        Layer layer = bound.layer();
        int last = bound.output()[bound.output().length - 1];
        if (layer instanceof Layer.Flatten || layer instanceof Layer.Reshape) {
            blocks.add(reshaped(bound.output()));
        } else if (layer instanceof Layer.Dense dense) {
            blocks.add(Linear.builder().setUnits(last).build());
            activate(blocks, dense.activation());
        } else if (layer instanceof Layer.Activate activate) {
            activate(blocks, activate.activation());
        } else if (layer instanceof Layer.Dropout dropout) {
            blocks.add(Dropout.builder().optRate((float) dropout.rate()).build());
        } else if (layer instanceof Layer.GaussianNoise noise) {
            float deviation = (float) noise.standardDeviation();
            blocks.add(lambda(x -> training ? x.add(noise(x).mul(deviation)) : x));
        } else if (layer instanceof Layer.BatchNorm && bound.input().length != 2) {
            blocks.add(BatchNorm.builder().build());
        } else if (layer instanceof Attention.LayerNorm) {
            blocks.add(LayerNorm.builder().axis(bound.output().length).build());
        } else {
            return false;
        }
        return true;
    }

    private boolean sequences(SequentialBlock blocks, BoundLayer bound) {
        Layer layer = bound.layer();
        int last = bound.output()[bound.output().length - 1];
        if (layer instanceof Layer.Lstm) {
            LSTM.Builder builder = LSTM.builder();
            builder.setStateSize(last).setNumLayers(1).optBatchFirst(true).optReturnState(false);
            blocks.add(builder.build());
        } else if (layer instanceof Layer.LastStep) {
            blocks.add(lambda(x -> x.get(":, -1")));
        } else if (layer instanceof Layer.Repeat repeat) {
            blocks.add(lambda(x -> x.expandDims(1).broadcast(new Shape(x.size(0), repeat.steps(), last))));
        } else if (layer instanceof Layer.Conv1d convolution) {
            convolve(blocks, convolution, last);
        } else if (layer instanceof Resampling.Upsample upsample && bound.input().length == 2) {
            blocks.add(lambda(x -> x.repeat(1, upsample.factor())));
        } else {
            return false;
        }
        return true;
    }

    private boolean images(SequentialBlock blocks, BoundLayer bound) {
        Layer layer = bound.layer();
        if (layer instanceof Layer.Conv2d convolution) {
            int padding = convolution.padding();
            blocks.add(Conv2d.builder()
                    .setKernelShape(new Shape(convolution.kernel(), convolution.kernel()))
                    .setFilters(bound.output()[0])
                    .optStride(new Shape(convolution.stride(), convolution.stride()))
                    .optPadding(new Shape(padding, padding))
                    .build());
            activate(blocks, convolution.activation());
        } else if (layer instanceof Resampling.Upsample upsample) {
            int factor = upsample.factor();
            blocks.add(lambda(x -> x.repeat(2, factor).repeat(3, factor)));
        } else if (layer instanceof Resampling.Pool pool && bound.input().length == 3) {
            Shape size = new Shape(pool.size(), pool.size());
            boolean max = pool.kind() == Resampling.Pool.Kind.MAX;
            blocks.add(max ? Pool.maxPool2dBlock(size, size) : Pool.avgPool2dBlock(size, size));
        } else if (layer instanceof Pixels.SpaceToDepth deeper) {
            int f = deeper.factor();
            int[] in = bound.input();
            int[] out = bound.output();
            blocks.add(lambda(x -> x.reshape(-1, in[0], out[1], f, out[2], f)
                    .transpose(0, 1, 3, 5, 2, 4)
                    .reshape(-1, out[0], out[1], out[2])));
        } else if (layer instanceof Pixels.DepthToSpace wider) {
            int f = wider.factor();
            int[] in = bound.input();
            int[] out = bound.output();
            blocks.add(lambda(x -> x.reshape(-1, out[0], f, f, in[1], in[2])
                    .transpose(0, 1, 4, 2, 5, 3)
                    .reshape(-1, out[0], out[1], out[2])));
        } else {
            return false;
        }
        return true;
    }

    private boolean latent(SequentialBlock blocks, BoundLayer bound) {
        Layer layer = bound.layer();
        if (layer instanceof Latent.L1Activity activity) {
            blocks.add(lambda(x -> {
                if (training) terms.add(x.abs().mean().mul(activity.weight()));
                return x;
            }));
        } else if (layer instanceof Latent.Gaussian latent) {
            int units = bound.output()[0];
            blocks.add(Linear.builder().setUnits(2L * units).build());
            blocks.add(lambda(x -> sampled(x, units, latent.weight())));
        } else {
            return false;
        }
        return true;
    }

    private NDArray sampled(NDArray both, int units, double weight) {
        NDArray mean = both.get(":, :" + units);
        if (!training) return mean;
        NDArray logVariance = both.get(":, " + units + ":");
        NDArray divergence =
                mean.square().add(logVariance.exp()).sub(1).sub(logVariance).mean();
        terms.add(divergence.mul(0.5 * weight));
        return mean.add(logVariance.mul(0.5f).exp().mul(noise(mean)));
    }

    private static NDArray noise(NDArray x) {
        return x.getManager().randomNormal(x.getShape());
    }

    private static void convolve(SequentialBlock blocks, Layer.Conv1d layer, int units) {
        boolean even = layer.before() == layer.after();
        blocks.add(lambda(x -> x.transpose(0, 2, 1)));
        if (!even) blocks.add(lambda(x -> x.pad(new Shape(layer.before(), layer.after()), 0)));
        blocks.add(Conv1d.builder()
                .setKernelShape(new Shape(layer.kernel()))
                .setFilters(units)
                .optStride(new Shape(layer.stride()))
                .optPadding(new Shape(even ? layer.before() : 0))
                .optDilation(new Shape(layer.dilation()))
                .build());
        blocks.add(lambda(x -> x.transpose(0, 2, 1)));
        activate(blocks, layer.activation());
    }

    private static void activate(SequentialBlock blocks, io.tidemark.net.network.Activation activation) {
        switch (activation) {
            case IDENTITY -> {}
            case RELU -> blocks.add(Activation.reluBlock());
            case TANH -> blocks.add(Activation.tanhBlock());
            case SIGMOID -> blocks.add(Activation.sigmoidBlock());
            case SWISH -> blocks.add(Activation.swishBlock(1f));
            case ELU -> blocks.add(Activation.eluBlock(1f));
            case LEAKY_RELU -> blocks.add(Activation.leakyReluBlock(0.01f));
            case SOFTPLUS -> blocks.add(Activation.softPlusBlock());
        }
    }

    private static Block reshaped(int[] shape) {
        long[] whole = new long[shape.length + 1];
        Arrays.setAll(whole, i -> i == 0 ? -1 : shape[i - 1]);
        Shape to = new Shape(whole);
        return lambda(x -> x.reshape(to));
    }

    private static Block lambda(UnaryOperator<NDArray> function) {
        return new LambdaBlock(list -> new NDList(function.apply(list.singletonOrThrow())));
    }
}
