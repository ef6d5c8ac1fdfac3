package io.tidemark.learn.fit;

import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import java.util.Optional;
import java.util.function.Function;

/**
 * A simple rule that a network has to beat.
 *
 * @param name such as {@code PCA, 100 components}
 * @param errors its errors on a set of examples
 */
public record Baseline(String name, Function<ExampleSet, Errors> errors) {

    /**
     * The rule for a network: for an autoencoder principal components of its inputs, as many as the values of its code; for a
     * forecaster the last row of the window, again and again. None for a segmenter, for principal components themselves, and
     * where a code is no smaller than the input.
     *
     * @param train what the rule learns from
     */
    public static Optional<Baseline> of(Network network, ExampleSet train) {
        return switch (network.spec().kind()) {
            case FORECASTER -> Optional.of(new Baseline("last value", test -> lastValue(network, test)));
            case SEGMENTER -> Optional.empty();
            case AUTOENCODER -> {
                int code = new Footprint(network).codeSize();
                boolean closed = network.training().method().isClosedForm();
                if (closed || code >= network.inputs().get(0).size()) yield Optional.empty();
                PrincipalComponents components = PrincipalComponents.of(train, code);
                yield Optional.of(new Baseline("PCA, " + code + " components", components::errors));
            }
        };
    }

    private static Errors lastValue(Network network, ExampleSet examples) {
        if (examples.size() == 0) return Errors.NONE;
        NetworkSpec spec = network.spec();
        int features = network.features();
        int last = (spec.window() - 1) * features;
        float[] input = new float[examples.inputSize()];
        float[] target = new float[examples.targetSize()];
        float[] weight = new float[target.length];
        ErrorSums sums = new ErrorSums();
        for (int e = 0; e < examples.size(); e++) {
            examples.copy(e, input, target, 0);
            examples.weigh(e, weight, 0);
            for (int i = 0; i < target.length; i++) {
                if (weight[i] != 0) sums.add(input[last + i % features] - target[i]);
            }
        }
        return sums.means(examples.size(), Double.NaN);
    }
}
