package io.tidemark.net.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Copies one view of memory into another.
 *
 * @param onTheWayBack copies the gradients
 */
record AssignStep(INDArray from, INDArray to, Runnable onTheWayBack) implements TapeStep {
    /** Takes the last step of a step-major sequence. */
    static AssignStep lastStep(Tape tape, TapeSlot in, TapeSlot out) {
        long offset = (long) in.length() - out.length();
        INDArray from = in.values().part(offset, out.length());
        INDArray to = out.values().part(0, out.length());
        if (!tape.trains()) return new AssignStep(from, to, () -> {});
        INDArray all = in.trained().part(0, in.length());
        INDArray last = in.trained().part(offset, out.length());
        INDArray gradient = out.trained().part(0, out.length());
        return new AssignStep(from, to, () -> {
            all.assign(0f);
            last.assign(gradient);
        });
    }

    /** Swaps the column order of sequences between sample-major and step-major. */
    static AssignStep layout(Tape tape, TapeSlot in, TapeSlot out) {
        INDArray from = swapped(in, in.values());
        INDArray to = cube(out, out.values());
        if (!tape.trains()) return new AssignStep(from, to, () -> {});
        INDArray gradientFrom = swapped(out, out.trained());
        INDArray gradientTo = cube(in, in.trained());
        return new AssignStep(from, to, () -> gradientTo.assign(gradientFrom));
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
        onTheWayBack.run();
    }
}
