package io.tidemark.learn.tuning;

/** One training run that can be paused and taken up again. Owned by one thread. */
public interface Trial extends AutoCloseable {

    /**
     * Trains on.
     *
     * @param steps optimiser steps; at least 1
     * @return the error on the validation part after them, lower is better; not finite when training diverged
     */
    double train(int steps);

    @Override
    void close();
}
