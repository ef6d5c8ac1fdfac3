package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A network's weights in one block of device memory, so that new weights are one copy whatever the number of layers.
 *
 * <pre>
 *   | tensor 0 …… |pad| tensor 1 … |pad| …        each starts at a multiple of 64 bytes
 * </pre>
 */
final class WeightBlock {
    private static final int ALIGNMENT_FLOATS = 16;

    private final int[] offsets;
    private final int[] sizes;
    private final NDArray block;
    private final NDManager device;
    private final boolean onHost;
    private final ByteBuffer bytes;
    private final FloatBuffer floats;
    private final List<NDArray> views = new ArrayList<>();

    /**
     * @param device a manager on the device, that lives as long as the block
     * @param host the same on the CPU
     */
    WeightBlock(NDManager device, NDManager host, List<int[]> shapes) {
        this.device = device;
        offsets = new int[shapes.size()];
        sizes = new int[shapes.size()];
        int end = 0;
        for (int i = 0; i < offsets.length; i++) {
            int size = 1;
            for (int s : shapes.get(i)) size *= s;
            offsets[i] = end;
            sizes[i] = size;
            end += (size + ALIGNMENT_FLOATS - 1) / ALIGNMENT_FLOATS * ALIGNMENT_FLOATS;
        }
        block = device.zeros(new Shape(end), DataType.FLOAT32);
        onHost = !device.getDevice().isGpu();
        NDArray hostBlock = onHost ? block : host.zeros(new Shape(end), DataType.FLOAT32);
        bytes = hostBlock.toByteBuffer(true);
        floats = bytes.asFloatBuffer();
        for (int i = 0; i < offsets.length; i++) {
            try (NDArray part = JniUtils.slice((PtNDArray) block, 0, offsets[i], offsets[i] + sizes[i], 1)) {
                views.add(part.reshape(shape(shapes.get(i))));
            }
        }
    }

    /** Copies weights in, one tensor after another without padding. */
    void put(float[] weights) {
        int from = 0;
        for (int i = 0; i < offsets.length; i++) {
            floats.put(offsets[i], weights, from, sizes[i]);
            from += sizes[i];
        }
        if (onHost) return;
        try (NDManager transfer = device.newSubManager()) {
            block.set(new NDIndex(":"), transfer.create(bytes, block.getShape(), DataType.FLOAT32));
        }
    }

    /** A tensor that shares the block's memory, owned by the batch's manager, as is whatever is computed of it. */
    NDArray view(NDManager batch, int index) {
        NDArray view = views.get(index);
        long[] end = view.getShape().getShape();
        long[] step = new long[end.length];
        Arrays.fill(step, 1);
        return JniUtils.index((PtNDArray) view, new long[end.length], end, step, (PtNDManager) batch);
    }

    /** The same, collecting a gradient. */
    NDArray leaf(NDManager batch, int index) {
        NDArray leaf = view(batch, index);
        leaf.setRequiresGradient(true);
        return leaf;
    }

    private static Shape shape(int[] sizes) {
        long[] dimensions = new long[sizes.length];
        for (int i = 0; i < sizes.length; i++) dimensions[i] = sizes[i];
        return new Shape(dimensions);
    }
}
