package io.tidemark.net.network;

/**
 * Every value of a forecaster's output from the steps of its own feature alone: {@code [step, feature]} to {@code [horizon, feature,
 * quantile]}, by a row of {@code weight [horizon·feature·quantile, step]} and a value of {@code bias} each. A dense layer over the whole
 * window would have as many weights more as there are features.
 */
public record PerFeature() implements Layer {
    @Override
    public <T> T match(Cases<T> cases) {
        return cases.perFeature(this);
    }

    @Override
    public String word() {
        return "per-feature";
    }
}
