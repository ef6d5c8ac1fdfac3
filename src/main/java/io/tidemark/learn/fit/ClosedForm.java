package io.tidemark.learn.fit;

import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.Network;

/**
 * Weights that are computed instead of trained.
 *
 * @param meanSquaredError of what the network says, over what the weights were computed from or a held-out part of it
 */
public record ClosedForm(NetworkState state, double meanSquaredError) {

    /**
     * Computes the weights of a network whose method of training is a closed form.
     *
     * @param examples in scale units of the series; at least one
     * @throws IllegalArgumentException when the network is trained by steps
     */
    public static ClosedForm of(Network network, ExampleSet examples) {
        ExampleSet seen = RelativeExamples.of(network, examples);
        return switch (network.training().method()) {
            case PCA -> {
                PrincipalComponents components = PrincipalComponents.of(seen, PrincipalComponents.codeSize(network));
                yield new ClosedForm(components.state(network), components.meanSquaredError());
            }
            case RIDGE -> new LinearForecast(network).fit(seen);
            case GRADIENT ->
                throw new IllegalArgumentException(
                        "network " + network.spec().name() + " is trained by steps, not in closed form");
        };
    }
}
