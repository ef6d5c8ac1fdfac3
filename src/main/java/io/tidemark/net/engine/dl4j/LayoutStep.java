package io.tidemark.net.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Swaps the column order of sequences between sample-major and step-major. */
final class LayoutStep implements TapeStep {
    private final INDArray from;
    private final INDArray to;
    private final Runnable backward;

    LayoutStep(Tape tape, TapeSlot in, TapeSlot out) {
        from = swapped(in, in.values());
        to = cube(out, out.values());
        if (tape.trains()) {
            INDArray gradientFrom = swapped(out, out.trained());
            INDArray gradientTo = cube(in, in.trained());
            backward = () -> gradientTo.assign(gradientFrom);
        } else {
            backward = () -> {};
        }
    }

    /** Column-major [feature, fast, slow], where the fast index runs within the slow one. */
    private static INDArray cube(TapeSlot slot, Block block) {
        int fast = slot.stepMajor() ? slot.samples() : slot.places();
        int slow = slot.stepMajor() ? slot.places() : slot.samples();
        return block.cube(slot.features(), fast, slow);
    }

    private static INDArray swapped(TapeSlot slot, Block block) {
        return cube(slot, block).permute(0, 2, 1);
    }

    @Override
    public void forward() {
        to.assign(from);
    }

    @Override
    public void backward() {
        backward.run();
    }
}
