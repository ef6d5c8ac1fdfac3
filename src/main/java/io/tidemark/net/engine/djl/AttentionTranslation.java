package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.tidemark.net.network.Attention;
import io.tidemark.net.network.BoundLayer;

/** The PyTorch operations of attention. */
final class AttentionTranslation {
    /** Added to what a step may not look at, so that its share is 0 in float32. */
    private static final float NEVER = -1e9f;

    private final BoundLayer bound;
    private final int steps;
    private final int features;

    AttentionTranslation(BoundLayer bound) {
        this.bound = bound;
        this.steps = bound.input()[0];
        this.features = bound.input()[1];
    }

    private String name(String suffix) {
        return bound.parameter(suffix).name();
    }

    /** @param device owns the mask as long as the operation is used */
    Operation self(Attention.SelfAttention layer, NDManager device) {
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

    Operation cross(Attention.CrossAttention layer) {
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
