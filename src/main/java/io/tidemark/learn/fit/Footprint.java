package io.tidemark.learn.fit;

import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Network;

/**
 * Memory that a replica of a network takes, estimated from its shapes: float32, without what an engine's library keeps for itself.
 *
 * @param network bound to its sizes
 */
public record Footprint(Network network) {
    private static final int FLOAT = 4;

    /** Arrays of the weights' size in training, without the optimiser's: weights on host and device, gradient. */
    private static final int COPIES_IN_TRAINING = 3;

    /**
     * Bytes to score: weights, input, output, and the widest layer with what enters and leaves it.
     *
     * @param batch samples in a call; at least 1
     */
    public long scoringBytes(int batch) {
        long widest = 0;
        for (BoundLayer layer : network.layers()) {
            widest = Math.max(widest, layer.inputSize() + layer.outputSize() + layer.innerFloats());
        }
        long sample = network.inputs().get(0).size() + network.outputs().get(0).size() + widest;
        return FLOAT * (network.parameterCount() + batch * sample);
    }

    /**
     * Bytes to train: weights, gradient and the optimiser's state, and what every layer gives with its gradient.
     *
     * @param batch samples in a step; at least 1
     */
    public long trainingBytes(int batch) {
        long sample =
                network.inputs().get(0).size() + 2L * network.targets().get(0).size();
        for (BoundLayer layer : network.layers()) sample += 2 * (layer.outputSize() + layer.innerFloats());
        int copies = COPIES_IN_TRAINING
                + network.training().optimisation().optimiser().stateArrays();
        return FLOAT * (copies * network.parameterCount() + batch * sample);
    }

    /** Values of the narrowest place of an autoencoder: the size of its code. */
    public int codeSize() {
        return network.layers().stream().mapToInt(BoundLayer::outputSize).min().orElse(0);
    }
}
