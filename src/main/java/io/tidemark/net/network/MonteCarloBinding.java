package io.tidemark.net.network;

import java.util.Arrays;

/** Shapes of {@link MonteCarlo}. */
final class MonteCarloBinding implements MonteCarlo.Cases<int[]> {
    private final BindingScope binding;
    private final int[] shape;

    MonteCarloBinding(BindingScope binding) {
        this.binding = binding;
        this.shape = binding.shape();
    }

    @Override
    public int[] dropout(MonteCarlo.Dropout layer) {
        if (shape.length != 1) {
            binding.problem("needs an input of [feature], but gets " + Arrays.toString(shape)
                    + "; put last-step or flatten before it");
        }
        int values = BoundLayer.size(shape);
        binding.costs(0, (long) layer.passes() * values);
        binding.copies = layer.passes();
        return new int[] {layer.passes(), values};
    }

    @Override
    public int[] predictive(MonteCarlo.Predictive layer) {
        binding.copies = 1;
        int[] output = {binding.outputSize};
        int begin = binding.rowsBegin(MonteCarlo.Dropout.class);
        if (begin < 0) {
            binding.problem("ends what monte-carlo-dropout begins, but there is none before it");
            return output;
        }
        int passes = binding.spec.layers().get(begin) instanceof MonteCarlo.Dropout dropout ? dropout.passes() : 0;
        int[] wanted = {passes, binding.outputSize};
        if (!Arrays.equals(shape, wanted)) {
            binding.problem("needs an input of " + Arrays.toString(wanted) + ", the output for each pass, but gets "
                    + Arrays.toString(shape) + "; put dense: {units: output} before it");
        }
        binding.costs(2L * BoundLayer.size(shape), BoundLayer.size(shape));
        return output;
    }
}
