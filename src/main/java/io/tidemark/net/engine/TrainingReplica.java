package io.tidemark.net.engine;

import java.util.Set;

/**
 * One network with its optimiser, owned by one thread. Buffers as in {@link ScoringReplica}; every output has a target and a
 * weight buffer of its target's shape (a weight of 0 leaves an element out).
 */
public interface TrainingReplica extends AutoCloseable {

    /** Copies parameters, running statistics, optimiser state and counters in. */
    void load(NetworkState state);

    /** A copy of everything that decides what the next {@link #train} does. */
    NetworkState state();

    /** The buffer of a named input, {@code [batch, …]}. */
    float[] input(String name);

    /** The buffer of the target of a named output, {@code [batch, …]}. */
    float[] target(String name);

    /** The element weights of the same shape as {@link #target}; 1 everywhere at first. */
    float[] weight(String name);

    /**
     * Sets the learning rate of the steps that follow, in [0, 1]; at first it is the network's own. It is not part of
     * {@link #state}: whoever trains by a schedule sets it again after {@link #load}.
     */
    void learningRate(double rate);

    /**
     * Holds parameters at their values in the steps that follow: these and no others; at first none. The optimiser's state follows
     * their gradients all the same, so that they move on without a jolt once they are named no more. Running statistics are not
     * held. It is not part of {@link #state}, as the learning rate.
     *
     * @param parameters names, {@code param/…}
     * @throws EngineException when the network has no parameter of a name; nothing is changed then
     */
    void freeze(Set<String> parameters);

    /**
     * One optimiser step on the first {@code samples} samples.
     *
     * @param samples in [1, network.training().batch()]
     * @return the weighted mean loss before the step, without regularisation and the layers' own terms ({@link
     *     io.tidemark.net.network.Latent}); NaN or infinite when training diverged, and then
     *     nothing was changed: the parameters and the step count stay as they were
     */
    float train(int samples);

    @Override
    void close();
}
