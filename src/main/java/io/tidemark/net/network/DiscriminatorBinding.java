package io.tidemark.net.network;

import io.tidemark.net.network.BoundLayer.Initial;
import java.util.Arrays;

/** Parameters and costs of {@link Discriminator}. */
final class DiscriminatorBinding {
    private DiscriminatorBinding() {}

    /** The shape that leaves, which is the one that arrives. */
    static int[] bind(Discriminator layer, BindingScope binding) {
        int[] shape = binding.shape();
        int size = BoundLayer.size(shape);
        int[] from = binding.marked(layer.from());
        if (BoundLayer.size(from) != size) {
            binding.problem("compares " + Arrays.toString(shape) + " to " + layer.from() + " of shape "
                    + Arrays.toString(from)
                    + ", which must hold as many values; put it behind the layer that gives the reconstruction");
        }
        int units = layer.units();
        binding.parameter("weight", new int[] {units, size}, Initial.XAVIER, size, units);
        binding.parameter("bias", new int[] {units}, Initial.ZERO, size, units);
        binding.parameter("judge_weight", new int[] {1, units}, Initial.XAVIER, units, 1);
        binding.parameter("judge_bias", new int[] {1}, Initial.ZERO, units, 1);
        binding.costs(2L * size * units, 2L * units);
        return shape;
    }
}
