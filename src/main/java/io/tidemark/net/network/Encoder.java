package io.tidemark.net.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
public final class Encoder {
    private Encoder() {}

    /**
     * The same network with its code as a second output, {@link Network#CODE}: what the encoder's last layer gives while the
     * network scores. Weights and their meaning stay as they are.
     *
     * @return empty for a forecaster, and where the code is narrower neither than the input nor than what the first layer with weights
     *     gives
     */
    public static Optional<Network> givingCode(Network network) {
        int length = length(network);
        if (length == 0 || network.spec().kind() == NetworkSpec.Kind.FORECASTER) return Optional.empty();
        Network.Port code =
                new Network.Port(Network.CODE, network.layers().get(length - 1).output());
        int first = network.layers().get(weighted(network).get(0)).outputSize();
        if (code.size() >= Math.max(network.inputs().get(0).size(), first)) return Optional.empty();
        return Optional.of(new Network(
                network.spec(),
                network.features(),
                network.inputs(),
                List.of(network.outputs().get(0), code),
                network.targets(),
                network.layers()));
    }

    /** Values of the code that a network gives; 0 where it gives none. */
    public static int codeSize(Network network) {
        return network.outputs().stream().skip(1).mapToInt(Network.Port::size).sum();
    }

    /** Index of the layer whose output is the code that a network gives; -1 where it gives none. */
    public static int codeLayer(Network network) {
        return codeSize(network) > 0 ? length(network) - 1 : -1;
    }

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
