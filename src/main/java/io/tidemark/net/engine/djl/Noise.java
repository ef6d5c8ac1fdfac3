package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.tidemark.net.engine.CounterRandom;
import io.tidemark.net.engine.NoisyLevels;
import io.tidemark.net.network.BoundLayer;

/** Random values for a layer, drawn in Java by seed, layer, training step and element, as every engine draws them. */
final class Noise {
    private final String name;
    private final int size;
    private final HostBuffer buffer;
    private final Draw draw;

    /** One value from the numbers of a step. */
    interface Draw {
        float at(CounterRandom random, int element);
    }

    /** @param shape of the values of one sample */
    Noise(BoundLayer layer, int[] shape, NDManager host, int capacity, Draw draw) {
        int values = 1;
        for (int s : shape) values *= s;
        this.name = "noise/" + layer.index();
        this.size = values;
        this.buffer = new HostBuffer(host, capacity, shape);
        this.draw = draw;
    }

    /** From {@code [row, value]} to a value from a row drawn at random for each: the other rows are multiplied by 0. */
    static Operation drawnRow(BoundLayer layer, NDManager host, int capacity) {
        int rows = layer.input()[0];
        int size = layer.input()[1];
        Noise chosen = new Noise(layer, layer.input(), host, capacity, (random, i) -> {
            int element = i / (rows * size) * size + i % size;
            return NoisyLevels.drawn(random, element, rows) == i / size % rows ? 1f : 0f;
        });
        return (batch, x) -> x.mul(chosen.draw(batch)).sum(new int[] {1});
    }

    NDArray draw(Batch batch) {
        return draw(batch, batch.samples());
    }

    /** One sample's values for the whole batch. */
    NDArray drawOnce(Batch batch) {
        return draw(batch, 1);
    }

    private NDArray draw(Batch batch, int samples) {
        CounterRandom random = CounterRandom.of(batch.seed(), name, batch.step());
        int elements = samples * size;
        for (int i = 0; i < elements; i++) buffer.values[i] = draw.at(random, i);
        return buffer.batch(batch.manager(), samples);
    }
}
