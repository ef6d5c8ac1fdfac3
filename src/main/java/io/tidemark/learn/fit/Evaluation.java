package io.tidemark.learn.fit;

import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Loss;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.OutOfMemoryException;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;

/** Runs states of one network over examples without teaching it. Owned by one thread. */
public final class Evaluation implements AutoCloseable {
    private static final int CAPACITY = 256;

    private final Network network;
    private final ScoringReplica replica;
    private final int capacity;
    private final Loss loss;
    private final String output;
    private final int outputSize;
    private final int targetSize;
    private final int quantiles;
    private final int median;
    private final boolean segmenter;
    private final float[] target;
    private final float[] weight;
    private final float[] slope;

    /** @throws io.tidemark.net.engine.EngineException when the engine cannot run the network */
    public Evaluation(Engine engine, Network network) {
        this.network = network;
        NetworkSpec spec = network.spec();
        int room = CAPACITY;
        ScoringReplica opened = null;
        while (opened == null) {
            try {
                opened = engine.scoring(network, room);
            } catch (OutOfMemoryException e) {
                if (room == 1) throw e;
                room /= 2;
            }
        }
        replica = opened;
        capacity = room;
        loss = new Loss(network);
        output = network.outputs().get(0).name();
        outputSize = network.outputs().get(0).size();
        targetSize = network.targets().get(0).size();
        quantiles = Math.max(1, spec.forecast().quantiles().size());
        median = Math.max(0, spec.forecast().quantiles().indexOf(0.5));
        segmenter = spec.kind() == NetworkSpec.Kind.SEGMENTER;
        target = new float[capacity * targetSize];
        weight = new float[target.length];
        slope = new float[capacity * outputSize];
    }

    /** Errors of a state over all examples of a set, of what counts in their targets. */
    public Errors errors(NetworkState state, ExampleSet examples) {
        if (examples.size() == 0) return Errors.NONE;
        replica.load(state);
        double lost = 0;
        ErrorSums sums = new ErrorSums();
        for (int from = 0; from < examples.size(); from += capacity) {
            int count = forward(examples, from);
            float[] given = replica.output(output);
            lost += count * loss(count, given);
            for (int i = 0; i < count * targetSize; i++) {
                if (weight[i] != 0) sums.add(value(given, i) - target[i]);
            }
        }
        return sums.means(examples.size(), lost / examples.size());
    }

    /**
     * The error of the row that each example is about: mean over features of |expected − actual| of an autoencoder's last row,
     * which for an image is all of it, or of a forecaster's first.
     */
    public double[] rowErrors(NetworkState state, ExampleSet examples) {
        replica.load(state);
        double[] errors = new double[examples.size()];
        int features = Math.min(network.features(), targetSize);
        boolean forecaster = network.spec().kind() == NetworkSpec.Kind.FORECASTER;
        int row = forecaster ? 0 : targetSize - features;
        for (int from = 0; from < errors.length; from += capacity) {
            int count = forward(examples, from);
            float[] given = replica.output(output);
            for (int k = 0; k < count; k++) {
                int at = k * targetSize + row;
                double sum = 0;
                for (int f = 0; f < features; f++) sum += Math.abs(value(given, at + f) - target[at + f]);
                errors[from + k] = sum / features;
            }
        }
        return errors;
    }

    private int forward(ExampleSet examples, int from) {
        int count = Math.min(capacity, examples.size() - from);
        float[] input = replica.input(Network.WINDOW);
        for (int k = 0; k < count; k++) {
            examples.copy(from + k, input, target, k);
            examples.weigh(from + k, weight, k);
        }
        replica.forward(count);
        return count;
    }

    private float value(float[] given, int element) {
        float value = given[element * quantiles + median];
        return segmenter ? (float) (1 / (1 + Math.exp(-value))) : value;
    }

    private double loss(int count, float[] given) {
        if (!network.reconstructsByLogistic()) return loss.evaluate(count, given, target, weight, slope);
        double sum = 0;
        double elements = 0;
        for (int i = 0; i < count * targetSize; i++) {
            if (weight[i] == 0) continue;
            elements++;
            double p = Math.max(1e-7, Math.min(1 - 1e-7, given[i]));
            sum -= target[i] * Math.log(p) + (1 - target[i]) * Math.log1p(-p);
        }
        return sum / elements;
    }

    @Override
    public void close() {
        replica.close();
    }
}
