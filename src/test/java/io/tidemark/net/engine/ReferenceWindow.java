package io.tidemark.net.engine;

import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.Normalisation;

/** Level and scale of one window by their definition, feature by feature. */
record ReferenceWindow(Network network, double[] level, double[] scale) {

    static ReferenceWindow of(Network network, double[] window) {
        NetworkSpec spec = network.spec();
        int features = network.features();
        double[] level = new double[features];
        double[] scale = new double[features];
        int known = spec.window() - (spec.kind() == NetworkSpec.Kind.FORECASTER ? 0 : 1);
        for (int f = 0; f < features; f++) {
            scale[f] = 1;
            if (!spec.normalisation().changes()) continue;
            double mean = 0;
            for (int r = 0; r < known; r++) mean += window[r * features + f] / known;
            double variance = 0;
            for (int r = 0; r < known; r++) variance += Math.pow(window[r * features + f] - mean, 2) / known;
            boolean last = spec.normalisation().level() == Normalisation.Level.LAST;
            level[f] = last ? window[(known - 1) * features + f] : mean;
            if (spec.normalisation().scale() == Normalisation.Scale.WINDOW) {
                scale[f] = Math.max(Normalisation.SCALE_MIN, Math.sqrt(variance));
            }
        }
        return new ReferenceWindow(network, level, scale);
    }

    double[] relative(double[] rows) {
        double[] relative = rows.clone();
        for (int i = 0; i < rows.length && network.spec().normalisation().changes(); i++) {
            int f = i % network.features();
            relative[i] = (rows[i] - level[f]) / scale[f];
        }
        return relative;
    }

    double[] absolute(double[] output) {
        double[] absolute = output.clone();
        int quantiles = Math.max(1, network.spec().forecast().quantiles().size());
        for (int i = 0; i < output.length && network.spec().normalisation().changes(); i++) {
            int f = i / quantiles % network.features();
            absolute[i] = level[f] + scale[f] * output[i];
        }
        return absolute;
    }
}
