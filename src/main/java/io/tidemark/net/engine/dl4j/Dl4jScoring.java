package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.Logistic;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Quantiles;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.engine.Weights;
import io.tidemark.net.network.Encoder;
import io.tidemark.net.network.Network;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs a network forward. Tapes are cut for a few sample counts only, two for each doubling; a smaller batch runs in the next
 * larger tape and the rest of its columns is ignored.
 */
final class Dl4jScoring extends Dl4jReplica implements ScoringReplica {
    private final Map<Integer, Tape> tapes = new HashMap<>();
    private final int codeSize;
    private final float[] code;

    Dl4jScoring(Network network, int capacity) {
        super("scoring replica", network, capacity, false);
        codeSize = Encoder.codeSize(network);
        code = new float[capacity * codeSize];
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
    public void forward(int samples) {
        requireSamples(samples);
        guarded(() -> {
            Tape tape = tape(samples);
            int size = network.inputs().get(0).size();
            tape.input().values().put(input, 0, 0, samples * size);
            tape.forward();
            int outputSize = network.outputs().get(0).size();
            tape.output().values().get(output, 0, 0, samples * outputSize);
            if (codeSize > 0) tape.code().values().get(code, 0, 0, samples * codeSize);
            if (network.reconstructsByLogistic()) Logistic.apply(output, samples * outputSize);
            int quantiles = network.spec().forecast().quantiles().size();
            if (quantiles > 1) Quantiles.rearrange(output, samples * outputSize / quantiles, quantiles);
        });
    }

    @Override
    public float[] output(String name) {
        return Ports.require(network.outputs(), name) == 0 ? output : code;
    }

    @Override
    void release() {
        tapes.clear();
    }
}
