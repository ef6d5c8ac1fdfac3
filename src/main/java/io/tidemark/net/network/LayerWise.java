package io.tidemark.net.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Greedy layer-wise pretraining of a stacked autoencoder (Bengio et al. 2007), by growth: stage k trains the k outermost dense
 * layers of the encoder with their mirrors in the decoder, and starts from the weights of stage k − 1. The last stage but one
 * lacks the innermost pair; the whole network then starts from it.
 *
 * <p>The network must be a row of dense layers, an even number of them, whose widths read the same from both ends. Layers
 * without weights before the first dense layer belong to every stage; those behind a dense layer go with it.
 */
public final class LayerWise {
    private LayerWise() {}

    /**
     * One stage.
     *
     * @param spec the small network
     * @param parameters each parameter's name prefix in the stage, such as {@code param/3.dense/}, to its prefix in the whole
     *     network
     */
    public record Stage(NetworkSpec spec, Map<String, String> parameters) {
        public Stage {
            parameters = Map.copyOf(parameters);
        }
    }

    /**
     * The stages before the training of the whole network, smallest first; none for two dense layers.
     *
     * @throws IllegalArgumentException when the layers do not mirror each other
     */
    public static List<Stage> stages(NetworkSpec spec) {
        List<Integer> dense = denseLayers(spec.layers());
        List<Stage> stages = new ArrayList<>();
        for (int pairs = 1; pairs < dense.size() / 2; pairs++) stages.add(stage(spec, dense, pairs));
        return stages;
    }

    private static Stage stage(NetworkSpec spec, List<Integer> dense, int pairs) {
        List<Layer> kept = new ArrayList<>();
        Map<String, String> parameters = new HashMap<>();
        int left = dense.get(pairs);
        int taken = dense.get(dense.size() - pairs);
        for (int i = 0; i < spec.layers().size(); i++) {
            if (i >= left && i < taken) continue;
            if (dense.contains(i)) parameters.put("param/" + kept.size() + ".dense/", "param/" + i + ".dense/");
            kept.add(spec.layers().get(i));
        }
        String suffix = "-stage-" + pairs;
        String name = spec.name().substring(0, Math.min(spec.name().length(), 64 - suffix.length())) + suffix;
        TrainingSpec training = spec.training().withPretraining(TrainingSpec.Pretraining.NONE);
        NetworkSpec small = new NetworkSpec(
                name,
                spec.kind(),
                spec.input(),
                spec.window(),
                NetworkSpec.Forecast.NONE,
                List.copyOf(kept),
                training,
                spec.normalisation());
        return new Stage(small, parameters);
    }

    /** The indices of the dense layers. */
    static List<Integer> denseLayers(List<Layer> layers) {
        List<Integer> dense = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            if (layer instanceof Layer.Dense) dense.add(i);
            else if (!weightless(layer)) throw unfit("has a layer " + layer.word());
        }
        if (dense.isEmpty() || dense.size() % 2 != 0) throw unfit("has " + dense.size() + " dense layers");
        return dense;
    }

    private static boolean weightless(Layer layer) {
        return layer instanceof Layer.Flatten
                || layer instanceof Layer.Activate
                || layer instanceof Layer.Dropout
                || layer instanceof Layer.GaussianNoise
                || layer instanceof Latent.L1Activity;
    }

    private static IllegalArgumentException unfit(String found) {
        return new IllegalArgumentException(
                "training.pretraining layer-wise needs an even number of dense layers and no"
                        + " other layer with weights or wiring, but the network " + found);
    }
}
