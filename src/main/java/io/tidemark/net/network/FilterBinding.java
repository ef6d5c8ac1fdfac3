package io.tidemark.net.network;

import io.tidemark.net.network.BoundLayer.Initial;
import java.util.Arrays;

/** Shapes and parameters of {@link Filters}. */
final class FilterBinding implements Filters.Cases<int[]> {
    private final BindingScope binding;

    FilterBinding(BindingScope binding) {
        this.binding = binding;
    }

    @Override
    public int[] separable1d(Filters.Separable1d layer) {
        binding.requireSteps();
        Layer.Conv1d like = layer.like();
        int[] shape = binding.shape();
        int in = shape[shape.length - 1];
        int reach = (like.kernel() - 1) * like.dilation() + 1;
        int steps = binding.places(shape[0] + like.before() + like.after(), reach, like.stride());
        int out = separable(like.units(), like.activation(), steps, in, new int[] {like.kernel()});
        return new int[] {steps, out};
    }

    @Override
    public int[] separable2d(Filters.Separable2d layer) {
        Layer.Conv2d like = layer.like();
        int[] image = binding.image();
        int rows = binding.places(image[1] + 2 * like.padding(), like.kernel(), like.stride());
        int columns = binding.places(image[2] + 2 * like.padding(), like.kernel(), like.stride());
        int[] kernel = {like.kernel(), like.kernel()};
        int out = separable(like.units(), like.activation(), rows * columns, image[0], kernel);
        return new int[] {out, rows, columns};
    }

    private int separable(Units units, Activation activation, int places, int in, int[] kernel) {
        int out = binding.units(units, places);
        int taps = BoundLayer.size(kernel);
        int[] depth = new int[2 + kernel.length];
        depth[0] = in;
        depth[1] = 1;
        System.arraycopy(kernel, 0, depth, 2, kernel.length);
        binding.parameter("depth_weight", depth, Initial.XAVIER, taps, taps);
        binding.parameter("weight", new int[] {out, in}, BindingScope.initial(activation), in, out);
        binding.parameter("bias", new int[] {out}, Initial.ZERO, in, out);
        binding.costs((long) places * in * (taps + out), (long) places * in * (taps + 1));
        return out;
    }

    @Override
    public int[] transposed(Filters.Transposed layer) {
        boolean sequence = layer.dimensions() == 1;
        int[] input = sequence ? steps() : binding.image();
        int rows = layer.places(input[sequence ? 0 : 1]);
        int columns = sequence ? 1 : layer.places(input[2]);
        if (Math.min(rows, columns) < 1) {
            binding.problem("leaves nothing of " + Arrays.toString(input) + "; make padding smaller");
            rows = Math.max(1, rows);
            columns = Math.max(1, columns);
        }
        int[] kernel = sequence ? new int[] {layer.kernel()} : new int[] {layer.kernel(), layer.kernel()};
        int in = input[sequence ? 1 : 0];
        int out = binding.convolution(layer.units(), layer.activation(), rows * columns, in, kernel);
        return sequence ? new int[] {rows, out} : new int[] {out, rows, columns};
    }

    private int[] steps() {
        binding.requireSteps();
        int[] shape = binding.shape();
        return shape.length == 2 ? shape : new int[] {shape[0], shape[shape.length - 1]};
    }
}
