package io.tidemark.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.tidemark.engine.CounterRandom;
import io.tidemark.network.BoundLayer;

/** Random values for a layer's input, drawn in Java by seed, layer, training step and element, as every engine draws them. */
final class Noise {
    private final String name;
    private final int size;
    private final HostBuffer buffer;
    private final Draw draw;

    /** One value from the numbers of a step. */
    interface Draw {
        float at(CounterRandom random, int element);
    }

    Noise(BoundLayer layer, NDManager host, int capacity, Draw draw) {
        this.name = "noise/" + layer.index();
        this.size = layer.inputSize();
        this.buffer = new HostBuffer(host, capacity, layer.input());
        this.draw = draw;
    }

    NDArray draw(Batch batch) {
        CounterRandom random = CounterRandom.of(batch.seed(), name, batch.step());
        int elements = batch.samples() * size;
        for (int i = 0; i < elements; i++) buffer.values[i] = draw.at(random, i);
        return buffer.batch(batch.manager(), batch.samples());
    }
}
