package io.tidemark.net.engine;

import io.tidemark.net.network.Network;
import java.util.Set;

/**
 * A training replica whose network learns from windows and targets made relative, and whose caller fills in absolute ones. The loss is
 * that of what the network sees.
 */
public final class NormalisedTraining implements TrainingReplica {
    private final TrainingReplica inner;
    private final WindowNormaliser normaliser;
    private final String output;
    private final float[] raw;
    private final float[] target;

    private NormalisedTraining(TrainingReplica inner, Network network) {
        this.inner = inner;
        this.output = network.outputs().get(0).name();
        this.raw = new float[inner.input(Network.WINDOW).length];
        this.target = new float[inner.target(output).length];
        this.normaliser = new WindowNormaliser(
                network, raw.length / network.inputs().get(0).size());
    }

    /** The replica as the network's declared normalisation wants it; the replica itself where there is none. */
    public static TrainingReplica of(Network network, TrainingReplica replica) {
        return network.spec().normalisation().changes() ? new NormalisedTraining(replica, network) : replica;
    }

    @Override
    public void load(NetworkState state) {
        inner.load(state);
    }

    @Override
    public NetworkState state() {
        return inner.state();
    }

    @Override
    public float[] input(String name) {
        return name.equals(Network.WINDOW) ? raw : inner.input(name);
    }

    @Override
    public float[] target(String name) {
        return name.equals(output) ? target : inner.target(name);
    }

    @Override
    public float[] weight(String name) {
        return inner.weight(name);
    }

    @Override
    public void learningRate(double rate) {
        inner.learningRate(rate);
    }

    @Override
    public void freeze(Set<String> parameters) {
        inner.freeze(parameters);
    }

    @Override
    public float train(int samples) {
        float[] relative = inner.input(Network.WINDOW);
        float[] wanted = inner.target(output);
        for (int i = 0; i < samples; i++) {
            normaliser.window(raw, relative, i);
            normaliser.target(target, wanted, i);
        }
        return inner.train(samples);
    }

    @Override
    public void close() {
        inner.close();
    }
}
