package io.tidemark.registry;

import io.tidemark.engine.NetworkState;
import io.tidemark.sample.Wire;
import java.util.LinkedHashMap;
import java.util.Map;

/** A network's state as the bytes of a weights file. */
final class StateBytes {
    private StateBytes() {}

    static byte[] of(NetworkState state) {
        Wire wire = Wire.writer(1 << 14)
                .string(state.specHash())
                .u16(state.tensors().size());
        state.tensors().forEach((name, tensor) -> {
            wire.string(name).u8(tensor.shape().length);
            for (int size : tensor.shape()) wire.i32(size);
            wire.floats(tensor.values(), 0, tensor.values().length);
        });
        return wire.toBytes();
    }

    static NetworkState read(byte[] bytes) {
        Wire wire = Wire.reader(bytes);
        String hash = wire.string();
        Map<String, NetworkState.Tensor> tensors = new LinkedHashMap<>();
        for (int left = wire.u16(); left > 0; left--) {
            String name = wire.string();
            int[] shape = new int[wire.u8()];
            int size = 1;
            for (int d = 0; d < shape.length; d++) size *= shape[d] = wire.i32();
            float[] values = new float[size];
            wire.readFloats(values, 0, size);
            tensors.put(name, new NetworkState.Tensor(shape, values));
        }
        return new NetworkState(hash, tensors);
    }
}
