package io.tidemark.fit;

import io.tidemark.network.BoundLayer;
import io.tidemark.network.Layer;
import io.tidemark.network.Network;

/**
 * Memory that a replica of a network takes, estimated from its shapes: float32, without what an engine's library keeps for itself.
 *
 * @param network bound to its sizes
 */
public record Footprint(Network network) {
    private static final int FLOAT = 4;

    /** Values that hold weights in training: the weights twice (beside the device's, the host's), gradient, two moments. */
    private static final int COPIES_IN_TRAINING = 5;

    /**
     * Bytes to score: weights, input, output, and the widest layer with what enters and leaves it.
     *
     * @param batch samples in a call; at least 1
     */
    public long scoringBytes(int batch) {
        long widest = 0;
        for (BoundLayer layer : network.layers()) {
            widest = Math.max(widest, layer.inputSize() + layer.outputSize() + inner(layer));
        }
        long sample = network.inputs().get(0).size() + network.outputs().get(0).size() + widest;
        return FLOAT * (network.parameterCount() + batch * sample);
    }

    /**
     * Bytes to train: weights, gradient and moments, and what every layer gives with its gradient.
     *
     * @param batch samples in a step; at least 1
     */
    public long trainingBytes(int batch) {
        long sample =
                network.inputs().get(0).size() + 2L * network.targets().get(0).size();
        for (BoundLayer layer : network.layers()) sample += 2 * (layer.outputSize() + inner(layer));
        return FLOAT * (COPIES_IN_TRAINING * network.parameterCount() + batch * sample);
    }

    /** Values that a recurrent layer keeps for each step: four gates and the cell. */
    private static long inner(BoundLayer layer) {
        boolean recurrent = layer.layer() instanceof Layer.Lstm || layer.layer() instanceof Layer.BidirectionalLstm;
        return recurrent ? 5L * layer.outputSize() : 0;
    }

    /** Values of the narrowest place of an autoencoder: the size of its code. */
    public int codeSize() {
        return network.layers().stream().mapToInt(BoundLayer::outputSize).min().orElse(0);
    }
}
