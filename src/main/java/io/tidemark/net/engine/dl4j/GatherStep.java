package io.tidemark.net.engine.dl4j;

/** Rearranges the floats of each sample by a table of {@link Gathering}; gradients are summed on the way back. Runs in Java. */
final class GatherStep implements TapeStep {
    private final TapeSlot in;
    private final TapeSlot out;
    private final int[] source;
    private final int inputSize;
    private final Scratch scratch;

    /** @param source for each float of a sample that leaves, the float that it is taken from, or −1 */
    GatherStep(Tape tape, int[] source, TapeSlot in, TapeSlot out) {
        this.in = in;
        this.out = out;
        this.source = source;
        this.inputSize = in.features() * in.places();
        this.scratch = tape.scratch();
    }

    @Override
    public void forward() {
        float[] inputs = scratch.first(in.length());
        float[] outputs = scratch.second(out.length());
        in.values().get(inputs, 0, 0, in.length());
        int[] from = source;
        int end = out.length();
        for (int base = 0, at = 0; at < end; base += inputSize) {
            for (int i : from) outputs[at++] = i < 0 ? 0f : inputs[base + i];
        }
        out.values().put(outputs, 0, 0, out.length());
    }

    @Override
    public void backward() {
        float[] inputs = scratch.first(in.length());
        float[] outputs = scratch.second(out.length());
        out.trained().get(outputs, 0, 0, out.length());
        java.util.Arrays.fill(inputs, 0, in.length(), 0f);
        int[] from = source;
        int end = out.length();
        for (int base = 0, at = 0; at < end; base += inputSize) {
            for (int i : from) {
                if (i >= 0) inputs[base + i] += outputs[at];
                at++;
            }
        }
        in.trained().put(inputs, 0, 0, in.length());
    }
}
