package io.tidemark.model.inference;

import io.tidemark.config.ImageSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.net.network.Encoder;
import io.tidemark.net.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which of a stream's networks gives the codes that the stream declares. */
public final class CodedNetworks {
    /** Values that a code has at most. */
    public static final int VALUES_MAX = 4096;

    private CodedNetworks() {}

    /**
     * The networks as a worker runs them: where codes are declared, the first that has a code of at most {@value #VALUES_MAX} values
     * gives it. The code of a frame of several tiles is theirs one behind another.
     *
     * @param networks bound to the stream, in declared order
     * @throws IllegalArgumentException when codes are declared and no network can give one
     */
    public static List<Network> of(StreamSpec stream, List<Network> networks) {
        if (!stream.codes()) return networks;
        int inputs = stream.input().image().map(ImageSpec::tileCount).orElse(1);
        List<Network> coded = new ArrayList<>(networks);
        for (int i = 0; i < coded.size(); i++) {
            Optional<Network> giving = Encoder.givingCode(coded.get(i))
                    .filter(network -> inputs * Encoder.codeSize(network) <= VALUES_MAX);
            if (giving.isEmpty()) continue;
            coded.set(i, giving.get());
            return List.copyOf(coded);
        }
        throw new IllegalArgumentException("outputs.codes needs an autoencoder with a bottleneck, of at most "
                + VALUES_MAX + " values, among networks, such as dense-ae or image-dense-ae; there "
                + (networks.size() == 1 ? "is " : "are ")
                + (networks.isEmpty()
                        ? "none"
                        : String.join(
                                ", ",
                                networks.stream().map(n -> n.spec().name()).toList())));
    }
}
