package io.tidemark.net.engine.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
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

/**
 * A network with its optimiser. PyTorch runs the layers forward and, by automatic differentiation, backward; the loss and the
 * optimiser are the ones in Java that every engine shares, so that engines differ in the layers' rounding only.
 *
 * <p>DJL's own gradient collector allows one collection at a time in a process; this class calls what lies below it, so that
 * replicas train side by side.
 */
final class DjlTrainingReplica implements TrainingReplica {
    private final Network network;
    private final Replica replica;
    private final Loss loss;
    private final Optimiser optimiser;
    private final float[] weights;
    private final float[] gradient;
    private final String targetName;
    private final float[] target;
    private final float[] elementWeight;
    private final HostBuffer outputGradient;
    private long seed;
    /** Of the newest step. */
    private float lost;

    DjlTrainingReplica(Network network, Device device) {
        this.network = network;
        int capacity = network.training().optimisation().batch();
        replica = Replica.open(network, capacity, device, true);
        int parameters = Math.toIntExact(network.parameterCount());
        loss = new Loss(network);
        optimiser = new Optimiser(network);
        weights = new float[parameters];
        gradient = new float[parameters];
        Network.Port port = network.targets().get(0);
        targetName = port.name();
        target = new float[Math.multiplyExact(capacity, port.size())];
        elementWeight = new float[target.length];
        Arrays.fill(elementWeight, 1);
        outputGradient =
                new HostBuffer(replica.host, capacity, network.outputs().get(0).shape());
    }

    @Override
    public void load(NetworkState state) {
        replica.guarded(() -> {
            Weights.copyIn(network, state, weights);
            optimiser.load(network, state);
            replica.running.load(state);
            seed = Counter.read(state, Counter.SEED);
            replica.weights.put(weights);
        });
    }

    @Override
    public NetworkState state() {
        replica.checkOpen();
        Map<String, NetworkState.Tensor> tensors = new LinkedHashMap<>();
        Weights.copyOut(network, weights, tensors);
        replica.running.save(tensors);
        optimiser.save(network, tensors);
        tensors.put(Counter.SEED, Counter.encode(seed));
        return new NetworkState(network.hash(), tensors);
    }

    @Override
    public float[] input(String name) {
        return replica.input(name);
    }

    @Override
    public float[] target(String name) {
        replica.checkName(name, targetName, "target");
        return target;
    }

    @Override
    public float[] weight(String name) {
        replica.checkName(name, targetName, "target");
        return elementWeight;
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
        replica.running.requireVariance(samples);
        replica.compute("train", samples, manager -> {
            try {
                lost = step(manager, samples);
            } finally {
                JniUtils.setGradMode(false);
            }
        });
        return lost;
    }

    private float step(NDManager manager, int samples) {
        JniUtils.setGradMode(true);
        Batch batch = replica.batch(manager, samples, seed, optimiser.step());
        NDArray output = replica.forward(batch);
        replica.read(output, samples);
        double before = loss.evaluate(samples, replica.output, target, elementWeight, outputGradient.values);
        if (!Double.isFinite(before)) return (float) before;
        NDArray slope = outputGradient.batch(manager, samples);
        backward(output, slope, batch);
        JniUtils.setGradMode(false);
        gather(batch);
        if (!optimiser.update(weights, gradient)) return Float.NaN;
        replica.weights.put(weights);
        batch.onAccepted().forEach(Runnable::run);
        return (float) before;
    }

    /** The layers' own terms are scalars beside the loss, whose slope is known for each output. */
    private static void backward(NDArray output, NDArray slope, Batch batch) {
        if (batch.terms().isEmpty()) {
            JniUtils.backward((PtNDArray) output, (PtNDArray) slope, false, false);
            return;
        }
        NDArray lowered = output.mul(slope).sum();
        for (NDArray term : batch.terms()) lowered = lowered.add(term);
        NDArray one = batch.manager().ones(lowered.getShape());
        JniUtils.backward((PtNDArray) lowered, (PtNDArray) one, false, false);
    }

    /** One copy to the host for all parameters. */
    private void gather(Batch batch) {
        NDList parts = new NDList();
        for (NDArray leaf : batch.parameters().values()) {
            parts.add(JniUtils.getGradient((PtNDArray) leaf).reshape(-1));
        }
        NDArrays.concat(parts).toByteBuffer(true).asFloatBuffer().get(gradient, 0, gradient.length);
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
