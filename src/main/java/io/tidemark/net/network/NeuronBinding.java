package io.tidemark.net.network;

import io.tidemark.net.network.BoundLayer.Initial;

/** Shapes and parameters of {@link Neurons}. */
final class NeuronBinding implements Neurons.Cases<int[]> {
    private final BindingScope binding;
    private final int[] shape;
    private final int in;
    private final int rows;

    NeuronBinding(BindingScope binding) {
        this.binding = binding;
        this.shape = binding.shape();
        this.in = shape[shape.length - 1];
        this.rows = BoundLayer.size(shape) / in;
    }

    private int[] wide(int units) {
        int[] output = shape.clone();
        output[output.length - 1] = units;
        return output;
    }

    @Override
    public int[] prelu(Neurons.Prelu layer) {
        int features = shape.length == 3 ? shape[0] : in;
        binding.parameter("slope", new int[] {features}, Initial.QUARTER, 1, 1);
        binding.costs(BoundLayer.size(shape), 0);
        return shape;
    }

    @Override
    public int[] maxout(Neurons.Maxout layer) {
        int units = binding.units(layer.units(), rows);
        int sums = units * layer.pieces();
        binding.parameter("weight", new int[] {sums, in}, Initial.XAVIER, in, units);
        binding.parameter("bias", new int[] {sums}, Initial.ZERO, in, units);
        binding.costs((long) rows * in * sums, (long) rows * sums);
        return wide(units);
    }

    @Override
    public int[] radial(Neurons.Radial layer) {
        int units = binding.units(layer.units(), rows);
        binding.parameter("centre", new int[] {units, in}, Initial.XAVIER, in, units);
        binding.parameter("log_precision", new int[] {units}, Initial.ZERO, in, units);
        binding.costs((long) rows * in * units, (long) rows * units);
        return wide(units);
    }

    @Override
    public int[] dropConnect(Neurons.DropConnect layer) {
        int units = binding.units(layer.units(), rows);
        binding.parameter("weight", new int[] {units, in}, BindingScope.initial(layer.activation()), in, units);
        binding.parameter("bias", new int[] {units}, Initial.ZERO, in, units);
        binding.costs((long) rows * in * units, 0);
        return wide(units);
    }

    @Override
    public int[] tied(Neurons.Tied layer) {
        int[] sizes = binding.denseBehind(layer.from());
        if (sizes == null) {
            binding.problem("is tied to the dense layer behind mark " + layer.from() + ", but there is none; put mark: "
                    + layer.from() + " directly before a dense layer of the encoder");
            return shape;
        }
        if (sizes[0] != in) {
            binding.problem("is tied to a dense layer of " + sizes[1] + " to " + sizes[0] + ", so that it needs "
                    + sizes[0] + " features, but gets " + in);
        }
        binding.parameter("bias", new int[] {sizes[1]}, Initial.ZERO, sizes[0], sizes[1]);
        binding.costs((long) rows * sizes[0] * sizes[1], 0);
        return wide(sizes[1]);
    }
}
