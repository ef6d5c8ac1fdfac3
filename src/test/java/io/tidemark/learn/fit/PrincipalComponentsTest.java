package io.tidemark.learn.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.Normalisation;
import io.tidemark.net.network.OptimiserSpec;
import io.tidemark.net.network.Regularisation;
import io.tidemark.net.network.Schedule;
import io.tidemark.net.network.TrainingMethod;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Units;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrincipalComponentsTest {
    private static Network linear(int code, int features, Activation activation) {
        return new NetworkSpec(
                        "pca",
                        NetworkSpec.Kind.AUTOENCODER,
                        1,
                        NetworkSpec.Forecast.NONE,
                        List.of(
                                new Layer.Flatten(),
                                new Layer.Dense(new Units.Count(code), activation),
                                new Layer.Dense(new Units.Output(), Activation.IDENTITY)),
                        new TrainingSpec(TrainingSpec.Loss.MSE, 0.01, 32))
                .bind(features);
    }

    /** Rows that lie near a plane of so many dimensions, the first with the most variance. */
    private static float[] plane(int rows, int features, int dimensions, double noise, long seed) {
        Random random = new Random(seed);
        double[][] axes = new double[dimensions][features];
        for (double[] axis : axes) for (int f = 0; f < features; f++) axis[f] = random.nextGaussian();
        float[] values = new float[rows * features];
        for (int r = 0; r < rows; r++) {
            for (int d = 0; d < dimensions; d++) {
                double at = random.nextGaussian() * (dimensions - d);
                for (int f = 0; f < features; f++) values[r * features + f] += (float) (at * axes[d][f]);
            }
            for (int f = 0; f < features; f++)
                values[r * features + f] += (float) (5 + f + noise * random.nextGaussian());
        }
        return values;
    }

    private static ExampleSet examples(Network network, float[] values) {
        Series series = Series.scaled("plane", network.features(), values);
        return new SeriesExamples(network, List.of(SeriesExamples.Part.all(series)), 10);
    }

    @Test
    void componentsSpanThePlaneThatTheRowsLieOn() {
        Network network = linear(3, 20, Activation.IDENTITY);
        ExampleSet rows = examples(network, plane(400, 20, 3, 0, 1));
        PrincipalComponents three = PrincipalComponents.of(rows, 3);
        assertThat(three.errors(rows).meanSquared()).isLessThan(1e-9);
        assertThat(PrincipalComponents.of(rows, 2).errors(rows).meanSquared()).isGreaterThan(0.1);
        double explained = three.variances()[0] + three.variances()[1] + three.variances()[2];
        assertThat(explained).isCloseTo(three.totalVariance(), within(1e-6 * three.totalVariance()));
        assertThat(three.variances()[0]).isGreaterThan(three.variances()[1]);
    }

    @Test
    void anEngineScoresTheWeightsLikeTheClosedForm() {
        Network network = linear(3, 20, Activation.IDENTITY);
        ExampleSet rows = examples(network, plane(400, 20, 5, 0.3, 2));
        NetworkState state = PrincipalComponents.fit(network, rows);
        Errors closed = PrincipalComponents.of(rows, 3).errors(rows);
        try (Engine engine = Engines.open("djl", new DeviceSpec.Cpu());
                Evaluation evaluation = new Evaluation(engine, network)) {
            assertThat(evaluation.errors(state, rows).meanSquared())
                    .isCloseTo(closed.meanSquared(), within(1e-5 * closed.meanSquared()));
        }
    }

    @Test
    void subspaceIterationFindsTheSameComponentsAsTheCovariance() {
        Network network = linear(4, 60, Activation.IDENTITY);
        ExampleSet rows = examples(network, plane(500, 60, 6, 0.1, 3));
        PrincipalComponents whole = Covariance.of(rows, 4);
        PrincipalComponents thin = Subspace.of(rows, 4);
        assertThat(thin.totalVariance()).isCloseTo(whole.totalVariance(), within(1e-6 * whole.totalVariance()));
        for (int c = 0; c < 4; c++) {
            assertThat(thin.variances()[c]).isCloseTo(whole.variances()[c], within(1e-6 * whole.variances()[c]));
            for (int f = 0; f < 60; f++) {
                assertThat(thin.components()[c][f]).isCloseTo(whole.components()[c][f], within(1e-4));
            }
        }
    }

    @Test
    void networkWithAnActivationIsRefused() {
        Network curved = linear(3, 20, Activation.TANH);
        assertThatThrownBy(() -> PrincipalComponents.fit(curved, examples(curved, plane(100, 20, 3, 0, 1))))
                .hasMessageContaining("two dense layers without activation");
        Network wide = linear(30, 20, Activation.IDENTITY);
        assertThatThrownBy(() -> PrincipalComponents.fit(wide, examples(wide, plane(100, 20, 3, 0, 1))))
                .hasMessageContaining("must be in [1, 20]");
    }

    @Test
    void componentsOfARelativeNetworkFollowALevelTheyNeverSaw() {
        NetworkSpec plain = new NetworkSpec(
                "pca",
                NetworkSpec.Kind.AUTOENCODER,
                8,
                NetworkSpec.Forecast.NONE,
                List.of(
                        new Layer.Flatten(),
                        new Layer.Dense(new Units.Count(2), Activation.IDENTITY),
                        new Layer.Dense(new Units.Output(), Activation.IDENTITY)),
                new TrainingSpec(
                        TrainingMethod.PCA,
                        new TrainingSpec.Objective(TrainingSpec.Loss.MSE, 1, 1),
                        new TrainingSpec.Optimisation(new OptimiserSpec.Adam(0), 0.01, Schedule.CONSTANT, 32),
                        TrainingSpec.Start.BY_ACTIVATION,
                        Regularisation.NONE,
                        0,
                        TrainingSpec.Pretraining.NONE,
                        List.of()));
        NetworkSpec relative = new NetworkSpec(
                "pca",
                plain.kind(),
                plain.input(),
                8,
                NetworkSpec.Forecast.NONE,
                plain.layers(),
                plain.training(),
                new Normalisation(Normalisation.Level.MEAN, Normalisation.Scale.SERIES));
        float[] wave = new float[200];
        float[] raised = new float[200];
        for (int i = 0; i < 200; i++) {
            wave[i] = (float) Math.sin(2 * Math.PI * i / 8);
            raised[i] = wave[i] + 5;
        }
        try (Engine engine = Engines.open("dl4j", new DeviceSpec.Cpu())) {
            assertThat(absolute(engine, plain.bind(1), wave, raised)).isGreaterThan(1);
            assertThat(absolute(engine, relative.bind(1), wave, raised)).isLessThan(1e-3);
        }
    }

    private static double absolute(Engine engine, Network network, float[] learnt, float[] met) {
        FitSettings settings = FitSettings.epochs(1, 1);
        NetworkState state = new Fit(engine, settings, Augmentation.NONE, Fit.Listener.NONE)
                .run(network, examples(network, learnt), examples(network, new float[0]))
                .best();
        try (Evaluation evaluation = new Evaluation(engine, network)) {
            return evaluation.errors(state, examples(network, met)).meanAbsolute();
        }
    }
}
