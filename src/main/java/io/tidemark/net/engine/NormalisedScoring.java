package io.tidemark.net.engine;

import io.tidemark.net.network.Network;

/** A scoring replica whose network sees windows made relative, and whose caller sees neither: inputs and outputs are absolute. */
public final class NormalisedScoring implements ScoringReplica {
    private final ScoringReplica inner;
    private final WindowNormaliser normaliser;
    private final String output;
    private final float[] raw;

    private NormalisedScoring(ScoringReplica inner, Network network) {
        this.inner = inner;
        this.raw = new float[inner.input(Network.WINDOW).length];
        this.normaliser = new WindowNormaliser(
                network, raw.length / network.inputs().get(0).size());
        this.output = network.outputs().get(0).name();
    }

    /** The replica as the network's declared normalisation wants it; the replica itself where there is none. */
    public static ScoringReplica of(Network network, ScoringReplica replica) {
        return network.spec().normalisation().changes() ? new NormalisedScoring(replica, network) : replica;
    }

    @Override
    public void load(NetworkState state) {
        inner.load(state);
    }

    @Override
    public float[] input(String name) {
        return name.equals(Network.WINDOW) ? raw : inner.input(name);
    }

    @Override
    public void forward(int samples) {
        float[] relative = inner.input(Network.WINDOW);
        for (int i = 0; i < samples; i++) normaliser.window(raw, relative, i);
        inner.forward(samples);
        float[] given = inner.output(output);
        for (int i = 0; i < samples; i++) normaliser.absolute(given, i);
    }

    @Override
    public float[] output(String name) {
        return inner.output(name);
    }

    @Override
    public void close() {
        inner.close();
    }
}
