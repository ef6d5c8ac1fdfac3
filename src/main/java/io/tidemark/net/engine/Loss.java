package io.tidemark.net.engine;

import io.tidemark.net.network.Network;
import io.tidemark.net.network.TrainingSpec;
import java.util.List;

/**
 * A network's training loss and its gradient over primitive arrays: a weighted mean Σ w·l / Σ w over the elements of the
 * target, for quantiles a mean over the quantiles too. An element of weight 0 counts nowhere, whatever its target, even NaN; with
 * no weight at all the loss is 0.
 */
public final class Loss {
    private static final double SMOOTH = 0.01;

    private final TrainingSpec.Loss kind;
    private final double delta;
    private final double positiveWeight;
    private final float[] quantiles;
    private final int targetSize;

    public Loss(Network network) {
        this.kind = network.training().objective().loss();
        this.delta = network.training().objective().delta();
        this.positiveWeight = network.training().objective().positiveWeight();
        List<Double> declared = network.spec().forecast().quantiles();
        this.quantiles = new float[declared.size()];
        for (int i = 0; i < quantiles.length; i++)
            quantiles[i] = declared.get(i).floatValue();
        this.targetSize = network.targets().get(0).size();
    }

    /**
     * @param samples samples in the arrays, from the first
     * @param output {@code [sample, …]} as the network gave it
     * @param target {@code [sample, …]}
     * @param weight of the target's shape
     * @param gradient receives the slope of the loss by each output
     * @return the loss; NaN when an output is
     */
    public double evaluate(int samples, float[] output, float[] target, float[] weight, float[] gradient) {
        int elements = samples * targetSize;
        double sum = 0;
        for (int i = 0; i < elements; i++) sum += weight[i];
        if (!(sum > 0)) {
            java.util.Arrays.fill(gradient, 0, elements * Math.max(1, quantiles.length), 0f);
            return 0;
        }
        double scale = 1 / sum;
        return switch (kind) {
            case QUANTILE -> pinball(elements, output, target, weight, gradient, scale / quantiles.length);
            case MSE -> squared(elements, output, target, weight, gradient, scale);
            case MAE -> absolute(elements, output, target, weight, gradient, scale);
            case SMOOTH_L1 -> smooth(elements, output, target, weight, gradient, scale);
            case HUBER -> huber(elements, output, target, weight, gradient, scale);
            case BINARY_CROSS_ENTROPY -> crossEntropy(elements, output, target, weight, gradient, scale);
        };
    }

    private static double squared(
            int n, float[] output, float[] target, float[] weight, float[] gradient, double scale) {
        double loss = 0;
        for (int i = 0; i < n; i++) {
            double w = weight[i] * scale;
            double d = w == 0 ? 0 : (double) output[i] - target[i];
            loss += w * d * d;
            gradient[i] = (float) (2 * w * d);
        }
        return loss;
    }

    private static double absolute(
            int n, float[] output, float[] target, float[] weight, float[] gradient, double scale) {
        double loss = 0;
        for (int i = 0; i < n; i++) {
            double w = weight[i] * scale;
            double d = w == 0 ? 0 : (double) output[i] - target[i];
            loss += w * Math.abs(d);
            gradient[i] = (float) (w * Math.signum(d));
        }
        return loss;
    }

    private static double smooth(
            int n, float[] output, float[] target, float[] weight, float[] gradient, double scale) {
        double loss = 0;
        for (int i = 0; i < n; i++) {
            double w = weight[i] * scale;
            double d = w == 0 ? 0 : (double) output[i] - target[i];
            double root = Math.sqrt(d * d + SMOOTH);
            loss += w * root;
            gradient[i] = (float) (w * d / root);
        }
        return loss;
    }

    private double huber(int n, float[] output, float[] target, float[] weight, float[] gradient, double scale) {
        double loss = 0;
        for (int i = 0; i < n; i++) {
            double w = weight[i] * scale;
            double d = w == 0 ? 0 : (double) output[i] - target[i];
            double size = Math.abs(d);
            loss += w * (size <= delta ? d * d / 2 : delta * (size - delta / 2));
            gradient[i] = (float) (w * (size <= delta ? d : delta * Math.signum(d)));
        }
        return loss;
    }

    /** (1 − t)·z + (1 + (p − 1)·t)·log(1 + e^−z), written so that it does not overflow. */
    private double crossEntropy(int n, float[] output, float[] target, float[] weight, float[] gradient, double scale) {
        double loss = 0;
        for (int i = 0; i < n; i++) {
            double w = weight[i] * scale;
            double z = w == 0 ? 0 : output[i];
            double t = w == 0 ? 0 : target[i];
            double small = Math.exp(-Math.abs(z));
            double logistic = z >= 0 ? 1 / (1 + small) : small / (1 + small);
            double share = 1 + (positiveWeight - 1) * t;
            loss += w * ((1 - t) * z + share * (Math.log1p(small) + Math.max(-z, 0)));
            gradient[i] = (float) (w * (share * logistic - positiveWeight * t));
        }
        return loss;
    }

    private double pinball(int n, float[] output, float[] target, float[] weight, float[] gradient, double scale) {
        int count = quantiles.length;
        double loss = 0;
        for (int i = 0; i < n; i++) {
            double w = weight[i] * scale;
            for (int q = 0; q < count; q++) {
                int at = i * count + q;
                double under = w == 0 ? 0 : (double) target[i] - output[at];
                double slope = under > 0 ? quantiles[q] : under < 0 ? quantiles[q] - 1 : 0;
                loss += w * slope * under;
                gradient[at] = (float) (-w * slope);
                if (Double.isNaN(under)) loss = Double.NaN;
            }
        }
        return loss;
    }
}
