package io.tidemark.app.bench;

import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Units;
import java.util.List;

/** Networks that benchmarks compare beside the zoo, of sizes that the zoo does not have. */
public final class ReferenceNetworks {
    private static final int STEPS = 64;
    private static final int FEATURES = 8;

    private ReferenceNetworks() {}

    /** All of them: a wide dense autoencoder of 784 values, and an LSTM autoencoder and forecaster of 64 steps of 8 features. */
    public static List<EngineSpeed.Subject> all() {
        return List.of(
                new EngineSpeed.Subject(dense784(), 1),
                new EngineSpeed.Subject(lstmAutoencoder(), FEATURES),
                new EngineSpeed.Subject(lstmForecaster(), FEATURES));
    }

    private static NetworkSpec dense784() {
        return new NetworkSpec(
                "ref-dense-784",
                NetworkSpec.Kind.AUTOENCODER,
                784,
                NetworkSpec.Forecast.NONE,
                List.of(
                        new Layer.Flatten(),
                        new Layer.Dense(new Units.Count(100), Activation.RELU),
                        new Layer.Dense(new Units.Output(), Activation.SIGMOID)),
                new TrainingSpec(TrainingSpec.Loss.MSE, 0.001, 32));
    }

    private static NetworkSpec lstmAutoencoder() {
        return new NetworkSpec(
                "ref-lstm-ae",
                NetworkSpec.Kind.AUTOENCODER,
                STEPS,
                NetworkSpec.Forecast.NONE,
                List.of(
                        new Layer.Lstm(new Units.Count(32)),
                        new Layer.LastStep(),
                        new Layer.Repeat(STEPS),
                        new Layer.Lstm(new Units.Count(32)),
                        new Layer.Dense(new Units.Output(), Activation.IDENTITY)),
                new TrainingSpec(TrainingSpec.Loss.MSE, 0.001, 32));
    }

    private static NetworkSpec lstmForecaster() {
        return new NetworkSpec(
                "ref-lstm-forecaster",
                NetworkSpec.Kind.FORECASTER,
                STEPS,
                new NetworkSpec.Forecast(1, List.of(0.1, 0.5, 0.9)),
                List.of(
                        new Layer.Lstm(new Units.Count(32)),
                        new Layer.LastStep(),
                        new Layer.Dense(new Units.Output(), Activation.IDENTITY)),
                new TrainingSpec(TrainingSpec.Loss.QUANTILE, 0.001, 32));
    }
}
