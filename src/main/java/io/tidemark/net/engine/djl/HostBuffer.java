package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * An array that callers fill for each batch, with PyTorch memory behind it: one copy into native memory for a batch, and on a GPU
 * one transfer. The native memory is aligned as PyTorch's kernels expect and is returned when its manager closes.
 */
final class HostBuffer {
    final float[] values;
    private final int sampleSize;
    private final int[] shape;
    private final ByteBuffer bytes;
    private final FloatBuffer floats;

    /** @param host a manager on the CPU that lives as long as the buffer */
    HostBuffer(NDManager host, int capacity, int[] sampleShape) {
        int size = 1;
        for (int s : sampleShape) size *= s;
        sampleSize = size;
        shape = sampleShape.clone();
        values = new float[Math.multiplyExact(capacity, sampleSize)];
        NDArray memory = host.zeros(new Shape(capacity, sampleSize), DataType.FLOAT32);
        bytes = memory.toByteBuffer(true);
        floats = bytes.asFloatBuffer();
    }

    /** The first samples on the device of the batch's manager, valid as long as that manager and this buffer. */
    NDArray batch(NDManager batch, int samples) {
        int count = samples * sampleSize;
        floats.put(0, values, 0, count);
        ByteBuffer view = bytes.duplicate().order(bytes.order()).limit(count * Float.BYTES);
        long[] sizes = new long[shape.length + 1];
        sizes[0] = samples;
        for (int i = 0; i < shape.length; i++) sizes[i + 1] = shape[i];
        return batch.create(view, new Shape(sizes), DataType.FLOAT32);
    }
}
