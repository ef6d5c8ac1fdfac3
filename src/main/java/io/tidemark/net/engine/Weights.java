package io.tidemark.net.engine;

import io.tidemark.net.network.BoundLayer.Parameter;
import io.tidemark.net.network.Network;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

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
            String name = named(prefix, parameter);
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
            tensors.put(named(prefix, parameter), new NetworkState.Tensor(parameter.shape(), values));
            offset += size;
        }
    }

    /** {@code param/1.dense/weight} under another prefix. */
    static String named(String prefix, Parameter parameter) {
        return prefix + parameter.name().substring(PARAM.length());
    }

    /**
     * A state with some parameters taken from another network's, as layer-wise pretraining hands them on.
     *
     * @param from has the parameters to take
     * @param into keeps all else, its optimiser state included
     * @param prefixes of names, from those of {@code from} to those of {@code into}
     * @throws EngineException when a parameter is absent in either or has another shape
     */
    public static NetworkState transplant(NetworkState from, NetworkState into, Map<String, String> prefixes) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String name : from.tensors().keySet()) {
            prefixes.forEach((there, here) -> {
                if (name.startsWith(there)) names.put(here + name.substring(there.length()), name);
            });
        }
        return taken(from, into, names, "the layers do not mirror each other");
    }

    /**
     * A state with some tensors taken from another network's under the same names.
     *
     * @param names of parameters and running statistics
     * @param from has the tensors to take
     * @param into keeps all else, its optimiser state and counters included
     * @throws EngineException when a tensor is absent in either or has another shape
     */
    public static NetworkState carry(Set<String> names, NetworkState from, NetworkState into) {
        Map<String, String> same = new LinkedHashMap<>();
        for (String name : names) same.put(name, name);
        return taken(from, into, same, "the networks do not match");
    }

    /** @param names of the tensors that are replaced, with those of the tensors to take */
    private static NetworkState taken(
            NetworkState from, NetworkState into, Map<String, String> names, String mismatch) {
        Map<String, NetworkState.Tensor> tensors = new LinkedHashMap<>(into.tensors());
        names.forEach((target, name) -> {
            NetworkState.Tensor tensor = from.tensor(name);
            int[] shape = into.tensor(target).shape();
            if (!Arrays.equals(shape, tensor.shape())) {
                throw new EngineException(name + " has shape " + Arrays.toString(tensor.shape()) + ", but " + target
                        + " has " + Arrays.toString(shape) + "; " + mismatch);
            }
            tensors.put(target, tensor);
        });
        return new NetworkState(into.specHash(), tensors);
    }
}
