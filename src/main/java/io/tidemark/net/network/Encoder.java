package io.tidemark.net.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a network's encoder ends: the layers that turn a sample into what the rest answers from.
 *
 * <ol>
 *   <li>Of a forecaster, every layer before the last one with weights, which is its head.
 *   <li>Of an autoencoder or a segmenter, the layers up to the narrowest array between its first and its last layer with weights: the
 *       code. Of several as narrow, up to the last, so that a network without a bottleneck ends before its head as well.
 *   <li>None where no layer with weights comes before that place. A {@link Discriminator} counts for neither.
 * </ol>
 */
final class Encoder {
    private Encoder() {}

    /** Layers of the encoder, from the first; 0 when the network has none. */
    static int length(Network network) {
        List<Integer> weighted = weighted(network);
        if (weighted.size() < 2) return 0;
        int first = weighted.get(0);
        int last = weighted.get(weighted.size() - 1);
        if (network.spec().kind() == NetworkSpec.Kind.FORECASTER) return last;
        int narrowest = first;
        for (int i = first + 1; i < last; i++) {
            if (network.layers().get(i).outputSize()
                    <= network.layers().get(narrowest).outputSize()) narrowest = i;
        }
        return narrowest + 1;
    }

    /** Indices of the layers with weights of their own, ascending. */
    static List<Integer> weighted(Network network) {
        List<Integer> weighted = new ArrayList<>();
        for (BoundLayer layer : network.layers()) {
            if (!layer.parameters().isEmpty() && !(layer.layer() instanceof Discriminator)) weighted.add(layer.index());
        }
        return weighted;
    }
}
