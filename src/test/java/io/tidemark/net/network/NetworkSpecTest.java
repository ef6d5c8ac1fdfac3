package io.tidemark.net.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.net.network.NetworkSpec.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkSpecTest {
    private static final TrainingSpec TRAINING = new TrainingSpec(TrainingSpec.Loss.MSE, 0.001, 32);

    private static Layer dense(int units) {
        return new Layer.Dense(new Units.Count(units), Activation.TANH);
    }

    private static NetworkSpec autoencoder(int window, Layer... layers) {
        return new NetworkSpec("test", Kind.AUTOENCODER, window, NetworkSpec.Forecast.NONE, List.of(layers), TRAINING);
    }

    @Test
    void everyLayerGetsItsShapeAndParameters() {
        Network network = new NetworkSpec(
                        "test",
                        Kind.FORECASTER,
                        24,
                        new NetworkSpec.Forecast(12, List.of(0.1, 0.5, 0.9)),
                        List.of(
                                new Layer.Lstm(new Units.Count(8)),
                                new Layer.LastStep(),
                                new Layer.Dense(new Units.Output(), Activation.IDENTITY)),
                        new TrainingSpec(TrainingSpec.Loss.QUANTILE, 0.001, 32))
                .bind(2);
        assertThat(network.layers())
                .extracting(BoundLayer::output)
                .containsExactly(new int[] {24, 8}, new int[] {8}, new int[] {72});
        assertThat(network.outputs().get(0).shape()).containsExactly(12, 2, 3);
        assertThat(network.targets().get(0).shape()).containsExactly(12, 2);
        assertThat(network.parameterCount()).isEqualTo(32 * 2 + 32 * 8 + 32 + 72 * 8 + 72);
        assertThat(network.parameters().get(0).name()).isEqualTo("param/0.lstm/weight_ih");
        assertThat(network.parameters().get(0).shape()).containsExactly(32, 2);
    }

    @Test
    void everyProblemIsReportedWithItsLayer() {
        NetworkSpec spec = autoencoder(16, new Layer.Flatten(), new Layer.LastStep(), new Layer.Repeat(4), dense(3));
        assertThatThrownBy(() -> spec.bind(1))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("layer 1 (last-step) needs an input of [step, feature], but gets [16]")
                .hasMessageContaining("the output needs 16 floats");
    }

    @Test
    void aShareOfTheInputFollowsTheFeaturesWithinItsBounds() {
        Layer share = new Layer.Dense(new Units.Share(0.5, 4, 100), Activation.TANH);
        Layer output = new Layer.Dense(new Units.Output(), Activation.IDENTITY);
        NetworkSpec spec = autoencoder(16, new Layer.Flatten(), share, output);
        assertThat(spec.bind(1).layers().get(1).outputSize()).isEqualTo(8);
        assertThat(spec.bind(3).layers().get(1).outputSize()).isEqualTo(24);
        assertThat(spec.bind(38).layers().get(1).outputSize()).isEqualTo(100);
    }

    @Test
    void theHashNamesWhatGivesWeightsTheirMeaningOnly() {
        NetworkSpec spec = autoencoder(4, new Layer.Flatten(), dense(2), dense(4));
        NetworkSpec renamed = new NetworkSpec(
                "other",
                Kind.AUTOENCODER,
                4,
                NetworkSpec.Forecast.NONE,
                spec.layers(),
                new TrainingSpec(TrainingSpec.Loss.MAE, 0.1, 8));
        assertThat(renamed.bind(1).hash()).isEqualTo(spec.bind(1).hash()).hasSize(64);
        assertThat(spec.bind(1).hash())
                .isNotEqualTo(autoencoder(4, new Layer.Flatten(), dense(3), dense(4))
                        .bind(1)
                        .hash());
    }

    @Test
    void allProblemsOfASpecAreNamedAtOnce() {
        assertThatThrownBy(() -> new NetworkSpec(
                        "Bad name",
                        Kind.FORECASTER,
                        0,
                        new NetworkSpec.Forecast(0, List.of(0.9, 0.1)),
                        List.of(),
                        TRAINING))
                .hasMessageContaining("name must be")
                .hasMessageContaining("window must be in [1, 4096], but was 0")
                .hasMessageContaining("horizon must be in [1, 512], but was 0")
                .hasMessageContaining("quantiles must hold 0.5")
                .hasMessageContaining("quantiles must ascend")
                .hasMessageContaining("training.loss must be quantile");
    }

    private static NetworkSpec image(Kind kind, TrainingSpec.Loss loss, Layer... layers) {
        TrainingSpec training = new TrainingSpec(loss, 0.001, 8);
        return new NetworkSpec(
                "image", kind, NetworkSpec.Input.IMAGE, 1, NetworkSpec.Forecast.NONE, List.of(layers), training);
    }

    @Test
    void anImageIsOneRowOfAllItsValues() {
        NetworkSpec spec = image(Kind.AUTOENCODER, TrainingSpec.Loss.MSE, new Layer.Flatten(), dense(3), output());
        Network network = spec.bind(3, 8, 10);
        assertThat(network.features()).isEqualTo(240);
        assertThat(network.inputs().get(0).shape()).containsExactly(3, 8, 10);
        assertThat(network.outputs().get(0).name()).isEqualTo("reconstruction");
        assertThat(network.outputs().get(0).shape()).containsExactly(3, 8, 10);
        assertThat(spec.rowsToTrain()).isEqualTo(1);
        assertThat(spec.bind(3, 10, 8).hash()).isNotEqualTo(network.hash());
        assertThatThrownBy(() -> spec.bind(240)).hasMessageContaining("reads images; bind it to channels, rows");
        assertThatThrownBy(() -> spec.bind(1, 5000, 8)).hasMessageContaining("4096 rows and columns");
    }

    @Test
    void aNetworkOfWindowsRefusesImages() {
        assertThatThrownBy(() -> autoencoder(4, new Layer.Flatten(), output()).bind(1, 8, 8))
                .hasMessageContaining("choose a network of input: image");
    }

    @Test
    void aSegmenterGivesALogitForEachPixel() {
        Layer pixels = new Layer.Conv2d(new Units.Output(), 1, 1, 0, Activation.IDENTITY);
        Network network = image(Kind.SEGMENTER, TrainingSpec.Loss.BINARY_CROSS_ENTROPY, pixels)
                .bind(3, 8, 10);
        assertThat(network.outputs().get(0).name()).isEqualTo("logits");
        assertThat(network.targets().get(0).shape()).containsExactly(1, 8, 10);
        assertThat(network.reconstructsByLogistic()).isFalse();
        assertThatThrownBy(() -> image(Kind.SEGMENTER, TrainingSpec.Loss.MSE, pixels))
                .hasMessageContaining("training.loss must be binary-cross-entropy for a segmenter");
    }

    @Test
    void whatIsTrainedOnLogitsHasAnotherHash() {
        NetworkSpec logits =
                image(Kind.AUTOENCODER, TrainingSpec.Loss.BINARY_CROSS_ENTROPY, new Layer.Flatten(), output());
        NetworkSpec plain = image(Kind.AUTOENCODER, TrainingSpec.Loss.MSE, new Layer.Flatten(), output());
        assertThat(logits.bind(1, 4, 4).reconstructsByLogistic()).isTrue();
        assertThat(logits.bind(1, 4, 4).hash()).isNotEqualTo(plain.bind(1, 4, 4).hash());
    }

    private static Layer output() {
        return new Layer.Dense(new Units.Output(), Activation.IDENTITY);
    }

    @Test
    void layersThatDoNotFitSayWhatDoes() {
        NetworkSpec spec = image(
                Kind.AUTOENCODER,
                TrainingSpec.Loss.MSE,
                new Wiring.Mark("top"),
                new Pixels.SpaceToDepth(2),
                new Wiring.Skip("top", Wiring.Skip.Join.CONCAT),
                new Wiring.Skip("bottom", Wiring.Skip.Join.ADD),
                new Pixels.DepthToSpace(3),
                new Latent.Gaussian(new Units.Count(2), 1),
                output());
        assertThatThrownBy(() -> spec.bind(1, 30, 28))
                .hasMessageContaining("layer 2 (skip) joins [1, 30, 28] from top to [4, 15, 14]")
                .hasMessageContaining("layer 3 (skip) takes from bottom, but no mark before it has that name")
                .hasMessageContaining("layer 4 (depth-to-space) needs channels that 9 divides")
                .hasMessageContaining("layer 5 (gaussian-latent) needs an input of [feature]");
        assertThatThrownBy(() -> spec.bind(1, 30, 27))
                .hasMessageEndingWith(
                        "layer 1 (space-to-depth) needs rows and columns that 2 divides, but gets [1, 30, 27];"
                                + " resize or crop the images");
        assertThatThrownBy(() -> autoencoder(4, dense(6), new Attention.SelfAttention(4), output())
                        .bind(1))
                .hasMessageContaining("has 4 heads, which do not divide 6 features");
    }

    @Test
    void unusualLayersThatDoNotFitSayWhatTheyNeed() {
        assertThatThrownBy(() -> autoencoder(4, dense(3), new Neurons.Tied("x", Activation.TANH), output())
                        .bind(1))
                .hasMessageContaining("is tied to the dense layer behind mark x, but there is none");
        assertThatThrownBy(() -> autoencoder(
                                4,
                                new Wiring.Mark("x"),
                                dense(3),
                                dense(2),
                                new Neurons.Tied("x", Activation.TANH),
                                output())
                        .bind(1))
                .hasMessageContaining("is tied to a dense layer of 1 to 3, so that it needs 3 features, but gets 2");
        assertThatThrownBy(() -> autoencoder(
                                4,
                                dense(4),
                                new Layer.Flatten(),
                                new Wiring.Mark("code"),
                                new Layer.Repeat(3),
                                new Attention.CrossAttention(2, "code"),
                                output())
                        .bind(1))
                .hasMessageContaining("looks at code of shape [16], but needs [step, feature]");
        assertThatThrownBy(() -> autoencoder(4, new Layer.Flatten(), new Hidden(0.5, 2), output())
                        .bind(1))
                .hasMessageContaining("put it before flatten, or take dropout");
        assertThatThrownBy(() -> new Filters.Transposed(1, new Units.Count(2), 3, 2, 3, Activation.TANH))
                .hasMessageContaining("transposed-conv.padding must be in [0, 2], but was 3");
    }

    @Test
    void aGraphMakesANodeOfEveryFeatureAndTakesAtMost512() {
        NetworkSpec spec =
                autoencoder(4, new Attention.GraphAttention(new Units.Count(3), 2), new Layer.Flatten(), output());
        BoundLayer graph = spec.bind(5).layers().get(0);
        assertThat(graph.output()).containsExactly(5, 6);
        assertThat(graph.parameter("embedding").shape()).containsExactly(5, 3);
        assertThat(graph.parameter("weight").shape()).containsExactly(3, 4);
        assertThat(graph.parameter("attention").shape()).containsExactly(4, 3);
        assertThatThrownBy(() -> spec.bind(513))
                .hasMessageContaining("layer 0 (graph-attention) looks at pairs of at most 512 features, but gets 513");
        assertThatThrownBy(() -> autoencoder(
                                4, new Layer.Flatten(), new Attention.GraphAttention(new Units.Count(3), 2), output())
                        .bind(2))
                .hasMessageContaining("layer 1 (graph-attention) needs an input of [step, feature]");
        assertThatThrownBy(() -> new Attention.GraphAttention(new Units.Count(3), 0))
                .hasMessageContaining("graph-attention.neighbours must be in [1, 64], but was 0");
    }

    @Test
    void noiseLevelsAreRowsThatOnlyLayersOfTheLastDimensionMayTreat() {
        Layer levels = new Diffusion.NoiseLevels(List.of(0.2, 0.5, 0.9));
        Layer mark = new Wiring.Mark("clean");
        Layer back = new Layer.Dense(new Units.Like("clean"), Activation.IDENTITY);
        Layer denoised = new Diffusion.Denoised("clean");
        Network network = autoencoder(4, mark, levels, dense(7), back, denoised).bind(2);
        assertThat(network.layers())
                .extracting(BoundLayer::output)
                .containsExactly(
                        new int[] {4, 2}, new int[] {3, 9}, new int[] {3, 7}, new int[] {3, 8}, new int[] {4, 2});
        assertThat(autoencoder(4, mark, levels, dense(7), output(), denoised)
                        .bind(2)
                        .hash())
                .as("units: output is the size of a row")
                .isEqualTo(network.hash());
        assertThat(network.canonical()).contains("noise-levels 0.2 0.5 0.9 to").contains("denoised clean to");
        assertThatThrownBy(() -> autoencoder(4, mark, dense(2), denoised).bind(2))
                .hasMessageContaining("layer 2 (denoised) ends what noise-levels begins, but there is none before it");
        assertThatThrownBy(() -> autoencoder(4, mark, levels, new Layer.Lstm(new Units.Count(8)), back, denoised)
                        .bind(2))
                .hasMessageContaining("layer 4 (denoised) needs the rows of noise-levels apart, but lstm mixes them");
        assertThatThrownBy(() ->
                        autoencoder(4, mark, levels, dense(7), denoised, back).bind(2))
                .hasMessageContaining("needs an input of [3, 8], a row for each level, but gets [3, 7]")
                .hasMessageContaining("put dense: {units: {like: clean}} before it");
        assertThatThrownBy(() -> new Diffusion.NoiseLevels(List.of(0.5, 0.5)))
                .hasMessageContaining("noise-levels must ascend within (0, 1), but were [0.5, 0.5]");
        assertThatThrownBy(() -> new Diffusion.NoiseLevels(List.of()))
                .hasMessageContaining("noise-levels must be 1 to 16 numbers, but were 0");
    }

    @Test
    void passesEndInTheOutputOfTheNetwork() {
        Layer dropout = new MonteCarlo.Dropout(0.2, 5);
        Layer predictive = new MonteCarlo.Predictive();
        Network network = autoencoder(4, new Layer.Flatten(), dropout, dense(3), output(), predictive)
                .bind(2);
        assertThat(network.layers())
                .extracting(BoundLayer::output)
                .containsExactly(new int[] {8}, new int[] {5, 8}, new int[] {5, 3}, new int[] {5, 8}, new int[] {8});
        assertThatThrownBy(() -> autoencoder(4, dropout, output(), predictive).bind(2))
                .hasMessageContaining("layer 0 (monte-carlo-dropout) needs an input of [feature], but gets [4, 2]");
        assertThatThrownBy(() -> autoencoder(4, new Layer.Flatten(), dropout, dense(3), predictive, output())
                        .bind(2))
                .hasMessageContaining("layer 3 (predictive) needs an input of [5, 8], the output for each pass");
        assertThatThrownBy(() -> autoencoder(4, new Layer.Flatten(), output(), predictive)
                        .bind(2))
                .hasMessageContaining("layer 2 (predictive) ends what monte-carlo-dropout begins");
        assertThatThrownBy(() -> new MonteCarlo.Dropout(0.2, 1))
                .hasMessageContaining("monte-carlo-dropout.passes must be in [2, 64], but was 1");
    }

    @Test
    void aDiscriminatorComparesAsManyValuesAsItsMarkHas() {
        Layer mark = new Wiring.Mark("clean");
        Network network = autoencoder(
                        4, mark, new Layer.Flatten(), dense(3), output(), new Discriminator(5, 0.1, "clean"))
                .bind(2);
        BoundLayer last = network.layers().get(4);
        assertThat(last.output()).containsExactly(8);
        assertThat(last.parameters()).extracting(BoundLayer.Parameter::size).containsExactly(40, 5, 5, 1);
        assertThatThrownBy(() -> autoencoder(
                                4, mark, new Layer.Flatten(), dense(3), new Discriminator(5, 0.1, "clean"), output())
                        .bind(2))
                .hasMessageContaining("layer 3 (discriminator) compares [3] to clean of shape [4, 2]");
        assertThatThrownBy(() -> new Discriminator(5, 0, "clean"))
                .hasMessageContaining("discriminator.weight must be in (0, 100], but was 0.0");
    }

    @Test
    void costsCountWhatIsComputedAndHeld() {
        Network network =
                autoencoder(4, new Layer.Flatten(), dense(3), output()).bind(2);
        assertThat(network.parameterCount()).isEqualTo(8 * 3 + 3 + 3 * 8 + 8);
        assertThat(network.multiplyAdds()).isEqualTo(48);
        assertThat(network.scoringFloats()).isEqualTo(8 + 8 + 3 + 8);
        assertThat(network.trainingFloats()).isEqualTo(2 * 27 + 2 * 8);
        assertThat(network.scoringBytes(10)).isEqualTo(4 * (59 + 270));
        assertThat(network.trainingBytes(10)).isEqualTo(4 * (4 * 59 + 10 * 70));
    }

    @Test
    void normalisationChangesTheHashAndItsAbsenceDoesNot() {
        NetworkSpec plain = autoencoder(4, new Layer.Flatten(), dense(2), dense(4));
        NetworkSpec none = relative(plain, Kind.AUTOENCODER, 4, Normalisation.Level.NONE);
        NetworkSpec last = relative(plain, Kind.AUTOENCODER, 4, Normalisation.Level.LAST);
        assertThat(none.bind(1).hash()).isEqualTo(plain.bind(1).hash());
        assertThat(plain.bind(1).canonical()).doesNotContain("normalise");
        assertThat(last.bind(1).hash()).isNotEqualTo(plain.bind(1).hash());
        assertThat(last.bind(1).hash())
                .isNotEqualTo(relative(plain, Kind.AUTOENCODER, 4, Normalisation.Level.MEAN)
                        .bind(1)
                        .hash());
        assertThat(last.withTraining(TRAINING).normalisation()).isEqualTo(last.normalisation());
    }

    @Test
    void normalisationNeedsARowBeforeTheJudgedOne() {
        NetworkSpec plain = autoencoder(4, new Layer.Flatten(), dense(2), dense(4));
        assertThatThrownBy(() -> relative(plain, Kind.AUTOENCODER, 1, Normalisation.Level.MEAN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("window must be at least 2 for normalise");
        assertThatThrownBy(() -> new Normalisation(Normalisation.Level.NONE, Normalisation.Scale.WINDOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("normalise-scale must be left out for normalise: none");
    }

    private static NetworkSpec relative(NetworkSpec spec, Kind kind, int window, Normalisation.Level level) {
        return new NetworkSpec(
                "test",
                kind,
                NetworkSpec.Input.WINDOW,
                window,
                NetworkSpec.Forecast.NONE,
                spec.layers(),
                spec.training(),
                new Normalisation(level, Normalisation.Scale.SERIES));
    }
}
