package io.tidemark.net.network;

import java.util.List;
import java.util.Optional;

/**
 * Where trained weights come from. What a method asks of a network and what it is called stands here, so that a new one is added in
 * this place and where its weights are computed.
 */
public enum TrainingMethod {
    /** Steps of the optimiser over batches. */
    GRADIENT(TrainingSpec.Loss.SMOOTH_L1, "steps along the gradient"),

    /** The principal components of the examples, in closed form (Pearson 1901); for two dense layers without activation. */
    PCA(TrainingSpec.Loss.MSE, "principal components in closed form") {
        @Override
        Optional<String> problem(NetworkSpec.Kind kind, List<Layer> layers, TrainingSpec.Loss loss) {
            boolean fits = kind == NetworkSpec.Kind.AUTOENCODER
                    && loss == TrainingSpec.Loss.MSE
                    && layers.size() == 3
                    && layers.get(0) instanceof Layer.Flatten
                    && layers.get(1) instanceof Layer.Dense code
                    && code.activation() == Activation.IDENTITY
                    && layers.get(2) instanceof Layer.Dense output
                    && output.activation() == Activation.IDENTITY
                    && output.units() instanceof Units.Output;
            if (fits) return Optional.empty();
            return Optional.of(
                    "training.method pca is for an autoencoder of flatten, dense: {units: …} and dense: {units:"
                            + " output}, both without activation, and loss mse");
        }
    },

    /**
     * A ridge regression of a forecaster's targets on its window, each feature by itself, in closed form (Hoerl and Kennard 1970);
     * for one layer {@link PerFeature}.
     */
    RIDGE(TrainingSpec.Loss.QUANTILE, "ridge regression in closed form") {
        @Override
        Optional<String> problem(NetworkSpec.Kind kind, List<Layer> layers, TrainingSpec.Loss loss) {
            boolean fits =
                    kind == NetworkSpec.Kind.FORECASTER && layers.size() == 1 && layers.get(0) instanceof PerFeature;
            if (fits) return Optional.empty();
            return Optional.of("training.method ridge is for a forecaster whose one layer is per-feature");
        }
    };

    private final TrainingSpec.Loss defaultLoss;
    private final String summary;

    TrainingMethod(TrainingSpec.Loss defaultLoss, String summary) {
        this.defaultLoss = defaultLoss;
        this.summary = summary;
    }

    /** Whether weights are computed anew from all examples instead of led by steps. */
    public boolean isClosedForm() {
        return this != GRADIENT;
    }

    /** What it does, in a few words. */
    public String summary() {
        return summary;
    }

    /** What is lowered where no loss is declared. */
    TrainingSpec.Loss defaultLoss() {
        return defaultLoss;
    }

    /** Why it cannot give the weights of such a network; empty when it can. */
    Optional<String> problem(NetworkSpec.Kind kind, List<Layer> layers, TrainingSpec.Loss loss) {
        return Optional.empty();
    }
}
