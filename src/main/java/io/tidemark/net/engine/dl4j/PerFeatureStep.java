package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;
import java.util.Arrays;

/** Each value of {@code [horizon, feature, quantile]} from the steps of its own feature, in Java. */
final class PerFeatureStep implements TapeStep {
    private final Tape tape;
    private final BoundLayer layer;
    private final TapeSlot in;
    private final TapeSlot out;
    private final int steps;
    private final int features;
    private final int quantiles;
    private final int units;
    private final float[] x;
    private final float[] z;
    private final float[] weight;
    private final float[] bias;
    /** The steps of one feature of one sample. */
    private final float[] column;

    PerFeatureStep(Tape tape, BoundLayer layer, TapeSlot in, TapeSlot out) {
        this.tape = tape;
        this.layer = layer;
        this.in = in;
        this.out = out;
        this.steps = layer.input()[0];
        this.features = layer.input()[1];
        this.quantiles = layer.output()[2];
        this.units = layer.outputSize();
        this.x = new float[in.length()];
        this.z = new float[out.length()];
        this.weight = new float[units * steps];
        this.bias = new float[units];
        this.column = new float[steps];
    }

    @Override
    public void forward() {
        in.values().get(x, 0, 0, x.length);
        Parameters parameters = tape.parameters();
        parameters.read(layer, "weight", weight);
        parameters.read(layer, "bias", bias);
        for (int sample = 0; sample < out.samples(); sample++) {
            for (int f = 0; f < features; f++) {
                takeColumn(sample, f);
                for (int group = f * quantiles; group < units; group += features * quantiles) {
                    for (int u = group; u < group + quantiles; u++) z[sample * units + u] = bias[u] + product(u);
                }
            }
        }
        out.values().put(z, 0, 0, z.length);
    }

    private void takeColumn(int sample, int feature) {
        int at = sample * steps * features + feature;
        for (int i = 0; i < steps; i++, at += features) column[i] = x[at];
    }

    private float product(int unit) {
        int at = unit * steps;
        float sum = 0;
        for (int i = 0; i < steps; i++) sum += weight[at + i] * column[i];
        return sum;
    }

    @Override
    public void backward() {
        out.trained().get(z, 0, 0, z.length);
        float[] dWeight = new float[weight.length];
        float[] dBias = new float[units];
        float[] dx = new float[x.length];
        float[] slopes = new float[steps];
        for (int sample = 0; sample < out.samples(); sample++) {
            for (int f = 0; f < features; f++) {
                takeColumn(sample, f);
                Arrays.fill(slopes, 0);
                for (int group = f * quantiles; group < units; group += features * quantiles) {
                    for (int u = group; u < group + quantiles; u++) {
                        float slope = z[sample * units + u];
                        dBias[u] += slope;
                        for (int i = 0, at = u * steps; i < steps; i++, at++) {
                            dWeight[at] += slope * column[i];
                            slopes[i] += slope * weight[at];
                        }
                    }
                }
                int at = sample * steps * features + f;
                for (int i = 0; i < steps; i++, at += features) dx[at] = slopes[i];
            }
        }
        in.trained().put(dx, 0, 0, dx.length);
        Parameters parameters = tape.parameters();
        parameters.teach(layer, "weight", dWeight);
        parameters.teach(layer, "bias", dBias);
    }
}
