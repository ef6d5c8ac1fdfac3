package io.tidemark.learn.fit;

import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.LayerWise;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The stages of {@link LayerWise} before the training of the whole network, each from the weights of the one before. */
final class Pretraining {
    /** Share of every limit that is left to the whole network. */
    static final double REST = 0.5;

    private final Engine engine;
    private final FitSettings settings;
    private final Augmentation augmentation;
    private final Fit.Listener listener;
    private final LongSupplier cpuNanos;

    /**
     * @param state the whole network's first weights
     * @param stages reports, smallest network first
     */
    record Outcome(NetworkState state, List<FitReport> stages) {}

    Pretraining(
            Engine engine,
            FitSettings settings,
            Augmentation augmentation,
            Fit.Listener listener,
            LongSupplier cpuNanos) {
        this.engine = engine;
        this.settings = settings;
        this.augmentation = augmentation;
        this.listener = listener;
        this.cpuNanos = cpuNanos;
    }

    Outcome run(Network network, ExampleSet train, ExampleSet validation) {
        List<LayerWise.Stage> stages = LayerWise.stages(network.spec());
        Fit fit = new Fit(engine, settings.times((1 - REST) / stages.size()), augmentation, listener, cpuNanos);
        NetworkState state = engine.initialState(network, settings.seed());
        List<FitReport> reports = new ArrayList<>();
        for (LayerWise.Stage stage : stages) {
            Network small = bound(stage.spec(), network);
            NetworkState first = taken(small, stage, state);
            FitResult result = fit.run(small, first, train, validation);
            state = given(stage, result.best(), state);
            reports.add(result.report());
        }
        return new Outcome(state, reports);
    }

    private static Network bound(NetworkSpec spec, Network like) {
        int[] input = like.inputs().get(0).shape();
        boolean image = spec.input() == NetworkSpec.Input.IMAGE;
        return image ? spec.bind(input[0], input[1], input[2]) : spec.bind(like.features());
    }

    /** The stage's first weights: those of the whole network under the stage's names. */
    private NetworkState taken(Network small, LayerWise.Stage stage, NetworkState whole) {
        NetworkState fresh = engine.initialState(small, settings.seed());
        Map<String, NetworkState.Tensor> tensors = new LinkedHashMap<>(fresh.tensors());
        tensors.replaceAll((name, tensor) -> whole.tensors().getOrDefault(renamed(name, stage), tensor));
        return new NetworkState(fresh.specHash(), tensors);
    }

    /** The whole network's weights with what the stage has learnt. */
    private static NetworkState given(LayerWise.Stage stage, NetworkState learnt, NetworkState whole) {
        Map<String, NetworkState.Tensor> tensors = new LinkedHashMap<>(whole.tensors());
        learnt.tensors().forEach((name, tensor) -> tensors.computeIfPresent(renamed(name, stage), (n, old) -> tensor));
        return new NetworkState(whole.specHash(), tensors);
    }

    /** The name in the whole network of a stage's tensor; empty when it has none. */
    private static String renamed(String name, LayerWise.Stage stage) {
        for (Map.Entry<String, String> prefix : stage.parameters().entrySet()) {
            if (name.startsWith(prefix.getKey()))
                return prefix.getValue() + name.substring(prefix.getKey().length());
        }
        return "";
    }
}
