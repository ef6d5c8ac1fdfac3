package io.tidemark.network;

import java.util.List;

/**
 * A network spec bound to a sample shape: every layer's shape is known and checked.
 *
 * @param spec the declared architecture
 * @param features values in a row; in [1, 4096]
 * @param inputs named inputs without the sample dimension, such as {@code window [64, 1]}
 * @param outputs named outputs without the sample dimension: {@code reconstruction [step, feature]} or
 *     {@code quantiles [horizon, feature, quantile]}
 * @param targets the shape of each output's target: the output's own, for quantiles {@code [horizon, feature]}
 */
public record Network(NetworkSpec spec, int features, List<Port> inputs, List<Port> outputs, List<Port> targets) {

    /**
     * @param name what engines and callers call it
     * @param shape sizes without the sample dimension, outermost first
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Port(String name, int[] shape) {
        /** Floats of one sample. */
        public int size() {
            int size = 1;
            for (int s : shape) size *= s;
            return size;
        }
    }

    public Network {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        targets = List.copyOf(targets);
    }
}
