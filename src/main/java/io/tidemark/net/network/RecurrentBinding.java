package io.tidemark.net.network;

import io.tidemark.net.network.BoundLayer.Initial;

/** Shapes, parameters and costs of recurrent layers. */
final class RecurrentBinding {
    private final BindingScope binding;
    /** What arrives. */
    private final int[] shape;

    RecurrentBinding(BindingScope binding) {
        this.binding = binding;
        this.shape = binding.shape();
    }

    int[] lstm(Layer.Lstm layer) {
        binding.requireSteps();
        int steps = shape[0];
        int in = shape[shape.length - 1];
        int units = binding.units(layer.units(), steps);
        binding.parameter("weight_ih", new int[] {4 * units, in}, Initial.XAVIER, in, units);
        binding.parameter("weight_hh", new int[] {4 * units, units}, Initial.XAVIER, units, units);
        binding.parameter("bias", new int[] {4 * units}, Initial.LSTM_BIAS, in, units);
        binding.costs((long) steps * 4 * units * (in + units), 5L * steps * units);
        return new int[] {steps, units};
    }

    int[] bidirectionalLstm(Layer.BidirectionalLstm layer) {
        binding.requireSteps();
        int steps = shape[0];
        int in = shape[shape.length - 1];
        int units = layer.units() instanceof Units.Output
                ? binding.units(layer.units(), 2 * steps)
                : binding.units(layer.units(), steps);
        for (String direction : new String[] {"forward_", "backward_"}) {
            binding.parameter(direction + "weight_ih", new int[] {4 * units, in}, Initial.XAVIER, in, units);
            binding.parameter(direction + "weight_hh", new int[] {4 * units, units}, Initial.XAVIER, units, units);
            binding.parameter(direction + "bias", new int[] {4 * units}, Initial.LSTM_BIAS, in, units);
        }
        binding.costs(2L * steps * 4 * units * (in + units), 10L * steps * units);
        return new int[] {steps, 2 * units};
    }

    int[] recurrence(Recurrence layer) {
        binding.requireSteps();
        int steps = shape[0];
        int in = shape[shape.length - 1];
        int units = binding.units(layer.units(), steps);
        int rows = layer.kind().gates() * units;
        binding.parameter("weight_ih", new int[] {rows, in}, Initial.XAVIER, in, units);
        binding.parameter("weight_hh", new int[] {rows, units}, Initial.XAVIER, units, units);
        binding.parameter("bias", new int[] {rows}, Initial.ZERO, in, units);
        binding.costs((long) steps * rows * (in + units), 2L * steps * rows);
        return new int[] {steps, units};
    }
}
