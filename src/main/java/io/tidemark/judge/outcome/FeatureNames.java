package io.tidemark.judge.outcome;

import java.util.List;

/**
 * The names of a stream's features in order, encoded once as the keys of JSON objects.
 *
 * <p>Immutable: one instance serves every series of a stream and every thread.
 */
public final class FeatureNames {
    /** No features: what a status record has when its event could not be read. */
    public static final FeatureNames NONE = new FeatureNames(List.of());

    private final List<String> names;
    private final byte[][] quoted;

    public FeatureNames(List<String> names) {
        this.names = List.copyOf(names);
        quoted = new byte[names.size()][];
        JsonBuffer json = new JsonBuffer(64);
        for (int i = 0; i < quoted.length; i++)
            quoted[i] = json.clear().string(names.get(i)).toBytes();
    }

    public int size() {
        return quoted.length;
    }

    public String name(int feature) {
        return names.get(feature);
    }

    public List<String> names() {
        return names;
    }

    /** The name as a JSON string, quotes included; shared, never to be written to. */
    byte[] quoted(int feature) {
        return quoted[feature];
    }
}
