package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;

/** Layer norm of every column in Java, with sums in double precision. */
final class LayerNormStep implements TapeStep {
    private final TapeSlot in;
    private final TapeSlot out;
    private final double epsilon;
    private final int features;
    private final float[] values;
    private final float[] normal;
    private final float[] inverse;
    private final ScaleAndShift affine;

    /** @param epsilon added to a variance */
    LayerNormStep(Tape tape, BoundLayer layer, double epsilon, TapeSlot in, TapeSlot out) {
        this.in = in;
        this.out = out;
        this.epsilon = epsilon;
        this.features = in.features();
        this.values = new float[in.length()];
        this.normal = new float[in.length()];
        this.inverse = new float[in.columns()];
        this.affine = new ScaleAndShift(tape, layer);
    }

    @Override
    public void forward() {
        in.values().get(values, 0, 0, values.length);
        affine.read();
        for (int column = 0; column < inverse.length; column++) normalise(column);
        out.values().put(values, 0, 0, values.length);
    }

    private void normalise(int column) {
        float[] weight = affine.weight;
        float[] bias = affine.bias;
        int from = column * features;
        double mean = 0;
        for (int f = 0; f < features; f++) mean += values[from + f];
        mean /= features;
        double squares = 0;
        for (int f = 0; f < features; f++) squares += (values[from + f] - mean) * (values[from + f] - mean);
        double scale = 1 / Math.sqrt(squares / features + epsilon);
        inverse[column] = (float) scale;
        for (int f = 0; f < features; f++) {
            float unit = (float) ((values[from + f] - mean) * scale);
            normal[from + f] = unit;
            values[from + f] = unit * weight[f] + bias[f];
        }
    }

    @Override
    public void backward() {
        out.trained().get(values, 0, 0, values.length);
        float[] dWeight = new float[features];
        float[] dBias = new float[features];
        float[] weight = affine.weight;
        for (int column = 0; column < inverse.length; column++) {
            int from = column * features;
            double sum = 0;
            double along = 0;
            for (int f = 0; f < features; f++) {
                float slope = values[from + f];
                dWeight[f] += slope * normal[from + f];
                dBias[f] += slope;
                sum += slope * weight[f];
                along += (double) slope * weight[f] * normal[from + f];
            }
            for (int f = 0; f < features; f++) {
                double centred = values[from + f] * weight[f] - sum / features - normal[from + f] * along / features;
                values[from + f] = (float) (inverse[column] * centred);
            }
        }
        in.trained().put(values, 0, 0, values.length);
        affine.write(dWeight, dBias);
    }
}
