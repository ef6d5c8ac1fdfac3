package io.tidemark.net.engine.dl4j;

/** Rearranges the floats of each sample by a table of {@link Gathering}; gradients are summed on the way back. */
final class GatherStep extends RearrangingStep {
    private final int[] source;

    /** @param source for each float of a sample that leaves, the float that it is taken from, or −1 */
    GatherStep(Tape tape, int[] source, TapeSlot in, TapeSlot out) {
        super(tape, in, out);
        this.source = source;
    }

    @Override
    void forward(float[] from, float[] to) {
        int[] table = source;
        for (int base = 0, at = 0; at < outputs; base += inputSize) {
            for (int i : table) to[at++] = i < 0 ? 0f : from[base + i];
        }
    }

    @Override
    void backward(float[] from, float[] to) {
        int[] table = source;
        for (int base = 0, at = 0; at < outputs; base += inputSize) {
            for (int i : table) {
                if (i >= 0) to[base + i] += from[at];
                at++;
            }
        }
    }
}
