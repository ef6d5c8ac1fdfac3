package io.tidemark.net.network;

import java.util.Arrays;

/** Shapes of {@link Diffusion}. */
final class DiffusionBinding implements Diffusion.Cases<int[]> {
    private final BindingScope binding;
    private final int[] shape;

    DiffusionBinding(BindingScope binding) {
        this.binding = binding;
        this.shape = binding.shape();
    }

    @Override
    public int[] noiseLevels(Diffusion.NoiseLevels layer) {
        int levels = layer.deviations().size();
        int values = BoundLayer.size(shape);
        binding.costs((long) levels * values, (long) levels * values);
        binding.copies = levels;
        return new int[] {levels, values + 1};
    }

    @Override
    public int[] denoised(Diffusion.Denoised layer) {
        int[] from = binding.marked(layer.from());
        binding.copies = 1;
        int begin = binding.rowsBegin(Diffusion.NoiseLevels.class);
        if (begin < 0) {
            binding.problem("ends what noise-levels begins, but there is none before it");
            return from;
        }
        int[] wanted = {levels(begin), BoundLayer.size(from)};
        if (!Arrays.equals(shape, wanted)) {
            binding.problem("needs an input of " + Arrays.toString(wanted) + ", a row for each level, but gets "
                    + Arrays.toString(shape) + "; put dense: {units: {like: " + layer.from() + "}} before it");
        }
        binding.costs(BoundLayer.size(shape), BoundLayer.size(shape));
        return from;
    }

    private int levels(int index) {
        return binding.spec.layers().get(index) instanceof Diffusion.NoiseLevels levels
                ? levels.deviations().size()
                : 0;
    }
}
