package io.tidemark.net.network;

import io.tidemark.net.network.BoundLayer.Initial;
import java.util.Arrays;

/** Shapes, parameters and costs of {@link Attention}. */
final class AttentionBinding implements Attention.Cases<int[]> {
    /** The most features that look at each other: their pairs are kept for every sample. */
    private static final int FEATURES_LIMIT = 512;

    private final BindingScope binding;
    /** What arrives. */
    private final int[] shape;

    AttentionBinding(BindingScope binding) {
        this.binding = binding;
        this.shape = binding.shape();
    }

    @Override
    public int[] layerNorm(Attention.LayerNorm layer) {
        if (shape.length > 2) {
            binding.problem("needs an input of [feature] or [step, feature], but gets " + Arrays.toString(shape)
                    + "; take batch-norm, or put flatten before it");
        }
        int[] size = {shape[shape.length - 1]};
        binding.parameter("weight", size, Initial.ONE, 1, 1);
        binding.parameter("bias", size, Initial.ZERO, 1, 1);
        binding.costs(2L * BoundLayer.size(shape), 0);
        return shape;
    }

    @Override
    public int[] self(Attention.SelfAttention layer) {
        binding.requireSteps();
        int steps = shape[0];
        int features = shape[shape.length - 1];
        requireHeads(layer.heads(), features);
        binding.parameter("qkv_weight", new int[] {3 * features, features}, Initial.XAVIER, features, features);
        binding.parameter("qkv_bias", new int[] {3 * features}, Initial.ZERO, features, features);
        binding.parameter("out_weight", new int[] {features, features}, Initial.XAVIER, features, features);
        binding.parameter("out_bias", new int[] {features}, Initial.ZERO, features, features);
        binding.costs(
                4L * steps * features * features + 2L * steps * steps * features,
                4L * steps * features + 2L * layer.heads() * steps * steps);
        return new int[] {steps, features};
    }

    @Override
    public int[] cross(Attention.CrossAttention layer) {
        binding.requireSteps();
        int steps = shape[0];
        int features = shape[shape.length - 1];
        int[] from = binding.marked(layer.from());
        if (from.length != 2) {
            binding.problem("looks at " + layer.from() + " of shape " + Arrays.toString(from)
                    + ", but needs [step, feature]; put the mark before flatten or last-step");
        }
        requireHeads(layer.heads(), features);
        int told = from[from.length - 1];
        binding.parameter("q_weight", new int[] {features, features}, Initial.XAVIER, features, features);
        binding.parameter("q_bias", new int[] {features}, Initial.ZERO, features, features);
        binding.parameter("kv_weight", new int[] {2 * features, told}, Initial.XAVIER, told, features);
        binding.parameter("kv_bias", new int[] {2 * features}, Initial.ZERO, told, features);
        binding.parameter("out_weight", new int[] {features, features}, Initial.XAVIER, features, features);
        binding.parameter("out_bias", new int[] {features}, Initial.ZERO, features, features);
        binding.costs(
                2L * steps * features * features + 2L * from[0] * told * features + 2L * steps * from[0] * features,
                2L * steps * features + 2L * from[0] * features + 2L * layer.heads() * steps * from[0]);
        return new int[] {steps, features};
    }

    @Override
    public int[] graph(Attention.GraphAttention layer) {
        binding.requireSteps();
        int steps = shape[0];
        int features = shape[shape.length - 1];
        if (features > FEATURES_LIMIT) {
            binding.problem("looks at pairs of at most " + FEATURES_LIMIT + " features, but gets " + features
                    + "; split the stream, or take dense");
        }
        int units = binding.units(layer.units(), features);
        binding.parameter("embedding", new int[] {features, units}, Initial.XAVIER, 1, units);
        binding.parameter("weight", new int[] {units, steps}, Initial.XAVIER, steps, units);
        binding.parameter("attention", new int[] {4, units}, Initial.XAVIER, 4 * units, 1);
        long pairs = (long) features * Math.min(features, layer.neighbours() + 1);
        binding.costs(
                (long) features * steps * units + 4L * features * units + pairs * units,
                2L * features * units + 3L * features * features);
        return new int[] {features, 2 * units};
    }

    @Override
    public int[] position(Attention.Position layer) {
        binding.requireSteps();
        return shape;
    }

    private void requireHeads(int heads, int features) {
        if (features % heads == 0) return;
        binding.problem("has " + heads + " heads, which do not divide " + features
                + " features; put dense before it, or take another number");
    }
}
