package io.tidemark.net.engine;

import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Attention;
import io.tidemark.net.network.Latent;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.NetworkSpec.Kind;
import io.tidemark.net.network.Normalisation;
import io.tidemark.net.network.PerFeature;
import io.tidemark.net.network.Pixels;
import io.tidemark.net.network.Resampling;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.TrainingSpec.Loss;
import io.tidemark.net.network.Units;
import io.tidemark.net.network.Wiring;
import java.util.ArrayList;
import java.util.List;

/** Networks small enough for finite differences that between them hold every layer, activation and loss. */
public final class SmallNetworks {
    private SmallNetworks() {}

    static Layer dense(int units, Activation activation) {
        return new Layer.Dense(new Units.Count(units), activation);
    }

    static Layer output() {
        return new Layer.Dense(new Units.Output(), Activation.IDENTITY);
    }

    static Layer lstm(int units) {
        return new Layer.Lstm(new Units.Count(units));
    }

    static NetworkSpec autoencoder(String name, int window, Loss loss, Layer... layers) {
        TrainingSpec training = new TrainingSpec(loss, 0.01, 8);
        return new NetworkSpec(name, Kind.AUTOENCODER, window, NetworkSpec.Forecast.NONE, List.of(layers), training);
    }

    static NetworkSpec image(String name, Kind kind, Loss loss, Layer... layers) {
        TrainingSpec training = new TrainingSpec(loss, 0.01, 8);
        return new NetworkSpec(
                name, kind, NetworkSpec.Input.IMAGE, 1, NetworkSpec.Forecast.NONE, List.of(layers), training);
    }

    static Layer conv2d(int units, Activation activation) {
        return new Layer.Conv2d(new Units.Count(units), 3, 1, 1, activation);
    }

    /** Moves targets into [0, 1] where the loss is bounded only there. */
    static void keepInRange(Network network, TrainingReplica replica) {
        if (network.training().objective().loss() != Loss.BINARY_CROSS_ENTROPY) return;
        float[] target = replica.target(network.targets().get(0).name());
        Logistic.apply(target, target.length);
    }

    /** Bound to each number of features, or to one small grey image. */
    static List<Network> bound(NetworkSpec spec, int... features) {
        if (spec.input() == NetworkSpec.Input.IMAGE) return List.of(spec.bind(1, 16, 16));
        return java.util.Arrays.stream(features).mapToObj(spec::bind).toList();
    }

    /** A window of 5 rows, 3 rows ahead, LSTM of 4 units. */
    static Network forecaster(int features) {
        return new NetworkSpec(
                        "forecaster",
                        Kind.FORECASTER,
                        5,
                        new NetworkSpec.Forecast(3, List.of(0.1, 0.5, 0.9)),
                        List.of(lstm(4), new Layer.LastStep(), output()),
                        new TrainingSpec(Loss.QUANTILE, 0.01, 8))
                .bind(features);
    }

    /** The same network with windows made relative, bound to two features. */
    static Network relative(NetworkSpec spec, Normalisation.Level level, Normalisation.Scale scale) {
        String name = (spec.name() + "-" + level + "-" + scale).toLowerCase(java.util.Locale.ROOT);
        return new NetworkSpec(
                        name,
                        spec.kind(),
                        spec.input(),
                        spec.window(),
                        spec.forecast(),
                        spec.layers(),
                        spec.training(),
                        new Normalisation(level, scale))
                .bind(2);
    }

    /** Dropout and noise in it: what training draws must resume too. */
    static Network noisy() {
        return autoencoder(
                        "noisy",
                        4,
                        Loss.MSE,
                        new Layer.GaussianNoise(0.1),
                        new Layer.Flatten(),
                        dense(6, Activation.TANH),
                        new Layer.Dropout(0.3),
                        output())
                .bind(2);
    }

    /** Every deterministic small network, bound to two features. */
    public static List<Network> all() {
        List<Network> networks = new ArrayList<>();
        for (Activation activation : Activation.values()) {
            networks.add(autoencoder(
                            "dense-"
                                    + activation
                                            .name()
                                            .toLowerCase(java.util.Locale.ROOT)
                                            .replace('_', '-'),
                            4,
                            Loss.SMOOTH_L1,
                            new Layer.Flatten(),
                            dense(5, activation),
                            output())
                    .bind(2));
        }
        for (Loss loss : new Loss[] {Loss.MSE, Loss.MAE, Loss.HUBER}) {
            networks.add(autoencoder(
                            "loss-" + loss.name().toLowerCase(java.util.Locale.ROOT),
                            3,
                            loss,
                            new Layer.Flatten(),
                            dense(4, Activation.TANH),
                            output())
                    .bind(2));
        }
        networks.add(forecaster(2));
        for (Normalisation.Level level : List.of(Normalisation.Level.LAST, Normalisation.Level.MEAN)) {
            for (Normalisation.Scale scale : Normalisation.Scale.values()) {
                networks.add(relative(forecaster(2).spec(), level, scale));
                networks.add(relative(
                        autoencoder("dense", 4, Loss.MSE, new Layer.Flatten(), dense(5, Activation.TANH), output()),
                        level,
                        scale));
            }
        }
        networks.add(new NetworkSpec(
                        "per-feature",
                        Kind.FORECASTER,
                        5,
                        new NetworkSpec.Forecast(3, List.of(0.1, 0.5, 0.9)),
                        List.of(dense(2, Activation.TANH), new PerFeature()),
                        new TrainingSpec(Loss.QUANTILE, 0.01, 8))
                .bind(2));
        networks.add(autoencoder(
                        "lstm-autoencoder",
                        4,
                        Loss.MSE,
                        lstm(5),
                        new Layer.LastStep(),
                        dense(3, Activation.TANH),
                        new Layer.Repeat(4),
                        lstm(5),
                        output())
                .bind(2));
        networks.add(autoencoder("lstm-one-row", 1, Loss.MSE, lstm(3), output()).bind(2));
        networks.add(autoencoder(
                        "mixed-orders",
                        6,
                        Loss.MSE,
                        dense(3, Activation.TANH),
                        lstm(4),
                        new Layer.Reshape(List.of(4, 0)),
                        new Layer.Activate(Activation.SIGMOID),
                        lstm(3),
                        new Layer.Flatten(),
                        output())
                .bind(2));
        networks.add(autoencoder(
                        "conv1d",
                        9,
                        Loss.MSE,
                        new Layer.Conv1d(new Units.Count(3), 3, 2, 1, 1, 1, Activation.TANH),
                        new Layer.Conv1d(new Units.Count(4), 2, 1, 2, 2, 0, Activation.SWISH),
                        new Resampling.Upsample(2),
                        new Layer.Conv1d(new Units.Count(2), 2, 1, 1, 0, 0, Activation.IDENTITY))
                .bind(2));
        networks.add(autoencoder(
                        "conv2d",
                        6,
                        Loss.MSE,
                        new Layer.Reshape(List.of(2, 3, 4)),
                        new Layer.Conv2d(new Units.Count(3), 3, 1, 1, Activation.TANH),
                        new Resampling.Upsample(2),
                        new Layer.Conv2d(new Units.Count(2), 2, 2, 0, Activation.IDENTITY),
                        new Layer.Flatten(),
                        output())
                .bind(4));
        networks.add(autoencoder(
                        "pools",
                        9,
                        Loss.MSE,
                        dense(4, Activation.TANH),
                        new Resampling.Pool(Resampling.Pool.Kind.MAX, 2),
                        dense(6, Activation.IDENTITY),
                        new Layer.Reshape(List.of(2, 3, 4)),
                        new Resampling.Pool(Resampling.Pool.Kind.MEAN, 2),
                        new Layer.Flatten(),
                        output())
                .bind(2));
        networks.add(autoencoder(
                        "pools-other-way",
                        4,
                        Loss.MSE,
                        dense(6, Activation.TANH),
                        new Resampling.Pool(Resampling.Pool.Kind.MEAN, 2),
                        new Layer.Reshape(List.of(2, 2, 3)),
                        new Resampling.Pool(Resampling.Pool.Kind.MAX, 2),
                        new Layer.Flatten(),
                        output())
                .bind(2));
        networks.add(image(
                        "image-logits",
                        Kind.AUTOENCODER,
                        Loss.BINARY_CROSS_ENTROPY,
                        conv2d(2, Activation.SWISH),
                        new Resampling.Pool(Resampling.Pool.Kind.MEAN, 2),
                        new Layer.Flatten(),
                        dense(5, Activation.TANH),
                        output())
                .bind(2, 4, 6));
        networks.add(image(
                        "image-segmenter",
                        Kind.SEGMENTER,
                        Loss.BINARY_CROSS_ENTROPY,
                        conv2d(2, Activation.SWISH),
                        new Layer.Conv2d(new Units.Output(), 3, 1, 1, Activation.IDENTITY))
                .bind(2, 4, 3));
        networks.add(image(
                        "image-pixels",
                        Kind.AUTOENCODER,
                        Loss.MSE,
                        new Pixels.SpaceToDepth(2),
                        conv2d(4, Activation.TANH),
                        new Wiring.Mark("half"),
                        conv2d(3, Activation.SWISH),
                        new Wiring.Skip("half", Wiring.Skip.Join.CONCAT),
                        new Wiring.Mark("deep"),
                        new Layer.Flatten(),
                        dense(3, Activation.TANH),
                        new Layer.Dense(new Units.Like("deep"), Activation.IDENTITY),
                        new Wiring.Unflatten("deep"),
                        new Wiring.Skip("deep", Wiring.Skip.Join.ADD),
                        conv2d(8, Activation.IDENTITY),
                        new Pixels.DepthToSpace(2))
                .bind(2, 4, 6));
        networks.add(autoencoder(
                        "skips",
                        4,
                        Loss.MSE,
                        new Wiring.Mark("rows"),
                        dense(2, Activation.TANH),
                        new Wiring.Skip("rows", Wiring.Skip.Join.ADD),
                        new Wiring.Mark("summed"),
                        lstm(3),
                        new Wiring.Skip("summed", Wiring.Skip.Join.CONCAT),
                        new Layer.Activate(Activation.TANH),
                        new Wiring.Skip("rows", Wiring.Skip.Join.CONCAT),
                        output())
                .bind(2));
        networks.add(autoencoder(
                        "attention",
                        4,
                        Loss.MSE,
                        dense(6, Activation.IDENTITY),
                        new Attention.Position(),
                        new Attention.LayerNorm(),
                        new Attention.SelfAttention(2),
                        new Layer.Flatten(),
                        dense(5, Activation.TANH),
                        new Attention.LayerNorm(),
                        output())
                .bind(2));
        networks.addAll(FurtherNetworks.all());
        networks.add(autoencoder(
                        "sparse",
                        3,
                        Loss.MSE,
                        dense(4, Activation.TANH),
                        new Latent.L1Activity(0.3),
                        new Layer.Flatten(),
                        dense(5, Activation.SWISH),
                        new Latent.L1Activity(0.7),
                        output())
                .bind(2));
        networks.add(autoencoder(
                        "bidirectional-lstm",
                        4,
                        Loss.MSE,
                        new Layer.BidirectionalLstm(new Units.Count(3)),
                        new Layer.BidirectionalLstm(new Units.Output()))
                .bind(2));
        return networks;
    }

    /** A code that training draws: its gradients are those of the drawn values. */
    static Network variational() {
        return autoencoder(
                        "variational",
                        3,
                        Loss.MSE,
                        new Layer.Flatten(),
                        dense(5, Activation.TANH),
                        new Latent.Gaussian(new Units.Count(3), 0.5),
                        dense(5, Activation.TANH),
                        output())
                .bind(2);
    }

    /** Batch norms over steps, channels and a vector; its training couples the samples of a batch. */
    static Network normalised() {
        return autoencoder(
                        "normalised",
                        4,
                        Loss.MSE,
                        new Layer.BatchNorm(),
                        dense(6, Activation.TANH),
                        new Layer.Reshape(List.of(2, 3, 4)),
                        new Layer.BatchNorm(),
                        new Layer.Flatten(),
                        dense(5, Activation.TANH),
                        new Layer.BatchNorm(),
                        output())
                .bind(2);
    }
}
