package io.tidemark.model.registry;

/**
 * What versions are counted for: a network of a stream.
 *
 * @param stream in [a-z0-9-]
 * @param network in [a-z0-9-]
 */
public record ModelId(String stream, String network) implements Comparable<ModelId> {

    /** As people write it: {@code STREAM/NETWORK}. */
    @Override
    public String toString() {
        return stream + "/" + network;
    }

    @Override
    public int compareTo(ModelId other) {
        return toString().compareTo(other.toString());
    }
}
