package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Neurons;

/**
 * The PyTorch operations of {@link Neurons}.
 *
 * @param tiedTo the layer whose weight a tied layer takes; the layer itself for every other
 */
record NeuronTranslation(BoundLayer bound, BoundLayer tiedTo, NDManager host, boolean trains)
        implements Neurons.Cases<Operation> {
    private String name(String suffix) {
        return bound.parameter(suffix).name();
    }

    /** The output's shape with another last size, and the samples before it. */
    private Shape shape(Batch batch, long... last) {
        int[] output = bound.output();
        long[] sizes = new long[output.length + last.length];
        sizes[0] = batch.samples();
        for (int i = 0; i < output.length - 1; i++) sizes[i + 1] = output[i];
        System.arraycopy(last, 0, sizes, output.length, last.length);
        return new Shape(sizes);
    }

    @Override
    public Operation prelu(Neurons.Prelu layer) {
        String slope = name("slope");
        Shape channels = new Shape(bound.parameter("slope").size(), 1, 1);
        boolean image = bound.input().length == 3;
        return (batch, x) -> {
            NDArray slopes = image ? batch.parameter(slope).reshape(channels) : batch.parameter(slope);
            return Activation.relu(x).sub(Activation.relu(x.neg()).mul(slopes));
        };
    }

    @Override
    public Operation maxout(Neurons.Maxout layer) {
        String weight = name("weight");
        String bias = name("bias");
        int units = bound.parameter("bias").size() / layer.pieces();
        return (batch, x) -> Translation.linear(batch, x, weight, bias)
                .reshape(shape(batch, units, layer.pieces()))
                .max(new int[] {-1});
    }

    @Override
    public Operation radial(Neurons.Radial layer) {
        String centre = name("centre");
        String logPrecision = name("log_precision");
        int in = bound.input()[bound.input().length - 1];
        return (batch, x) -> {
            NDArray squares =
                    x.expandDims(-2).sub(batch.parameter(centre)).square().sum(new int[] {-1});
            return squares.mul(batch.parameter(logPrecision).exp().div(in))
                    .neg()
                    .exp();
        };
    }

    @Override
    public Operation dropConnect(Neurons.DropConnect layer) {
        Operation activation = Translation.activation(layer.activation());
        String weight = name("weight");
        String bias = name("bias");
        if (!trains || layer.rate() == 0) {
            return (batch, x) -> activation.apply(batch, Translation.linear(batch, x, weight, bias));
        }
        float rate = (float) layer.rate();
        float keep = 1 / (1 - rate);
        int[] sizes = bound.parameter("weight").shape();
        Noise noise = new Noise(bound, sizes, host, 1, (random, i) -> random.uniform(i) < rate ? 0f : keep);
        return (batch, x) -> {
            NDArray kept = batch.parameter(weight).mul(noise.drawOnce(batch).reshape(sizes[0], sizes[1]));
            return activation.apply(
                    batch,
                    x.getNDArrayInternal()
                            .linear(x, kept, batch.parameter(bias))
                            .get(0));
        };
    }

    @Override
    public Operation tied(Neurons.Tied layer) {
        Operation activation = Translation.activation(layer.activation());
        String weight = tiedTo.parameter("weight").name();
        String bias = name("bias");
        return (batch, x) -> activation.apply(
                batch,
                x.getNDArrayInternal()
                        .linear(x, batch.parameter(weight).transpose(), batch.parameter(bias))
                        .get(0));
    }
}
