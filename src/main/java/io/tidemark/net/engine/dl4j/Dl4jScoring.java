package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.Confinement;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.Logistic;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Quantiles;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.engine.Weights;
import io.tidemark.net.network.Network;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs a network forward. Tapes are cut for a few sample counts only, two for each doubling; a smaller batch runs in the next
 * larger tape and the rest of its columns is ignored.
 */
final class Dl4jScoring implements ScoringReplica {
    private final Network network;
    private final int capacity;
    private final Parameters parameters;
    private final Memory memory = new Memory();
    private final Map<Integer, Tape> tapes = new HashMap<>();
    private final Confinement confinement;
    private final float[] input;
    private final float[] output;
    private final float[] flat;
    private boolean closed;

    Dl4jScoring(Network network, int capacity) {
        this.network = network;
        this.capacity = capacity;
        this.parameters = new Parameters(network, false);
        this.confinement =
                new Confinement("scoring replica of " + network.spec().name());
        this.input = new float[capacity * network.inputs().get(0).size()];
        this.output = new float[capacity * network.outputs().get(0).size()];
        this.flat = new float[parameters.count()];
        tape(capacity);
    }

    private Tape tape(int samples) {
        return tapes.computeIfAbsent(
                rounded(samples, capacity), n -> new Tape(network, parameters, memory, capacity, n));
    }

    /** The next of 1, 2, 3, 4, 6, 8, 12, 16, 24, … that holds so many samples, at most the capacity. */
    static int rounded(int samples, int capacity) {
        int size = Integer.highestOneBit(samples);
        if (size < samples) size = samples <= size + size / 2 ? size + size / 2 : 2 * size;
        return Math.min(size, capacity);
    }

    @Override
    public void load(NetworkState state) {
        guarded(() -> {
            Weights.copyIn(network, state, flat);
            parameters.running().load(state);
            parameters.values().put(flat, 0, 0, flat.length);
        });
    }

    @Override
    public float[] input(String name) {
        Ports.require(network.inputs(), name);
        return input;
    }

    @Override
    public void forward(int samples) {
        if (samples < 1 || samples > capacity) {
            throw new EngineException("samples must be in [1, " + capacity + "], but was " + samples);
        }
        guarded(() -> {
            Tape tape = tape(samples);
            int size = network.inputs().get(0).size();
            tape.input().values().put(input, 0, 0, samples * size);
            tape.forward();
            int outputSize = network.outputs().get(0).size();
            tape.output().values().get(output, 0, 0, samples * outputSize);
            if (network.reconstructsByLogistic()) Logistic.apply(output, samples * outputSize);
            int quantiles = network.spec().forecast().quantiles().size();
            if (quantiles > 1) Quantiles.rearrange(output, samples * outputSize / quantiles, quantiles);
        });
    }

    @Override
    public float[] output(String name) {
        Ports.require(network.outputs(), name);
        return output;
    }

    private void guarded(Runnable body) {
        confinement.enter();
        try {
            if (closed) throw new EngineException("the scoring replica is closed");
            body.run();
        } finally {
            confinement.leave();
        }
    }

    @Override
    public void close() {
        confinement.enter();
        try {
            if (closed) return;
            closed = true;
            tapes.clear();
            memory.close();
            parameters.close();
        } finally {
            confinement.leave();
        }
    }
}
