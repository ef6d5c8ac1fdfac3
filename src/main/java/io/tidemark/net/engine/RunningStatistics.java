package io.tidemark.net.engine;

import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.BoundLayer.Parameter;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The running means and variances of a replica's batch norms: one place that moves, loads and saves them for every engine. */
public final class RunningStatistics {
    private final Network network;
    private final Map<String, float[]> values = new LinkedHashMap<>();
    private final boolean normalisesVectors;

    public RunningStatistics(Network network) {
        this.network = network;
        for (Parameter running : network.running()) values.put(running.name(), new float[running.size()]);
        normalisesVectors = network.layers().stream()
                .anyMatch(layer -> layer.layer() instanceof Layer.BatchNorm && layer.input().length == 1);
    }

    /** The live means of a layer's features. */
    public float[] mean(BoundLayer layer) {
        return live(layer, 0);
    }

    /** The live variances of a layer's features. */
    public float[] variance(BoundLayer layer) {
        return live(layer, 1);
    }

    private float[] live(BoundLayer layer, int index) {
        float[] live = values.get(layer.running().get(index).name());
        if (live == null) throw new IllegalArgumentException("layer " + layer.index() + " is of another network");
        return live;
    }

    /** Moves a layer's statistics towards a batch's mean and unbiased variance. */
    public void move(BoundLayer layer, float[] mean, float[] variance) {
        move(mean(layer), mean);
        move(variance(layer), variance);
    }

    private static void move(float[] running, float[] batch) {
        for (int i = 0; i < running.length; i++) running[i] += Layer.BatchNorm.MOMENTUM * (batch[i] - running[i]);
    }

    /** @throws EngineException when a batch is too small to have a variance */
    public void requireVariance(int samples) {
        if (samples > 1 || !normalisesVectors) return;
        throw new EngineException(network.spec().name()
                + " has a batch-norm over vectors and needs at least 2 samples in a training batch,"
                + " but got 1; collect more, or leave the batch-norm out");
    }

    /** @throws EngineException when a statistic is absent or of another size */
    public void load(NetworkState state) {
        values.forEach((name, live) -> {
            NetworkState.Tensor tensor = state.tensors().get(name);
            if (tensor == null || tensor.values().length != live.length) {
                throw new EngineException(name + " must have shape " + Arrays.toString(new int[] {live.length})
                        + ", but " + (tensor == null ? "is absent" : "has " + Arrays.toString(tensor.shape()))
                        + "; the state is damaged");
            }
            System.arraycopy(tensor.values(), 0, live, 0, live.length);
        });
    }

    /** Adds copies to the tensors of a state. */
    public void save(Map<String, NetworkState.Tensor> tensors) {
        values.forEach(
                (name, live) -> tensors.put(name, new NetworkState.Tensor(new int[] {live.length}, live.clone())));
    }
}
