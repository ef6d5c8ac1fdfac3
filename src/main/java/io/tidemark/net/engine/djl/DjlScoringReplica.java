package io.tidemark.net.engine.djl;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import io.tidemark.net.engine.Logistic;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Quantiles;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.engine.Weights;
import io.tidemark.net.network.Encoder;
import io.tidemark.net.network.Network;

/** Weights and buffers to run a network forward on PyTorch. */
final class DjlScoringReplica implements ScoringReplica {
    private final Network network;
    private final int capacity;
    private final Replica replica;
    private final float[] weights;
    private final int quantiles;
    private final int quantileGroups;
    private final boolean logistic;
    private final int codeSize;
    private final float[] code;

    DjlScoringReplica(Network network, int capacity, Device device) {
        this.network = network;
        this.capacity = capacity;
        replica = Replica.open(network, capacity, device, false);
        weights = new float[Math.toIntExact(network.parameterCount())];
        quantiles = network.spec().forecast().quantiles().size();
        logistic = network.reconstructsByLogistic();
        quantileGroups = network.targets().get(0).size();
        codeSize = Encoder.codeSize(network);
        code = new float[Math.multiplyExact(capacity, codeSize)];
    }

    @Override
    public void load(NetworkState state) {
        replica.guarded(() -> {
            Weights.copyIn(network, state, weights);
            replica.running.load(state);
            replica.weights.put(weights);
        });
    }

    @Override
    public float[] input(String name) {
        return replica.input(name);
    }

    @Override
    public void forward(int samples) {
        replica.compute("run", samples, manager -> {
            JniUtils.setGradMode(false);
            Batch batch = replica.batch(manager, rounded(samples, capacity), 0, 0);
            replica.read(replica.forward(batch), samples);
            if (codeSize > 0) Replica.read(batch.marked(Batch.CODE), samples, codeSize, code);
        });
        if (logistic) Logistic.apply(replica.output, samples * quantileGroups);
        if (quantiles > 1) Quantiles.rearrange(replica.output, samples * quantileGroups, quantiles);
    }

    /**
     * The least size of at most 16 in each doubling that holds so many samples: batches of any size would break the C library's
     * memory into pieces of any size, and the samples in excess, which nobody reads, cost a sixteenth at most.
     */
    static int rounded(int samples, int capacity) {
        int step = Math.max(1, Integer.highestOneBit(samples) / 16);
        return Math.min(capacity, (samples + step - 1) / step * step);
    }

    @Override
    public float[] output(String name) {
        if (codeSize > 0 && name.equals(Network.CODE)) return code;
        replica.checkName(name, network.outputs().get(0).name(), "output");
        return replica.output;
    }

    /** Native arrays that live as long as this replica. */
    int nativeArrays() {
        return replica.nativeArrays();
    }

    @Override
    public void close() {
        replica.close();
    }
}
