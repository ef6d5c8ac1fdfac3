package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.RunningStatistics;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Network;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A replica's parameters outside the heap, one after another, with their gradients when it trains. */
final class Parameters implements AutoCloseable {
    private final Map<String, Long> offsets = new HashMap<>();
    private final Block values;
    private final @Nullable Block gradients;
    private final int count;
    private final RunningStatistics running;
    private long seed;
    private long step;

    Parameters(Network network, boolean trains) {
        long offset = 0;
        for (BoundLayer.Parameter parameter : network.parameters()) {
            offsets.put(parameter.name(), offset);
            offset += parameter.size();
        }
        count = (int) offset;
        running = new RunningStatistics(network);
        values = new Block(Math.max(1, offset));
        gradients = trains ? new Block(Math.max(1, offset)) : null;
    }

    int count() {
        return count;
    }

    boolean trains() {
        return gradients != null;
    }

    Block values() {
        return values;
    }

    Block gradients() {
        if (gradients == null) throw new IllegalStateException("a scoring replica has no gradients");
        return gradients;
    }

    long offset(BoundLayer.Parameter parameter) {
        Long offset = offsets.get(parameter.name());
        if (offset == null) throw new IllegalArgumentException("no parameter " + parameter.name());
        return offset;
    }

    /** A layer's tensor as it is now. */
    void read(BoundLayer layer, String suffix, float[] into) {
        values.get(into, 0, offset(layer.parameter(suffix)), into.length);
    }

    /** Sets a gradient of a layer's tensor. */
    void teach(BoundLayer layer, String suffix, float[] gradient) {
        gradients().put(gradient, 0, offset(layer.parameter(suffix)), gradient.length);
    }

    RunningStatistics running() {
        return running;
    }

    long seed() {
        return seed;
    }

    long step() {
        return step;
    }

    /** Sets what noise is drawn from. */
    void at(long newSeed, long newStep) {
        seed = newSeed;
        step = newStep;
    }

    @Override
    public void close() {
        values.close();
        if (gradients != null) gradients.close();
    }
}
