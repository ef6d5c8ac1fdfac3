package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.Neighbours;
import io.tidemark.net.network.Attention;
import io.tidemark.net.network.BoundLayer;
import java.util.Arrays;

/**
 * Attention of every feature to its neighbours, in Java, with the steps of each feature made its own row first.
 *
 * <pre>
 *   x [sample, step, feature] → h = W·x [sample, feature, unit] → shares α [sample, feature, neighbour]
 *   → mixed = Σ α·h → out [sample, feature, (v ∘ relu(mixed), h)]
 * </pre>
 */
final class GraphAttentionStep implements TapeStep {
    private static final float SLOPE = Attention.GraphAttention.SLOPE;

    private final Tape tape;
    private final BoundLayer layer;
    private final TapeSlot in;
    private final TapeSlot out;
    private final int steps;
    private final int features;
    private final int units;
    private final Neighbours neighbours;
    private final int looks;
    private int[] chosen = {};
    private final float[] embedding;
    private final float[] weight;
    private final float[] attention;
    private final float[] x;
    private final float[] h;
    private final float[] mixed;
    private final float[] shares;
    /** What the shares are the softmax of, before the leaky ReLU. */
    private final float[] raw;

    private final float[] output;

    GraphAttentionStep(Tape tape, BoundLayer layer, Attention.GraphAttention graph, TapeSlot in, TapeSlot out) {
        this.tape = tape;
        this.layer = layer;
        this.in = in;
        this.out = out;
        this.steps = layer.input()[0];
        this.features = layer.input()[1];
        this.units = layer.output()[1] / 2;
        this.neighbours = new Neighbours(features, units, graph.neighbours());
        this.looks = neighbours.count();
        int samples = in.samples();
        embedding = new float[features * units];
        weight = new float[units * steps];
        attention = new float[4 * units];
        x = new float[in.length()];
        h = new float[samples * features * units];
        mixed = new float[h.length];
        shares = new float[samples * features * looks];
        raw = new float[shares.length];
        output = new float[out.length()];
    }

    @Override
    public void forward() {
        in.values().get(x, 0, 0, x.length);
        tape.parameters().read(layer, "embedding", embedding);
        tape.parameters().read(layer, "weight", weight);
        tape.parameters().read(layer, "attention", attention);
        chosen = neighbours.of(embedding);
        float[] asking = new float[features];
        float[] telling = new float[features];
        for (int sample = 0; sample < in.samples(); sample++) {
            project(sample);
            for (int f = 0; f < features; f++) {
                int row = (sample * features + f) * units;
                asking[f] = dot(attention, 0, embedding, f * units) + dot(attention, units, h, row);
                telling[f] = dot(attention, 2 * units, embedding, f * units) + dot(attention, 3 * units, h, row);
            }
            for (int f = 0; f < features; f++) mix(sample, f, asking, telling);
        }
        out.values().put(output, 0, 0, output.length);
    }

    /** Every feature's steps times the weight. */
    private void project(int sample) {
        for (int f = 0; f < features; f++) {
            int row = (sample * features + f) * units;
            for (int u = 0; u < units; u++) {
                float sum = 0;
                int at = sample * steps * features + f;
                for (int t = 0; t < steps; t++, at += features) sum += weight[u * steps + t] * x[at];
                h[row + u] = sum;
            }
        }
    }

    private float dot(float[] a, int from, float[] b, int at) {
        float sum = 0;
        for (int u = 0; u < units; u++) sum += a[from + u] * b[at + u];
        return sum;
    }

    private void mix(int sample, int feature, float[] asking, float[] telling) {
        int node = sample * features + feature;
        int at = node * looks;
        float most = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < looks; k++) {
            raw[at + k] = asking[feature] + telling[chosen[feature * looks + k]];
            most = Math.max(most, leaky(raw[at + k]));
        }
        double sum = 0;
        for (int k = 0; k < looks; k++) {
            double e = Math.exp(leaky(raw[at + k]) - most);
            shares[at + k] = (float) e;
            sum += e;
        }
        int row = node * units;
        Arrays.fill(mixed, row, row + units, 0f);
        for (int k = 0; k < looks; k++) {
            shares[at + k] = (float) (shares[at + k] / sum);
            int other = (sample * features + chosen[feature * looks + k]) * units;
            for (int u = 0; u < units; u++) mixed[row + u] += shares[at + k] * h[other + u];
        }
        for (int u = 0; u < units; u++) {
            output[2 * row + u] = embedding[feature * units + u] * Math.max(0, mixed[row + u]);
            output[2 * row + units + u] = h[row + u];
        }
    }

    private static float leaky(float value) {
        return value > 0 ? value : SLOPE * value;
    }

    @Override
    public void backward() {
        out.trained().get(output, 0, 0, output.length);
        float[] dEmbedding = new float[embedding.length];
        float[] dWeight = new float[weight.length];
        float[] dAttention = new float[attention.length];
        float[] dx = new float[x.length];
        float[] dh = new float[features * units];
        float[] dAsking = new float[features];
        float[] dTelling = new float[features];
        for (int sample = 0; sample < in.samples(); sample++) {
            Arrays.fill(dAsking, 0f);
            Arrays.fill(dTelling, 0f);
            for (int f = 0; f < features; f++) {
                int row = (sample * features + f) * units;
                System.arraycopy(output, 2 * row + units, dh, f * units, units);
            }
            for (int f = 0; f < features; f++) unmix(sample, f, dEmbedding, dh, dAsking, dTelling);
            for (int f = 0; f < features; f++) {
                int row = (sample * features + f) * units;
                for (int u = 0; u < units; u++) {
                    int own = f * units + u;
                    dEmbedding[own] += dAsking[f] * attention[u] + dTelling[f] * attention[2 * units + u];
                    dh[own] += dAsking[f] * attention[units + u] + dTelling[f] * attention[3 * units + u];
                    dAttention[u] += dAsking[f] * embedding[own];
                    dAttention[units + u] += dAsking[f] * h[row + u];
                    dAttention[2 * units + u] += dTelling[f] * embedding[own];
                    dAttention[3 * units + u] += dTelling[f] * h[row + u];
                }
            }
            unproject(sample, dh, dWeight, dx);
        }
        in.trained().put(dx, 0, 0, dx.length);
        tape.parameters().teach(layer, "embedding", dEmbedding);
        tape.parameters().teach(layer, "weight", dWeight);
        tape.parameters().teach(layer, "attention", dAttention);
    }

    /** From the slope of a feature's output to that of its vector, of what it mixed and of the shares. */
    private void unmix(int sample, int feature, float[] dEmbedding, float[] dh, float[] dAsking, float[] dTelling) {
        int node = sample * features + feature;
        int row = node * units;
        int at = node * looks;
        float[] dMixed = new float[units];
        for (int u = 0; u < units; u++) {
            float slope = output[2 * row + u];
            dEmbedding[feature * units + u] += slope * Math.max(0, mixed[row + u]);
            dMixed[u] = mixed[row + u] > 0 ? slope * embedding[feature * units + u] : 0;
        }
        float[] dShares = new float[looks];
        double along = 0;
        for (int k = 0; k < looks; k++) {
            int other = chosen[feature * looks + k];
            float sum = 0;
            for (int u = 0; u < units; u++) {
                sum += dMixed[u] * h[(sample * features + other) * units + u];
                dh[other * units + u] += shares[at + k] * dMixed[u];
            }
            dShares[k] = sum;
            along += (double) sum * shares[at + k];
        }
        for (int k = 0; k < looks; k++) {
            float slope = shares[at + k] * (float) (dShares[k] - along) * (raw[at + k] > 0 ? 1 : SLOPE);
            dAsking[feature] += slope;
            dTelling[chosen[feature * looks + k]] += slope;
        }
    }

    private void unproject(int sample, float[] dh, float[] dWeight, float[] dx) {
        for (int f = 0; f < features; f++) {
            for (int u = 0; u < units; u++) {
                float slope = dh[f * units + u];
                int at = sample * steps * features + f;
                for (int t = 0; t < steps; t++, at += features) {
                    dWeight[u * steps + t] += slope * x[at];
                    dx[at] += slope * weight[u * steps + t];
                }
            }
        }
    }
}
