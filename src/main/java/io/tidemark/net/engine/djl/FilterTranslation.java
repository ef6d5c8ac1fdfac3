package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Filters;
import io.tidemark.net.network.Layer;

/** The PyTorch operations of plain convolutions and of {@link Filters}. */
final class FilterTranslation implements Filters.Cases<Operation> {
    private final BoundLayer bound;
    private final NDManager device;

    /** @param device owns constants as long as the operations are used */
    FilterTranslation(BoundLayer bound, NDManager device) {
        this.bound = bound;
        this.device = device;
    }

    Operation conv1d(Layer.Conv1d layer) {
        String weight = bound.parameter("weight").name();
        String bias = bound.parameter("bias").name();
        Shape stride = new Shape(layer.stride());
        Shape dilation = new Shape(layer.dilation());
        boolean even = layer.before() == layer.after();
        Shape padding = new Shape(even ? layer.before() : 0);
        Shape ends = new Shape(layer.before(), layer.after());
        Operation activation = Translation.activation(layer.activation());
        return (batch, x) -> {
            NDArray channels = x.transpose(0, 2, 1);
            NDArray padded = even ? channels : channels.pad(ends, 0);
            NDArray filtered = padded.getNDArrayInternal()
                    .convolution(padded, batch.parameter(weight), batch.parameter(bias), stride, padding, dilation, 1)
                    .get(0);
            return activation.apply(batch, filtered.transpose(0, 2, 1));
        };
    }

    Operation conv2d(Layer.Conv2d layer) {
        String weight = bound.parameter("weight").name();
        String bias = bound.parameter("bias").name();
        Shape stride = new Shape(layer.stride(), layer.stride());
        Shape padding = new Shape(layer.padding(), layer.padding());
        Shape dilation = new Shape(1, 1);
        Operation activation = Translation.activation(layer.activation());
        return (batch, x) -> activation.apply(
                batch,
                x.getNDArrayInternal()
                        .convolution(x, batch.parameter(weight), batch.parameter(bias), stride, padding, dilation, 1)
                        .get(0));
    }

    @Override
    public Operation separable1d(Filters.Separable1d layer) {
        Layer.Conv1d like = layer.like();
        int in = bound.input()[1];
        String depth = bound.parameter("depth_weight").name();
        NDArray none = device.zeros(new Shape(in), DataType.FLOAT32);
        Shape stride = new Shape(like.stride());
        Shape dilation = new Shape(like.dilation());
        Shape ends = new Shape(like.before(), like.after());
        Operation across = across(like.activation());
        return (batch, x) -> {
            NDArray padded = x.transpose(0, 2, 1).pad(ends, 0);
            NDArray filtered = padded.getNDArrayInternal()
                    .convolution(padded, batch.parameter(depth), none, stride, new Shape(0), dilation, in)
                    .get(0);
            return across.apply(batch, filtered.transpose(0, 2, 1));
        };
    }

    @Override
    public Operation separable2d(Filters.Separable2d layer) {
        Layer.Conv2d like = layer.like();
        int in = bound.input()[0];
        String depth = bound.parameter("depth_weight").name();
        NDArray none = device.zeros(new Shape(in), DataType.FLOAT32);
        Shape stride = new Shape(like.stride(), like.stride());
        Shape padding = new Shape(like.padding(), like.padding());
        Operation across = across(like.activation());
        return (batch, x) -> {
            NDArray filtered = x.getNDArrayInternal()
                    .convolution(x, batch.parameter(depth), none, stride, padding, new Shape(1, 1), in)
                    .get(0);
            return across.apply(batch, filtered.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2);
        };
    }

    /** The dense layer over the features, which stand last. */
    private Operation across(io.tidemark.net.network.Activation function) {
        String weight = bound.parameter("weight").name();
        String bias = bound.parameter("bias").name();
        Operation activation = Translation.activation(function);
        return (batch, x) -> activation.apply(batch, Translation.linear(batch, x, weight, bias));
    }

    /** DJL refuses a transposed convolution on PyTorch; over zeros between the places a plain one does the same. */
    @Override
    public Operation transposed(Filters.Transposed layer) {
        boolean sequence = layer.dimensions() == 1;
        String weight = bound.parameter("weight").name();
        String bias = bound.parameter("bias").name();
        int edge = layer.kernel() - 1 - layer.padding();
        Shape one = sequence ? new Shape(1) : new Shape(1, 1);
        Shape padding = sequence ? new Shape(edge) : new Shape(edge, edge);
        Operation activation = Translation.activation(layer.activation());
        return (batch, x) -> {
            NDArray spread = sequence
                    ? spreadSteps(batch, x.transpose(0, 2, 1), layer.stride())
                    : spreadPixels(batch, x, layer.stride());
            NDArray filtered = spread.getNDArrayInternal()
                    .convolution(spread, batch.parameter(weight), batch.parameter(bias), one, padding, one, 1)
                    .get(0);
            return activation.apply(batch, sequence ? filtered.transpose(0, 2, 1) : filtered);
        };
    }

    private NDArray spreadSteps(Batch batch, NDArray x, int stride) {
        if (stride == 1) return x;
        int steps = bound.input()[0];
        int features = bound.input()[1];
        NDArray between = x.reshape(batch.samples(), features, steps, 1)
                .pad(new Shape(0, stride - 1), 0)
                .reshape(batch.samples(), features, (long) steps * stride);
        return JniUtils.slice((PtNDArray) between, 2, 0, (long) (steps - 1) * stride + 1, 1);
    }

    private NDArray spreadPixels(Batch batch, NDArray x, int stride) {
        if (stride == 1) return x;
        int[] in = bound.input();
        NDArray between = x.reshape(batch.samples(), in[0], in[1], 1, in[2], 1)
                .pad(new Shape(0, stride - 1, 0, 0, 0, stride - 1), 0)
                .reshape(batch.samples(), in[0], (long) in[1] * stride, (long) in[2] * stride);
        NDArray rows = JniUtils.slice((PtNDArray) between, 2, 0, (long) (in[1] - 1) * stride + 1, 1);
        return JniUtils.slice((PtNDArray) rows, 3, 0, (long) (in[2] - 1) * stride + 1, 1);
    }
}
