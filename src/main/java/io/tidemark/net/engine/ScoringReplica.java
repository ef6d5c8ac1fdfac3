package io.tidemark.net.engine;

/**
 * One network's weights with the buffers to run it forward, owned by one thread.
 *
 * <p>Inputs and outputs are arrays that live as long as the replica: fill {@link #input}, call {@link #forward}, read
 * {@link #output}. Nothing is allocated for a batch. Names and shapes are those of
 * {@link io.tidemark.net.network.Network#inputs()} and {@link io.tidemark.net.network.Network#outputs()}, with the sample first.
 */
public interface ScoringReplica extends AutoCloseable {

    /** Copies weights in; the next {@link #forward} uses them. Optimiser state in it is ignored. */
    void load(NetworkState state);

    /** The buffer of a named input, {@code [batchCapacity, …]} row-major. */
    float[] input(String name);

    /**
     * Runs the first {@code samples} samples of the inputs.
     *
     * @param samples in [1, batchCapacity]
     */
    void forward(int samples);

    /** The buffer of a named output, {@code [batchCapacity, …]} row-major; valid until the next {@link #forward}. */
    float[] output(String name);

    @Override
    void close();
}
