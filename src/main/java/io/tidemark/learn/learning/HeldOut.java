package io.tidemark.learn.learning;

import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Measures a state of a network on examples whose newest row is among the rows held out. */
final class HeldOut implements AutoCloseable {
    /** Examples measured at most; more are thinned evenly. */
    static final int EXAMPLES_MAX = 256;
    /** Values of all examples at most, so that large frames are measured on fewer. */
    private static final int VALUES_MAX = 1 << 17;

    private static final int EXAMPLES_LEAST = 8;

    private final Examples examples;
    private final TaughtRows rows;
    private final ScoringReplica replica;
    private final NetworkSpec.Kind kind;
    private final int features;
    private final int window;
    private final int horizon;
    private final int quantiles;
    private final int median;
    private final float[] target;
    private final int examplesMax;

    HeldOut(Engine engine, Network network, Examples examples, TaughtRows rows) {
        NetworkSpec spec = network.spec();
        this.examples = examples;
        this.rows = rows;
        this.examplesMax = Math.max(
                EXAMPLES_LEAST,
                Math.min(EXAMPLES_MAX, VALUES_MAX / network.inputs().get(0).size()));
        this.replica = engine.scoring(network, examplesMax);
        this.kind = spec.kind();
        this.features = network.features();
        this.window = spec.window();
        this.horizon = spec.forecast().horizon();
        this.quantiles = spec.forecast().quantiles().size();
        this.median = spec.forecast().quantiles().indexOf(0.5);
        this.target = new float[examplesMax * network.targets().get(0).size()];
    }

    /** Series index and index of the last row of every example whose newest row taught at or after an arrival. */
    int[][] every(long from) {
        List<int[]> found = new ArrayList<>();
        for (int s = 0; s < rows.all.size(); s++) {
            SeriesRows series = rows.all.get(s);
            for (int i = series.before(from); i < series.size(); i++) {
                if (examples.at(s, i)) found.add(new int[] {s, i});
            }
        }
        return found.toArray(int[][]::new);
    }

    ReferenceErrors measure(NetworkState state, long from) {
        int[][] found = every(from);
        int count = Math.min(examplesMax, found.length);
        if (count == 0) return ReferenceErrors.NONE;
        for (int k = 0; k < count; k++) {
            int[] example = found[(int) ((long) k * found.length / count)];
            examples.at(example[0], example[1]);
            examples.fill(replica.input(Network.WINDOW), target, k);
        }
        replica.load(state);
        replica.forward(count);
        double[] errors = new double[count];
        for (int k = 0; k < count; k++) errors[k] = error(k);
        Arrays.sort(errors);
        for (double error : errors)
            if (!Double.isFinite(error)) return new ReferenceErrors(count, Double.NaN, Double.NaN);
        return new ReferenceErrors(count, errors[count / 2], errors[Math.min(count - 1, count * 9 / 10)]);
    }

    private double error(int k) {
        return switch (kind) {
            case AUTOENCODER -> reconstruction(k);
            case FORECASTER -> forecast(k);
            case SEGMENTER -> alarm(k);
        };
    }

    /** Mean chance of a defect that a segmenter sees in a frame that taught. */
    private double alarm(int k) {
        float[] logits = replica.output(Network.LOGITS);
        int pixels = target.length / examplesMax;
        double sum = 0;
        for (int i = 0; i < pixels; i++) sum += 1 / (1 + Math.exp(-logits[k * pixels + i]));
        return sum / pixels;
    }

    private double reconstruction(int k) {
        float[] output = replica.output(Network.RECONSTRUCTION);
        int at = (k * window + window - 1) * features;
        double sum = 0;
        for (int f = 0; f < features; f++) sum += Math.abs(output[at + f] - target[at + f]);
        return sum / features;
    }

    private double forecast(int k) {
        float[] output = replica.output(Network.QUANTILES);
        int at = k * horizon * features;
        double sum = 0;
        for (int f = 0; f < features; f++) {
            sum += Math.abs(output[(at + f) * quantiles + median] - target[at + f]);
        }
        return sum / features;
    }

    /** Event time of the newest kept row that teaches; 0 when there is none. */
    long lastTimeMs() {
        long newest = 0;
        for (SeriesRows series : rows.all) {
            int i = series.size() - 1;
            while (i >= 0 && !series.row(i).teaches) i--;
            if (i >= 0) newest = Math.max(newest, series.row(i).timeMs);
        }
        return newest;
    }

    @Override
    public void close() {
        replica.close();
    }
}
