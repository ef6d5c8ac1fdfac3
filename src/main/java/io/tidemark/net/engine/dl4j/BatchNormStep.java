package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Layer;
import java.util.Arrays;

/** Batch norm in Java, with sums in double precision: one pass for the means, one for the variances, one for the values. */
final class BatchNormStep implements TapeStep {
    private final Tape tape;
    private final BoundLayer layer;
    private final TapeSlot in;
    private final TapeSlot out;
    private final int features;
    private final int run;
    private final float[] values;
    private final float[] normal;
    private final ScaleAndShift affine;
    private final double[] mean;
    private final double[] inverse;
    private final double[] squares;

    BatchNormStep(Tape tape, BoundLayer layer, TapeSlot in, TapeSlot out) {
        this.tape = tape;
        this.layer = layer;
        this.in = in;
        this.out = out;
        int[] shape = layer.input();
        this.features = layer.parameter("weight").size();
        this.run = shape.length == 3 ? shape[1] * shape[2] : 1;
        this.values = new float[in.length()];
        this.normal = new float[in.length()];
        this.affine = new ScaleAndShift(tape, layer);
        this.mean = new double[features];
        this.inverse = new double[features];
        this.squares = new double[features];
    }

    private int feature(int element) {
        return element / run % features;
    }

    private double count() {
        return (double) values.length / features;
    }

    @Override
    public void forward() {
        in.values().get(values, 0, 0, values.length);
        affine.read();
        if (tape.trains()) measure();
        else recall();
        for (int i = 0; i < values.length; i++) {
            int f = feature(i);
            normal[i] = (float) ((values[i] - mean[f]) * inverse[f]);
            values[i] = normal[i] * affine.weight[f] + affine.bias[f];
        }
        out.values().put(values, 0, 0, values.length);
    }

    private void measure() {
        Arrays.fill(mean, 0);
        Arrays.fill(squares, 0);
        for (int i = 0; i < values.length; i++) mean[feature(i)] += values[i];
        for (int f = 0; f < features; f++) mean[f] /= count();
        for (int i = 0; i < values.length; i++) {
            double d = values[i] - mean[feature(i)];
            squares[feature(i)] += d * d;
        }
        for (int f = 0; f < features; f++) {
            inverse[f] = 1 / Math.sqrt(squares[f] / count() + Layer.BatchNorm.EPSILON);
        }
    }

    private void recall() {
        float[] runningMean = tape.running().mean(layer);
        float[] runningVariance = tape.running().variance(layer);
        for (int f = 0; f < features; f++) {
            mean[f] = runningMean[f];
            inverse[f] = 1 / Math.sqrt(runningVariance[f] + Layer.BatchNorm.EPSILON);
        }
    }

    @Override
    public void backward() {
        out.trained().get(values, 0, 0, values.length);
        double[] slopes = new double[features];
        double[] along = new double[features];
        for (int i = 0; i < values.length; i++) {
            int f = feature(i);
            slopes[f] += values[i];
            along[f] += values[i] * (double) normal[i];
        }
        for (int i = 0; i < values.length; i++) {
            int f = feature(i);
            double centred = values[i] - slopes[f] / count() - normal[i] * along[f] / count();
            values[i] = (float) (affine.weight[f] * inverse[f] * centred);
        }
        in.trained().put(values, 0, 0, values.length);
        affine.write(floats(along), floats(slopes));
    }

    @Override
    public void accepted() {
        double[] variance = new double[features];
        for (int f = 0; f < features; f++) variance[f] = squares[f] / (count() - 1);
        tape.running().move(layer, floats(mean), floats(variance));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        return floats;
    }
}
