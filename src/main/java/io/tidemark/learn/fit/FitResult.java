package io.tidemark.learn.fit;

import io.tidemark.net.engine.NetworkState;

/**
 * @param best weights of the epoch with the lowest validation loss, of the last one without a validation part
 * @param last everything that decides the next step, so that training can go on
 */
public record FitResult(NetworkState best, NetworkState last, FitReport report) {
    /** The same with another report. */
    public FitResult with(FitReport changed) {
        return new FitResult(best, last, changed);
    }
}
