package io.tidemark.net.engine;

import io.tidemark.net.network.Attention;
import io.tidemark.net.network.BoundLayer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The textbook formulas of {@link Attention}, of one sample. */
final class ReferenceAttention implements Attention.Cases<double[]> {
    private final BoundLayer layer;
    private final Function<BoundLayer.Parameter, double[]> values;
    private final Map<String, double[]> marks;
    private final int sample;
    private final double[] x;

    /** @param marks what each mark kept of each sample, by its name and the sample's place in the batch */
    ReferenceAttention(
            BoundLayer layer,
            Function<BoundLayer.Parameter, double[]> values,
            Map<String, double[]> marks,
            int sample,
            double[] x) {
        this.layer = layer;
        this.values = values;
        this.marks = marks;
        this.sample = sample;
        this.x = x;
    }

    private double[] named(String suffix) {
        return values.apply(layer.parameter(suffix));
    }

    private double[] linear(double[] rows, String weight, String bias) {
        return ReferenceForward.linear(rows, named(weight), named(bias));
    }

    @Override
    public double[] layerNorm(Attention.LayerNorm norm) {
        int features = layer.input()[layer.input().length - 1];
        double[] y = new double[x.length];
        for (int r = 0; r < x.length; r += features) {
            double mean = 0;
            double variance = 0;
            for (int f = 0; f < features; f++) mean += x[r + f] / features;
            for (int f = 0; f < features; f++) variance += (x[r + f] - mean) * (x[r + f] - mean) / features;
            for (int f = 0; f < features; f++) {
                y[r + f] = (x[r + f] - mean) / Math.sqrt(variance + 1e-5) * named("weight")[f] + named("bias")[f];
            }
        }
        return y;
    }

    @Override
    public double[] self(Attention.SelfAttention attention) {
        double[][] parts = columns(linear(x, "qkv_weight", "qkv_bias"), layer.input()[1], 3);
        double[] seen = attend(parts[0], parts[1], parts[2], layer.input()[1], attention.heads(), attention.causal());
        return linear(seen, "out_weight", "out_bias");
    }

    @Override
    public double[] cross(Attention.CrossAttention attention) {
        double[] told = Objects.requireNonNull(marks.get(attention.from() + sample));
        double[][] pairs = columns(linear(told, "kv_weight", "kv_bias"), layer.input()[1], 2);
        double[] query = linear(x, "q_weight", "q_bias");
        double[] seen = attend(query, pairs[0], pairs[1], layer.input()[1], attention.heads(), false);
        return linear(seen, "out_weight", "out_bias");
    }

    /** Rows of several parts of so many features, part after part, as one array for each part. */
    private static double[][] columns(double[] rows, int features, int count) {
        double[][] parts = new double[count][rows.length / count];
        for (int i = 0; i < rows.length; i++) {
            int row = i / (count * features);
            parts[i / features % count][row * features + i % features] = rows[i];
        }
        return parts;
    }

    private static double[] attend(double[] q, double[] k, double[] v, int features, int heads, boolean causal) {
        int width = features / heads;
        int told = k.length / features;
        double[] seen = new double[q.length];
        for (int h = 0; h < heads; h++) {
            for (int t = 0; t < q.length / features; t++) {
                double[] looks = new double[told];
                double sum = 0;
                for (int u = 0; u < (causal ? t + 1 : told); u++) {
                    double dot = 0;
                    for (int i = h * width; i < (h + 1) * width; i++) dot += q[t * features + i] * k[u * features + i];
                    looks[u] = Math.exp(dot / Math.sqrt(width));
                    sum += looks[u];
                }
                for (int u = 0; u < told; u++) {
                    for (int i = h * width; i < (h + 1) * width; i++) {
                        seen[t * features + i] += looks[u] / sum * v[u * features + i];
                    }
                }
            }
        }
        return seen;
    }

    @Override
    public double[] position(Attention.Position position) {
        int features = layer.input()[1];
        double[] y = x.clone();
        for (int i = 0; i < y.length; i++) {
            int f = i % features;
            double angle = i / features / Math.pow(10_000, 2 * (f / 2) / (double) features);
            y[i] += f % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
        }
        return y;
    }

    @Override
    public double[] graph(Attention.GraphAttention graph) {
        int steps = layer.input()[0];
        int features = layer.input()[1];
        int units = layer.output()[1] / 2;
        double[][] v = rows(named("embedding"), units);
        double[][] w = rows(named("weight"), steps);
        double[][] a = rows(named("attention"), units);
        double[][] h = new double[features][units];
        for (int f = 0; f < features; f++)
            for (int u = 0; u < units; u++) for (int t = 0; t < steps; t++) h[f][u] += w[u][t] * x[t * features + f];
        double[] y = new double[layer.outputSize()];
        for (int i = 0; i < features; i++) {
            List<Integer> seen = new ArrayList<>(mostAlike(v, i, graph.neighbours()));
            seen.add(i);
            double[] looks = new double[features];
            double sum = 0;
            for (int j : seen) {
                double e = dot(a[0], v[i]) + dot(a[1], h[i]) + dot(a[2], v[j]) + dot(a[3], h[j]);
                looks[j] = Math.exp(e > 0 ? e : 0.2 * e);
                sum += looks[j];
            }
            for (int u = 0; u < units; u++) {
                double mixed = 0;
                for (int j : seen) mixed += looks[j] / sum * h[j][u];
                y[i * 2 * units + u] = v[i][u] * Math.max(0, mixed);
                y[i * 2 * units + units + u] = h[i][u];
            }
        }
        return y;
    }

    private static List<Integer> mostAlike(double[][] v, int i, int count) {
        List<Integer> others = new ArrayList<>();
        for (int j = 0; j < v.length; j++) if (j != i) others.add(j);
        others.sort(Comparator.comparingDouble(j -> -dot(v[i], v[j]) / Math.sqrt(dot(v[i], v[i]) * dot(v[j], v[j]))));
        return others.subList(0, Math.min(count, others.size()));
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int k = 0; k < one.length; k++) sum += one[k] * other[k];
        return sum;
    }

    private static double[][] rows(double[] values, int width) {
        double[][] rows = new double[values.length / width][width];
        for (int i = 0; i < values.length; i++) rows[i / width][i % width] = values[i];
        return rows;
    }
}
