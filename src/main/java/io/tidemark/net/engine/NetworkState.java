package io.tidemark.net.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything a network has learnt and what decides its next step, as named float32 tensors.
 *
 * <p>Names: {@code param/…} trained weights, {@code running/…} batch-norm statistics, {@code optimizer/…} moments,
 * {@code counter/…} step count and counters of the random generator (64-bit counters as four 16-bit limbs, so that float32
 * holds them exactly).
 *
 * @param specHash sha256 of the canonical network it belongs to, hexadecimal
 * @param tensors in a fixed order; arrays are shared, not copied: treat them as immutable
 */
public record NetworkState(String specHash, Map<String, Tensor> tensors) {

    /**
     * @param shape sizes, outermost first; empty for a scalar
     * @param values row-major, {@code product(shape)} of them
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Tensor(int[] shape, float[] values) {
        public Tensor {
            int size = 1;
            for (int s : shape) size *= s;
            if (size != values.length) {
                throw new IllegalArgumentException("a tensor of shape " + java.util.Arrays.toString(shape) + " needs "
                        + size + " values, but has " + values.length);
            }
        }
    }

    public NetworkState {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /** @throws EngineException when there is no tensor of that name */
    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) throw new EngineException("the state has no tensor " + name + "; it is damaged");
        return tensor;
    }

    /** Only {@code param/…} and {@code running/…}: what scoring needs. */
    public NetworkState weights() {
        Map<String, Tensor> kept = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith("param/") || name.startsWith("running/")) kept.put(name, tensor);
        });
        return new NetworkState(specHash, kept);
    }
}
