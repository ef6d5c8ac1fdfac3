package io.tidemark.engine.djl;

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
import ai.djl.nn.pooling.Pool;
import ai.djl.nn.recurrent.LSTM;
import io.tidemark.network.BoundLayer;
import io.tidemark.network.Layer;
import io.tidemark.network.Network;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A network out of DJL's own blocks, as its documentation composes them, to measure {@link DjlEngine} against. */
final class BareBlocks {
    private boolean training;

    /** The network, or nothing when one of its layers has no counterpart here. */
    Optional<Block> of(Network network) {
        SequentialBlock blocks = new SequentialBlock();
        for (BoundLayer layer : network.layers()) if (!add(blocks, layer)) return Optional.empty();
        blocks.add(reshaped(network.outputs().get(0).shape()));
        return Optional.of(blocks);
    }

    /** Whether layers act that only training has. */
    void training(boolean trains) {
        training = trains;
    }

    private boolean add(SequentialBlock blocks, BoundLayer bound) {
        Layer layer = bound.layer();
        int last = bound.output()[bound.output().length - 1];
        if (layer instanceof Layer.Flatten || layer instanceof Layer.Reshape) {
            blocks.add(reshaped(bound.output()));
        } else if (layer instanceof Layer.Dense dense) {
            blocks.add(Linear.builder().setUnits(last).build());
            return activate(blocks, dense.activation());
        } else if (layer instanceof Layer.Activate activate) {
            return activate(blocks, activate.activation());
        } else if (layer instanceof Layer.Lstm) {
            blocks.add(recurrent(last, false));
        } else if (layer instanceof Layer.BidirectionalLstm) {
            blocks.add(recurrent(last / 2, true));
        } else if (layer instanceof Layer.LastStep) {
            blocks.add(lambda(x -> x.get(":, -1")));
        } else if (layer instanceof Layer.Repeat repeat) {
            blocks.add(lambda(x -> x.expandDims(1).broadcast(new Shape(x.size(0), repeat.steps(), last))));
        } else if (layer instanceof Layer.Dropout dropout) {
            blocks.add(Dropout.builder().optRate((float) dropout.rate()).build());
        } else if (layer instanceof Layer.GaussianNoise noise) {
            float deviation = (float) noise.standardDeviation();
            blocks.add(lambda(x ->
                    training ? x.add(x.getManager().randomNormal(x.getShape()).mul(deviation)) : x));
        } else if (layer instanceof Layer.Conv1d convolution) {
            return convolve(blocks, convolution, last);
        } else if (layer instanceof Layer.Conv2d convolution) {
            int padding = convolution.padding();
            blocks.add(Conv2d.builder()
                    .setKernelShape(new Shape(convolution.kernel(), convolution.kernel()))
                    .setFilters(bound.output()[0])
                    .optStride(new Shape(convolution.stride(), convolution.stride()))
                    .optPadding(new Shape(padding, padding))
                    .build());
            return activate(blocks, convolution.activation());
        } else if (layer instanceof Layer.Upsample upsample) {
            int factor = upsample.factor();
            boolean sequence = bound.input().length == 2;
            blocks.add(lambda(
                    x -> sequence ? x.repeat(1, factor) : x.repeat(2, factor).repeat(3, factor)));
        } else if (layer instanceof Layer.Pool pool && bound.input().length == 3) {
            Shape size = new Shape(pool.size(), pool.size());
            blocks.add(
                    pool.kind() == Layer.Pool.Kind.MAX
                            ? Pool.maxPool2dBlock(size, size)
                            : Pool.avgPool2dBlock(size, size));
        } else if (layer instanceof Layer.BatchNorm && bound.input().length != 2) {
            blocks.add(BatchNorm.builder().build());
        } else {
            return false;
        }
        return true;
    }

    private static Block recurrent(int units, boolean both) {
        LSTM.Builder builder = LSTM.builder();
        builder.setStateSize(units).setNumLayers(1).optBatchFirst(true).optReturnState(false);
        builder.optBidirectional(both);
        return builder.build();
    }

    private static boolean convolve(SequentialBlock blocks, Layer.Conv1d layer, int units) {
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
        return activate(blocks, layer.activation());
    }

    private static boolean activate(SequentialBlock blocks, io.tidemark.network.Activation activation) {
        switch (activation) {
            case IDENTITY -> {}
            case RELU -> blocks.add(Activation.reluBlock());
            case TANH -> blocks.add(Activation.tanhBlock());
            case SIGMOID -> blocks.add(Activation.sigmoidBlock());
            case SWISH -> blocks.add(Activation.swishBlock(1f));
            case ELU -> blocks.add(Activation.eluBlock(1f));
            case LEAKY_RELU -> blocks.add(Activation.leakyReluBlock(0.01f));
        }
        return true;
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
