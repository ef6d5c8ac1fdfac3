package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;

/** Each feature of a place from the taps of its own, as a table of {@link Gathering} laid them: {@code [place, feature·tap]}, in Java. */
final class DepthwiseStep implements TapeStep {
    private final Tape tape;
    private final BoundLayer.Parameter parameter;
    private final TapeSlot in;
    private final TapeSlot out;
    private final int taps;
    private final float[] weight;
    private final float[] x;
    private final float[] z;

    DepthwiseStep(Tape tape, BoundLayer layer, TapeSlot in, TapeSlot out) {
        this.tape = tape;
        this.parameter = layer.parameter("depth_weight");
        this.in = in;
        this.out = out;
        this.taps = in.features() / out.features();
        this.weight = new float[parameter.size()];
        this.x = new float[in.length()];
        this.z = new float[out.length()];
    }

    @Override
    public void forward() {
        in.values().get(x, 0, 0, x.length);
        Parameters parameters = tape.parameters();
        parameters.values().get(weight, 0, parameters.offset(parameter), weight.length);
        for (int i = 0; i < z.length; i++) {
            int filter = i * taps % weight.length;
            float sum = 0;
            for (int k = 0; k < taps; k++) sum += weight[filter + k] * x[i * taps + k];
            z[i] = sum;
        }
        out.values().put(z, 0, 0, z.length);
    }

    @Override
    public void backward() {
        out.trained().get(z, 0, 0, z.length);
        float[] dWeight = new float[weight.length];
        float[] dx = new float[x.length];
        for (int i = 0; i < z.length; i++) {
            int filter = i * taps % weight.length;
            for (int k = 0; k < taps; k++) {
                dWeight[filter + k] += z[i] * x[i * taps + k];
                dx[i * taps + k] = z[i] * weight[filter + k];
            }
        }
        in.trained().put(dx, 0, 0, dx.length);
        Parameters parameters = tape.parameters();
        parameters.gradients().put(dWeight, 0, parameters.offset(parameter), dWeight.length);
    }
}
