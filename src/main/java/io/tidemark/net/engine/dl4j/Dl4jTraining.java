package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.Confinement;
import io.tidemark.net.engine.Counter;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.Loss;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Optimiser;
import io.tidemark.net.engine.TrainingReplica;
import io.tidemark.net.engine.Weights;
import io.tidemark.net.network.Network;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trains a network: forward and backward on ND4J, loss and optimiser in Java. Keeps a tape for the full batch and one other size. */
final class Dl4jTraining implements TrainingReplica {
    private final Network network;
    private final int capacity;
    private final Parameters parameters;
    private final Memory memory = new Memory();
    private final Confinement confinement;
    private final Loss loss;
    private final Optimiser optimiser;
    private final float[] input;
    private final float[] output;
    private final float[] target;
    private final float[] weight;
    private final float[] outputGradient;
    private final float[] flat;
    private final float[] gradient;
    private final Tape full;
    private @Nullable Tape other;
    private int otherSamples;
    private long seed;
    private boolean closed;

    Dl4jTraining(Network network) {
        this.network = network;
        this.capacity = network.training().optimisation().batch();
        this.parameters = new Parameters(network, true);
        this.confinement =
                new Confinement("training replica of " + network.spec().name());
        this.loss = new Loss(network);
        this.optimiser = new Optimiser(network);
        this.input = new float[capacity * network.inputs().get(0).size()];
        this.output = new float[capacity * network.outputs().get(0).size()];
        this.outputGradient = new float[output.length];
        this.target = new float[capacity * network.targets().get(0).size()];
        this.weight = new float[target.length];
        Arrays.fill(weight, 1f);
        this.flat = new float[parameters.count()];
        this.gradient = new float[parameters.count()];
        this.full = new Tape(network, parameters, memory, capacity, capacity);
    }

    @Override
    public void load(NetworkState state) {
        guarded(() -> {
            Weights.copyIn(network, state, flat);
            parameters.running().load(state);
            optimiser.load(network, state);
            seed = Counter.read(state, Counter.SEED);
            parameters.values().put(flat, 0, 0, flat.length);
            return 0;
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
            return 0;
        });
        return new NetworkState(network.hash(), tensors);
    }

    @Override
    public float[] input(String name) {
        Ports.require(network.inputs(), name);
        return input;
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
    public float train(int samples) {
        if (samples < 1 || samples > capacity) {
            throw new EngineException("samples must be in [1, " + capacity + "], but was " + samples);
        }
        parameters.running().requireVariance(samples);
        return guarded(() -> step(samples));
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

    /** A step or a copy that only one thread may be in. */
    private interface Body {
        float run();
    }

    private float guarded(Body body) {
        confinement.enter();
        try {
            if (closed) throw new EngineException("the training replica is closed");
            return body.run();
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
            other = null;
            memory.close();
            parameters.close();
        } finally {
            confinement.leave();
        }
    }
}
