package io.tidemark.net.engine;

import io.tidemark.config.GridSpec;
import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Units;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Small networks and a stream for tests of what is around an engine. */
public final class TestNetworks {
    public static final int WINDOW = 4;
    public static final int HORIZON = 3;

    private TestNetworks() {}

    public static NetworkSpec autoencoder() {
        return new NetworkSpec(
                "ae",
                NetworkSpec.Kind.AUTOENCODER,
                WINDOW,
                NetworkSpec.Forecast.NONE,
                List.of(new Layer.Flatten(), new Layer.Dense(new Units.Output(), Activation.IDENTITY)),
                new TrainingSpec(TrainingSpec.Loss.MSE, 0.001, 8));
    }

    public static NetworkSpec forecaster() {
        return new NetworkSpec(
                "fc",
                NetworkSpec.Kind.FORECASTER,
                WINDOW,
                new NetworkSpec.Forecast(HORIZON, List.of(0.1, 0.5, 0.9)),
                List.of(new Layer.Flatten(), new Layer.Dense(new Units.Output(), Activation.IDENTITY)),
                new TrainingSpec(TrainingSpec.Loss.QUANTILE, 0.001, 8));
    }

    public static List<Network> both(int features) {
        return List.of(autoencoder().bind(features), forecaster().bind(features));
    }

    /** A stream named {@code test} that learns after 64 rows and publishes every 64. */
    public static StreamSpec stream(int features) {
        return stream(
                "test",
                features,
                new StreamSpec.Learning(8, 8, new StreamSpec.Learning.Pace(64, 20, 4, 64, 2), 400, 3));
    }

    public static StreamSpec stream(String name, int features, StreamSpec.Learning learning) {
        List<InputSpec.Feature> named = new ArrayList<>();
        for (int f = 0; f < features; f++) named.add(new InputSpec.Feature("f" + f, "f" + f));
        return new StreamSpec(
                name,
                new InputSpec(
                        name,
                        InputSpec.Format.JSON,
                        false,
                        new InputSpec.Time("time", InputSpec.TimeUnit.AUTO, ZoneOffset.UTC),
                        List.of("series"),
                        named,
                        Optional.empty(),
                        new InputSpec.Csv(List.of(), false, ',')),
                new GridSpec(
                        Optional.empty(),
                        Duration.ZERO,
                        GridSpec.Aggregate.LAST,
                        GridSpec.Fill.PREVIOUS,
                        3,
                        Duration.ofMinutes(10),
                        Optional.empty()),
                new StreamSpec.Scaling(1e-6, 10, 1000),
                List.of("ae", "fc"),
                12,
                learning,
                new StreamSpec.Verdict(new StreamSpec.Verdict.Hysteresis(0.7, 0.35, 1, 5), 500, Optional.empty()),
                new StreamSpec.Limits(1000, 1 << 20, 16 << 10, 64),
                StreamSpec.Retrain.BY_HAND);
    }
}
