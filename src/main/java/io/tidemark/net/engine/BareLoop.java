package io.tidemark.net.engine;

import io.tidemark.net.network.Network;

/**
 * A network as a program without Tidemark would run it: written with an engine's library alone, by that library's own layers,
 * losses and optimiser. It is what {@code tidemark bench engines} holds an engine against, and serves nothing else.
 *
 * <p>Its weights are its own, so its outputs mean nothing. Owned by one thread, the one that opened it.
 */
public abstract class BareLoop implements AutoCloseable {
    private final float[] input;
    private final float[] target;

    /** @param batch samples of every call */
    protected BareLoop(Network network, int batch) {
        input = new float[Math.multiplyExact(batch, network.inputs().get(0).size())];
        target = new float[Math.multiplyExact(batch, network.targets().get(0).size())];
    }

    /** Floats to fill before a call, {@code [batch, …]} of the network's input. */
    public final float[] input() {
        return input;
    }

    /** Floats to fill before {@link #train}, {@code [batch, …]} of the network's target. */
    public final float[] target() {
        return target;
    }

    /** Brings the input to the library, runs the network forward and brings its output back to the heap. */
    public abstract void score();

    /** Brings input and target to the library and takes one optimiser step. */
    public abstract void train();

    @Override
    public abstract void close();
}
