package io.tidemark.net.engine.dl4j;

/** Passes values on and adds the slope of {@code weight · mean |a|} to their gradient; only on a tape that trains. */
final class ActivityStep implements TapeStep {
    private final TapeSlot in;
    private final TapeSlot out;
    private final float slope;
    private final float[] values;
    private final float[] gradient;

    /** @param out the same values with gradients of their own */
    ActivityStep(double weight, TapeSlot in, TapeSlot out) {
        this.in = in;
        this.out = out;
        this.values = new float[in.length()];
        this.gradient = new float[in.length()];
        this.slope = (float) (weight / values.length);
    }

    @Override
    public void forward() {
        // the values are the same memory
    }

    @Override
    public void backward() {
        in.values().get(values, 0, 0, values.length);
        out.trained().get(gradient, 0, 0, values.length);
        for (int i = 0; i < values.length; i++) gradient[i] += slope * Math.signum(values[i]);
        in.trained().put(gradient, 0, 0, values.length);
    }
}
