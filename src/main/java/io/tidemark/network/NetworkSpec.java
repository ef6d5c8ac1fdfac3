package io.tidemark.network;

import java.util.List;

/**
 * A declared architecture with its training set-up, as a file of {@code topology/zoo/} holds it.
 *
 * @param name in [a-z0-9-], at most 64 characters
 * @param kind what its output means
 * @param window rows it reads, oldest first; in [1, 4096]
 * @param horizon rows it forecasts; 0 for an autoencoder, else in [1, 512]
 * @param quantiles ascending, each in (0, 1), with 0.5 among them; empty for an autoencoder
 * @param layers at least one, first to last
 * @param training loss, optimiser, schedule and batch
 */
public record NetworkSpec(
        String name,
        Kind kind,
        int window,
        int horizon,
        List<Double> quantiles,
        List<Layer> layers,
        TrainingSpec training) {

    /** What a network's output means, and so how a sample's error is computed from it. */
    public enum Kind {
        /** Output {@code reconstruction} of the shape of input {@code window}; the error is that of the last row. */
        AUTOENCODER,
        /** Output {@code quantiles} of the rows after the window; the error is that of the first of them. */
        FORECASTER
    }

    public NetworkSpec {
        quantiles = List.copyOf(quantiles);
        layers = List.copyOf(layers);
    }

    /** Rows a sample must hold to be scored by this network: a forecaster needs the row it is asked about too. */
    public int rowsToScore() {
        return kind == Kind.FORECASTER ? window + 1 : window;
    }

    /** Rows a training example spans: window and targets. */
    public int rowsToTrain() {
        return window + horizon;
    }
}
