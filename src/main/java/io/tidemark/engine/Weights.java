package io.tidemark.engine;

import io.tidemark.network.BoundLayer.Parameter;
import io.tidemark.network.Network;
import java.util.Arrays;
import java.util.Map;

/** Between named tensors and one flat array that holds a network's parameters in the order of {@link Network#parameters}. */
public final class Weights {
    private static final String PARAM = "param/";

    private Weights() {}

    /**
     * Copies a state's parameters into a flat array.
     *
     * @throws EngineException when the state belongs to another network, or a tensor is absent or of another shape
     */
    public static void copyIn(Network network, NetworkState state, float[] flat) {
        if (!state.specHash().equals(network.hash())) {
            throw new EngineException("the weights belong to another network than "
                    + network.spec().name() + " with " + network.features() + " features: their hash is "
                    + state.specHash() + ", the network's " + network.hash() + "; retrain it or restore its file");
        }
        copyIn(network, state, PARAM, flat, false);
    }

    /** Adds a copy of the parameters in a flat array to the tensors of a state. */
    public static void copyOut(Network network, float[] flat, Map<String, NetworkState.Tensor> tensors) {
        copyOut(network, PARAM, flat, tensors);
    }

    static void copyIn(Network network, NetworkState state, String prefix, float[] flat, boolean absentIsZero) {
        int offset = 0;
        for (Parameter parameter : network.parameters()) {
            String name = Adam.named(prefix, parameter);
            int size = parameter.size();
            NetworkState.Tensor tensor = state.tensors().get(name);
            if (tensor == null && absentIsZero) {
                Arrays.fill(flat, offset, offset + size, 0f);
            } else if (tensor == null || !Arrays.equals(tensor.shape(), parameter.shape())) {
                throw new EngineException(name + " must have shape " + Arrays.toString(parameter.shape()) + ", but "
                        + (tensor == null ? "is absent" : "has " + Arrays.toString(tensor.shape()))
                        + "; the state is damaged");
            } else {
                System.arraycopy(tensor.values(), 0, flat, offset, size);
            }
            offset += size;
        }
    }

    static void copyOut(Network network, String prefix, float[] flat, Map<String, NetworkState.Tensor> tensors) {
        int offset = 0;
        for (Parameter parameter : network.parameters()) {
            int size = parameter.size();
            float[] values = Arrays.copyOfRange(flat, offset, offset + size);
            tensors.put(Adam.named(prefix, parameter), new NetworkState.Tensor(parameter.shape(), values));
            offset += size;
        }
    }
}
