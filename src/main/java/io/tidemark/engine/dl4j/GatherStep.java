package io.tidemark.engine.dl4j;

/** Rearranges the floats of each sample by a table of {@link Gathering}; gradients are summed on the way back. Runs in Java. */
final class GatherStep implements Step {
    private final Slot in;
    private final Slot out;
    private final int[] source;
    private final int inputSize;
    private final float[] inputs;
    private final float[] outputs;

    /** @param source for each float of a sample that leaves, the float that it is taken from, or −1 */
    GatherStep(Tape tape, int[] source, Slot in, Slot out) {
        this.in = in;
        this.out = out;
        this.source = source;
        this.inputSize = in.features() * in.places();
        this.inputs = new float[in.length()];
        this.outputs = new float[out.length()];
    }

    @Override
    public void forward() {
        in.values().get(inputs, 0, 0, inputs.length);
        int[] from = source;
        for (int base = 0, at = 0; at < outputs.length; base += inputSize) {
            for (int i : from) outputs[at++] = i < 0 ? 0f : inputs[base + i];
        }
        out.values().put(outputs, 0, 0, outputs.length);
    }

    @Override
    public void backward() {
        out.trained().get(outputs, 0, 0, outputs.length);
        java.util.Arrays.fill(inputs, 0f);
        int[] from = source;
        for (int base = 0, at = 0; at < outputs.length; base += inputSize) {
            for (int i : from) {
                if (i >= 0) inputs[base + i] += outputs[at];
                at++;
            }
        }
        in.trained().put(inputs, 0, 0, inputs.length);
    }
}
