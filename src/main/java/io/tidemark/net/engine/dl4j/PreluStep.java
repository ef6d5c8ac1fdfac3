package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;

/** x above 0, a learnt slope times x below, on sample-major values in Java. */
final class PreluStep implements TapeStep {
    private final Tape tape;
    private final BoundLayer.Parameter parameter;
    private final TapeSlot in;
    private final TapeSlot out;

    /** Floats of one sample that share a slope before the next one's begin. */
    private final int run;

    private final float[] slopes;
    private final float[] x;
    private final float[] z;

    PreluStep(Tape tape, BoundLayer layer, TapeSlot in, TapeSlot out) {
        this.tape = tape;
        this.parameter = layer.parameter("slope");
        this.in = in;
        this.out = out;
        this.run = layer.input().length == 3 ? layer.input()[1] * layer.input()[2] : 1;
        this.slopes = new float[parameter.size()];
        this.x = new float[in.length()];
        this.z = new float[in.length()];
    }

    @Override
    public void forward() {
        in.values().get(x, 0, 0, x.length);
        Parameters parameters = tape.parameters();
        parameters.values().get(slopes, 0, parameters.offset(parameter), slopes.length);
        for (int i = 0; i < x.length; i++) z[i] = x[i] > 0 ? x[i] : slopes[i / run % slopes.length] * x[i];
        out.values().put(z, 0, 0, z.length);
    }

    @Override
    public void backward() {
        out.trained().get(z, 0, 0, z.length);
        float[] dSlopes = new float[slopes.length];
        for (int i = 0; i < x.length; i++) {
            if (x[i] > 0) continue;
            int feature = i / run % slopes.length;
            dSlopes[feature] += z[i] * x[i];
            z[i] *= slopes[feature];
        }
        in.trained().put(z, 0, 0, z.length);
        Parameters parameters = tape.parameters();
        parameters.gradients().put(dSlopes, 0, parameters.offset(parameter), dSlopes.length);
    }
}
