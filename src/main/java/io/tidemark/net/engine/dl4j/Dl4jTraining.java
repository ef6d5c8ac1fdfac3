package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.Counter;
import io.tidemark.net.engine.Loss;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Optimiser;
import io.tidemark.net.engine.TrainingReplica;
import io.tidemark.net.engine.Weights;
import io.tidemark.net.network.Network;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Trains a network: forward and backward on ND4J, loss and optimiser in Java. Keeps a tape for the full batch and one other size. */
final class Dl4jTraining extends Dl4jReplica implements TrainingReplica {
    private final Loss loss;
    private final Optimiser optimiser;
    private final float[] target;
    private final float[] weight;
    private final float[] outputGradient;
    private final float[] gradient;
    private final Tape full;
    private @Nullable Tape other;
    private int otherSamples;
    private long seed;
    /** Of the newest step. */
    private float lost;

    Dl4jTraining(Network network) {
        super("training replica", network, network.training().optimisation().batch(), true);
        loss = new Loss(network);
        optimiser = new Optimiser(network);
        outputGradient = new float[output.length];
        target = new float[capacity * network.targets().get(0).size()];
        weight = new float[target.length];
        Arrays.fill(weight, 1f);
        gradient = new float[parameters.count()];
        full = new Tape(network, parameters, memory, capacity, capacity);
    }

    @Override
    public void load(NetworkState state) {
        guarded(() -> {
            Weights.copyIn(network, state, flat);
            parameters.running().load(state);
            optimiser.load(network, state);
            seed = Counter.read(state, Counter.SEED);
            parameters.values().put(flat, 0, 0, flat.length);
        });
    }

    @Override
    public NetworkState state() {
        Map<String, NetworkState.Tensor> tensors = new LinkedHashMap<>();
        guarded(() -> {
            Weights.copyOut(network, flat, tensors);
            parameters.running().save(tensors);
            optimiser.save(network, tensors);
            tensors.put(Counter.SEED, Counter.encode(seed));
        });
        return new NetworkState(network.hash(), tensors);
    }

    @Override
    public float[] target(String name) {
        Ports.require(network.targets(), name);
        return target;
    }

    @Override
    public float[] weight(String name) {
        Ports.require(network.targets(), name);
        return weight;
    }

    @Override
    public void learningRate(double rate) {
        optimiser.learningRate(rate);
    }

    @Override
    public void freeze(Set<String> names) {
        optimiser.freeze(network, names);
    }

    @Override
    public float train(int samples) {
        requireSamples(samples);
        parameters.running().requireVariance(samples);
        guarded(() -> lost = step(samples));
        return lost;
    }

    private float step(int samples) {
        Tape tape = tape(samples);
        parameters.at(seed, optimiser.step());
        tape.input().values().put(input, 0, 0, tape.input().length());
        tape.forward();
        int outputs = tape.output().length();
        tape.output().values().get(output, 0, 0, outputs);
        double before = loss.evaluate(samples, output, target, weight, outputGradient);
        if (Double.isNaN(before) || Double.isInfinite(before)) return (float) before;
        tape.output().trained().put(outputGradient, 0, 0, outputs);
        tape.backward();
        parameters.gradients().get(gradient, 0, 0, gradient.length);
        if (!optimiser.update(flat, gradient)) return Float.NaN;
        tape.accepted();
        parameters.values().put(flat, 0, 0, flat.length);
        return (float) before;
    }

    private Tape tape(int samples) {
        if (samples == capacity) return full;
        if (other == null || otherSamples != samples) {
            other = new Tape(network, parameters, memory, capacity, samples);
            otherSamples = samples;
        }
        return other;
    }

    @Override
    void release() {
        other = null;
    }
}
