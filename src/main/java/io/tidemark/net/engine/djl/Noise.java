package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.tidemark.net.engine.CounterRandom;
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
