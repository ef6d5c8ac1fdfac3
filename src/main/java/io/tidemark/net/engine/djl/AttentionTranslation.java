package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.tidemark.net.engine.Neighbours;
import io.tidemark.net.network.Attention;
import io.tidemark.net.network.BoundLayer;
import java.util.Arrays;

/** The PyTorch operations of attention. */
final class AttentionTranslation implements Attention.Cases<Operation> {
    /** Added to what a step may not look at, so that its share is 0 in float32. */
    private static final float NEVER = -1e9f;

    private final BoundLayer bound;
    private final NDManager device;
    private final int steps;
    private final int features;

    /** @param device owns constants as long as the operations are used */
    AttentionTranslation(BoundLayer bound, NDManager device) {
        this.bound = bound;
        this.device = device;
        this.steps = bound.input()[0];
        this.features = bound.input()[bound.input().length - 1];
    }

    private String name(String suffix) {
        return bound.parameter(suffix).name();
    }

    @Override
    public Operation self(Attention.SelfAttention layer) {
        int width = features / layer.heads();
        String weight = name("qkv_weight");
        String bias = name("qkv_bias");
        String outWeight = name("out_weight");
        String outBias = name("out_bias");
        NDArray mask = device.create(mask(layer.causal()), new Shape(1, 1, steps, steps));
        return (batch, x) -> {
            int n = batch.samples();
            NDArray all = Translation.linear(batch, x, weight, bias);
            NDArray parts = all.reshape(n, steps, 3, layer.heads(), width).transpose(2, 0, 3, 1, 4);
            NDArray shares = shares(part(parts, 0), part(parts, 1), width, layer.causal() ? mask : null);
            NDArray seen = shares.matMul(part(parts, 2)).transpose(0, 2, 1, 3).reshape(n, steps, features);
            return Translation.linear(batch, seen, outWeight, outBias);
        };
    }

    private float[] mask(boolean causal) {
        float[] mask = new float[steps * steps];
        for (int i = 0; causal && i < mask.length; i++) mask[i] = i % steps > i / steps ? NEVER : 0f;
        return mask;
    }

    @Override
    public Operation cross(Attention.CrossAttention layer) {
        int heads = layer.heads();
        int width = features / heads;
        String askWeight = name("q_weight");
        String askBias = name("q_bias");
        String tellWeight = name("kv_weight");
        String tellBias = name("kv_bias");
        String outWeight = name("out_weight");
        String outBias = name("out_bias");
        return (batch, x) -> {
            int n = batch.samples();
            NDArray told = batch.marked(layer.from());
            long places = told.getShape().get(1);
            NDArray query = Translation.linear(batch, x, askWeight, askBias)
                    .reshape(n, steps, heads, width)
                    .transpose(0, 2, 1, 3);
            NDArray parts = Translation.linear(batch, told, tellWeight, tellBias)
                    .reshape(n, places, 2, heads, width)
                    .transpose(2, 0, 3, 1, 4);
            NDArray seen = shares(query, part(parts, 0), width, null)
                    .matMul(part(parts, 1))
                    .transpose(0, 2, 1, 3)
                    .reshape(n, steps, features);
            return Translation.linear(batch, seen, outWeight, outBias);
        };
    }

    @Override
    public Operation graph(Attention.GraphAttention layer) {
        int units = bound.output()[1] / 2;
        Neighbours neighbours = new Neighbours(features, units, layer.neighbours());
        String embedding = name("embedding");
        String weight = name("weight");
        String attention = name("attention");
        return (batch, x) -> {
            int n = batch.samples();
            NDArray vectors = batch.parameter(embedding);
            NDArray own = x.transpose(0, 2, 1).matMul(batch.parameter(weight).transpose());
            NDArray parts = batch.parameter(attention).transpose();
            NDArray fromVectors = vectors.matMul(parts);
            NDArray fromOwn = own.matMul(parts);
            NDArray asks = column(fromVectors, 1, 0).add(column(fromOwn, 2, 1)).reshape(n, features, 1);
            NDArray tells = column(fromVectors, 1, 2).add(column(fromOwn, 2, 3)).reshape(n, 1, features);
            NDArray looks = Activation.leakyRelu(asks.add(tells), Attention.GraphAttention.SLOPE);
            if (!neighbours.all()) {
                float[] mask = strangers(neighbours.of(vectors.toFloatArray()), neighbours.count());
                looks = looks.add(batch.manager().create(mask, new Shape(1, features, features)));
            }
            NDArray mixed = looks.softmax(-1).matMul(own);
            return Activation.relu(mixed).mul(vectors).concat(own, -1);
        };
    }

    /** One of the last dimension's values: {@code [.., 4]} to {@code [..]}. */
    private static NDArray column(NDArray values, int dimension, int index) {
        NDArray column = JniUtils.slice((PtNDArray) values, dimension, index, index + 1, 1);
        long[] shape = values.getShape().getShape();
        return column.reshape(new Shape(Arrays.copyOf(shape, dimension)));
    }

    /** Nothing for a feature's neighbours, {@link #NEVER} for every other: {@code [feature, feature]}. */
    private float[] strangers(int[] chosen, int count) {
        float[] mask = new float[features * features];
        Arrays.fill(mask, NEVER);
        for (int i = 0; i < chosen.length; i++) mask[i / count * features + chosen[i]] = 0f;
        return mask;
    }

    @Override
    public Operation position(Attention.Position layer) {
        NDArray constants = device.create(Attention.Position.values(steps, features), new Shape(1, steps, features));
        return (batch, x) -> x.add(constants);
    }

    @Override
    public Operation layerNorm(Attention.LayerNorm layer) {
        String weight = name("weight");
        String bias = name("bias");
        Shape last = new Shape(features);
        return (batch, x) -> JniUtils.layerNorm(
                (PtNDArray) x,
                last,
                (PtNDArray) batch.parameter(weight),
                (PtNDArray) batch.parameter(bias),
                Attention.LayerNorm.EPSILON);
    }

    private static NDArray shares(
            NDArray query, NDArray key, int width, @org.jspecify.annotations.Nullable NDArray mask) {
        NDArray looks = query.mul((float) (1 / Math.sqrt(width))).matMul(key.transpose(0, 1, 3, 2));
        return (mask == null ? looks : looks.add(mask)).softmax(-1);
    }

    private static NDArray part(NDArray parts, int index) {
        long[] shape = parts.getShape().getShape();
        return JniUtils.slice((PtNDArray) parts, 0, index, index + 1, 1)
                .reshape(shape[1], shape[2], shape[3], shape[4]);
    }
}
