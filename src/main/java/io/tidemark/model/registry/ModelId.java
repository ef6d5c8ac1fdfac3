package io.tidemark.model.registry;

import org.jspecify.annotations.Nullable;

/**
 * What versions are counted for: a network of a stream.
 *
 * @param stream in [a-z0-9-]; at least checked to be there and without '/'
 * @param network likewise
 */
public record ModelId(String stream, String network) implements Comparable<ModelId> {
    public ModelId {
        check("stream", stream);
        check("network", network);
    }

    private static void check(String what, @Nullable String name) {
        if (name == null || name.isEmpty() || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("a model's " + what + " must be a name without '/', but was " + name);
        }
    }

    /** As people write it: {@code STREAM/NETWORK}. */
    @Override
    public String toString() {
        return stream + "/" + network;
    }

    @Override
    public int compareTo(ModelId other) {
        int byStream = stream.compareTo(other.stream);
        return byStream != 0 ? byStream : network.compareTo(other.network);
    }
}
