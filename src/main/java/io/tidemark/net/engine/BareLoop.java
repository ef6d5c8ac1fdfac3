package io.tidemark.net.engine;

/**
 * A network as a program without Tidemark would run it: written with an engine's library alone, by that library's own layers,
 * losses and optimiser. It is what {@code tidemark bench engines} holds an engine against, and serves nothing else.
 *
 * <p>Its weights are its own, so its outputs mean nothing. Owned by one thread, the one that opened it.
 */
public interface BareLoop extends AutoCloseable {

    /** Floats to fill before a call, {@code [batch, …]} of the network's input. */
    float[] input();

    /** Floats to fill before {@link #train}, {@code [batch, …]} of the network's target. */
    float[] target();

    /** Brings the input to the library, runs the network forward and brings its output back to the heap. */
    void score();

    /** Brings input and target to the library and takes one optimiser step. */
    void train();

    @Override
    void close();
}
