package io.tidemark.registry;

import io.tidemark.engine.FakeEngine;
import io.tidemark.engine.NetworkState;
import io.tidemark.engine.TestNetworks;
import io.tidemark.network.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Manifests and weights for tests. */
public final class TestModels {
    private TestModels() {}

    public static ModelVersion draft(String stream, Network network, int version) {
        return new ModelVersion(
                ModelVersion.FORMAT,
                stream,
                network.spec().name(),
                version,
                network.hash(),
                network.canonical(),
                network.features(),
                1,
                version - 1,
                "fake/cpu 1",
                1000L * version,
                10,
                0.25,
                1_700_000_000_000L,
                256,
                0.5,
                Double.NaN,
                null,
                "",
                List.of(),
                "",
                "");
    }

    public static ModelVersion draft(int version) {
        return draft("pump", TestNetworks.autoencoder().bind(1), version);
    }

    /** A state with a large tensor beside the gain, so that it takes several chunks. */
    static NetworkState large(float gain, int floats) {
        NetworkState small = FakeEngine.state(TestNetworks.autoencoder().bind(1), gain);
        Map<String, NetworkState.Tensor> tensors = new LinkedHashMap<>(small.tensors());
        float[] values = new float[floats];
        for (int i = 0; i < floats; i++) values[i] = gain + i;
        tensors.put("param/large", new NetworkState.Tensor(new int[] {floats}, values));
        return new NetworkState(small.specHash(), tensors);
    }

    static float gain(NetworkState state) {
        NetworkState.Tensor tensor = state.tensors().get("param/gain");
        return tensor == null ? Float.NaN : tensor.values()[0];
    }
}
