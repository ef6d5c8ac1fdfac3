package io.tidemark.net.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Lays one slot's floats behind another's, in every column. */
final class ConcatStep implements TapeStep {
    private final INDArray first;
    private final INDArray second;
    private final INDArray top;
    private final INDArray bottom;
    private final Runnable backward;

    /**
     * @param out as many columns as both, and their features together
     * @param adds whether the second's gradient is added to what is there
     */
    ConcatStep(Tape tape, TapeSlot one, TapeSlot two, TapeSlot out, boolean adds) {
        first = one.matrix();
        second = two.matrix();
        top = part(out.matrix(), 0, one.features());
        bottom = part(out.matrix(), one.features(), out.features());
        backward = tape.trains() ? backward(one, two, out, adds) : () -> {};
    }

    private static INDArray part(INDArray matrix, int from, int to) {
        return matrix.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
    }

    private static Runnable backward(TapeSlot one, TapeSlot two, TapeSlot out, boolean adds) {
        INDArray dFirst = one.gradientMatrix();
        INDArray dSecond = two.gradientMatrix();
        INDArray dTop = part(out.gradientMatrix(), 0, one.features());
        INDArray dBottom = part(out.gradientMatrix(), one.features(), out.features());
        return () -> {
            dFirst.assign(dTop);
            if (adds) dSecond.addi(dBottom);
            else dSecond.assign(dBottom);
        };
    }

    @Override
    public void forward() {
        top.assign(first);
        bottom.assign(second);
    }

    @Override
    public void backward() {
        backward.run();
    }
}
