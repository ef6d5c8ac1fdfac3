package io.tidemark.net.engine;

import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Attention;
import io.tidemark.net.network.Diffusion;
import io.tidemark.net.network.Discriminator;
import io.tidemark.net.network.Filters;
import io.tidemark.net.network.Hidden;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.MonteCarlo;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.NetworkSpec.Kind;
import io.tidemark.net.network.Neurons;
import io.tidemark.net.network.Recurrence;
import io.tidemark.net.network.Resampling;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.TrainingSpec.Loss;
import io.tidemark.net.network.Units;
import io.tidemark.net.network.Wiring;
import java.util.ArrayList;
import java.util.List;

/** Small networks of recurrent layers, unusual neurons, further convolutions and attention, each also behind a trained layer. */
final class FurtherNetworks {
    private FurtherNetworks() {}

    private static Layer dense(int units) {
        return SmallNetworks.dense(units, Activation.TANH);
    }

    private static Network of(String name, int window, Layer... layers) {
        return SmallNetworks.autoencoder(name, window, Loss.MSE, layers).bind(2);
    }

    private static Network image(String name, Layer... layers) {
        return SmallNetworks.image(name, Kind.AUTOENCODER, Loss.MSE, layers).bind(2, 4, 5);
    }

    /** Forecasts each of four features from the nodes of a graph. */
    private static Network graph(String name, int neighbours) {
        return new NetworkSpec(
                        name,
                        Kind.FORECASTER,
                        3,
                        new NetworkSpec.Forecast(1, List.of(0.1, 0.5, 0.9)),
                        List.of(
                                new Attention.GraphAttention(new Units.Count(3), neighbours),
                                dense(4),
                                SmallNetworks.output()),
                        new TrainingSpec(Loss.QUANTILE, 0.01, 8))
                .bind(4);
    }

    private static Layer.Conv1d conv1d(int units, int stride, int dilation, int before, int after) {
        return new Layer.Conv1d(new Units.Count(units), 3, stride, dilation, before, after, Activation.SWISH);
    }

    static List<Network> all() {
        List<Network> networks = new ArrayList<>();
        for (Recurrence.Kind kind : Recurrence.Kind.values()) {
            Layer first = new Recurrence(kind, new Units.Count(4));
            Layer second = new Recurrence(kind, new Units.Count(3));
            networks.add(of(first.word(), 5, first, second, SmallNetworks.output()));
            networks.add(of(first.word() + "-one-row", 1, first, SmallNetworks.output()));
            networks.add(of(
                    first.word() + "-ae",
                    4,
                    dense(3),
                    first,
                    new Layer.LastStep(),
                    new Layer.Repeat(4),
                    second,
                    SmallNetworks.output()));
        }
        networks.add(of(
                "prelu",
                4,
                new Neurons.Prelu(),
                dense(3),
                new Neurons.Prelu(),
                new Layer.Flatten(),
                dense(4),
                SmallNetworks.output()));
        networks.add(image(
                "prelu-image",
                SmallNetworks.conv2d(3, Activation.IDENTITY),
                new Neurons.Prelu(),
                new Layer.Flatten(),
                SmallNetworks.output()));
        networks.add(of(
                "maxout",
                4,
                new Neurons.Maxout(new Units.Count(3), 2),
                new Neurons.Maxout(new Units.Count(2), 3),
                new Layer.Flatten(),
                new Neurons.Maxout(new Units.Output(), 2)));
        networks.add(of(
                "radial",
                4,
                new Neurons.Radial(new Units.Count(3)),
                new Layer.Flatten(),
                dense(4),
                new Neurons.Radial(new Units.Count(5)),
                SmallNetworks.output()));
        networks.add(of(
                "drop-connect",
                4,
                new Neurons.DropConnect(new Units.Count(4), 0.3, Activation.TANH),
                new Layer.Flatten(),
                new Neurons.DropConnect(new Units.Count(5), 0.5, Activation.SWISH),
                new Neurons.DropConnect(new Units.Output(), 0, Activation.IDENTITY)));
        networks.add(of(
                "tied",
                4,
                new Layer.Flatten(),
                new Wiring.Mark("outer"),
                dense(6),
                new Wiring.Mark("inner"),
                dense(3),
                new Neurons.Tied("inner", Activation.TANH),
                new Neurons.Tied("outer", Activation.IDENTITY)));
        networks.add(of(
                "tied-rows",
                4,
                dense(3),
                new Wiring.Mark("rows"),
                dense(2),
                new Neurons.Tied("rows", Activation.SWISH),
                new Recurrence(Recurrence.Kind.GRU, new Units.Count(3)),
                SmallNetworks.output()));
        networks.add(of(
                "separable-conv1d",
                9,
                new Filters.Separable1d(conv1d(3, 2, 1, 1, 1)),
                new Filters.Separable1d(conv1d(4, 1, 2, 4, 0)),
                new Layer.Flatten(),
                SmallNetworks.output()));
        networks.add(image(
                "separable-conv2d",
                new Filters.Separable2d(new Layer.Conv2d(new Units.Count(3), 3, 1, 1, Activation.TANH)),
                new Filters.Separable2d(new Layer.Conv2d(new Units.Count(2), 2, 2, 1, Activation.SWISH)),
                new Layer.Flatten(),
                SmallNetworks.output()));
        networks.add(of(
                "transposed-conv1d",
                5,
                new Filters.Transposed(1, new Units.Count(3), 4, 2, 1, Activation.TANH),
                new Filters.Transposed(1, new Units.Count(2), 3, 1, 0, Activation.SWISH),
                new Layer.Flatten(),
                SmallNetworks.output()));
        networks.add(image(
                "transposed-conv2d",
                new Filters.Transposed(2, new Units.Count(3), 3, 2, 1, Activation.TANH),
                new Resampling.Pool(Resampling.Pool.Kind.MEAN, 2),
                new Filters.Transposed(2, new Units.Count(2), 2, 1, 0, Activation.IDENTITY),
                new Layer.Flatten(),
                SmallNetworks.output()));
        networks.add(of(
                "causal-attention",
                4,
                dense(6),
                new Attention.SelfAttention(2, true),
                new Attention.SelfAttention(3, true),
                SmallNetworks.output()));
        networks.add(of(
                "cross-attention",
                4,
                new Recurrence(Recurrence.Kind.GRU, new Units.Count(3)),
                new Wiring.Mark("steps"),
                new Layer.LastStep(),
                new Layer.Repeat(3),
                new Recurrence(Recurrence.Kind.GRU, new Units.Count(4)),
                new Attention.CrossAttention(2, "steps"),
                new Attention.CrossAttention(1, "steps"),
                new Layer.Flatten(),
                SmallNetworks.output()));
        networks.add(graph("graph-attention", 1));
        networks.add(graph("graph-attention-all", 4));
        networks.add(of(
                "graph-attention-deep",
                4,
                dense(5),
                new Attention.GraphAttention(new Units.Count(3), 2),
                new Attention.GraphAttention(new Units.Count(2), 1),
                new Layer.Flatten(),
                SmallNetworks.output()));
        networks.add(of(
                "noise-levels",
                3,
                new Wiring.Mark("clean"),
                new Diffusion.NoiseLevels(List.of(0.2, 0.5, 0.9)),
                dense(5),
                new Wiring.Mark("wide"),
                new Attention.LayerNorm(),
                dense(5),
                new Wiring.Skip("wide", Wiring.Skip.Join.ADD),
                new Layer.Dense(new Units.Like("clean"), Activation.IDENTITY),
                new Diffusion.Denoised("clean")));
        networks.add(of(
                "noise-levels-inside",
                3,
                dense(4),
                new Wiring.Mark("code"),
                new Diffusion.NoiseLevels(List.of(0.3, 0.7)),
                new Layer.Dense(new Units.Like("code"), Activation.TANH),
                new Diffusion.Denoised("code"),
                new Layer.Flatten(),
                SmallNetworks.output()));
        networks.add(image(
                "noise-levels-image",
                new Wiring.Mark("clean"),
                new Diffusion.NoiseLevels(List.of(0.4, 0.6)),
                dense(4),
                new Layer.Dense(new Units.Like("clean"), Activation.IDENTITY),
                new Diffusion.Denoised("clean")));
        networks.add(of(
                "discriminator",
                3,
                new Wiring.Mark("clean"),
                new Layer.Flatten(),
                dense(4),
                SmallNetworks.output(),
                new Discriminator(5, 0.7, "clean")));
        networks.add(of(
                "discriminator-of-steps",
                3,
                new Wiring.Mark("clean"),
                new Recurrence(Recurrence.Kind.GRU, new Units.Count(3)),
                SmallNetworks.output(),
                new Discriminator(2, 1, "clean")));
        networks.add(of(
                "monte-carlo",
                3,
                new Layer.Flatten(),
                dense(5),
                new MonteCarlo.Dropout(0.3, 4),
                dense(4),
                SmallNetworks.output(),
                new MonteCarlo.Predictive()));
        networks.add(new NetworkSpec(
                        "monte-carlo-forecaster",
                        Kind.FORECASTER,
                        4,
                        new NetworkSpec.Forecast(2, List.of(0.1, 0.5, 0.9)),
                        List.of(
                                SmallNetworks.lstm(4),
                                new Layer.LastStep(),
                                new MonteCarlo.Dropout(0.4, 3),
                                SmallNetworks.output(),
                                new MonteCarlo.Predictive()),
                        new TrainingSpec(Loss.QUANTILE, 0.01, 8))
                .bind(2));
        networks.add(of(
                "gates",
                4,
                dense(3),
                new Wiring.Mark("gate"),
                new Layer.Dense(new Units.Count(3), Activation.SIGMOID),
                new Wiring.Skip("gate", Wiring.Skip.Join.MULTIPLY),
                new Wiring.Skip("gate", Wiring.Skip.Join.ADD),
                SmallNetworks.output()));
        networks.add(
                of("hidden", 7, new Hidden(0.4, 2), dense(3), new Layer.Flatten(), dense(4), SmallNetworks.output()));
        networks.add(image(
                "hidden-image",
                SmallNetworks.conv2d(3, Activation.TANH),
                new Hidden(0.3, 2),
                new Layer.Flatten(),
                SmallNetworks.output()));
        return networks;
    }
}
