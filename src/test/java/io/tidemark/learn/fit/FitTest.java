package io.tidemark.learn.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.EngineInfo;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.OutOfMemoryException;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.engine.TrainingReplica;
import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Units;
import io.tidemark.net.network.Zoo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FitTest {
    private static Engine engine;

    private final Network network = new NetworkSpec(
                    "waves",
                    NetworkSpec.Kind.AUTOENCODER,
                    16,
                    NetworkSpec.Forecast.NONE,
                    List.of(
                            new Layer.Flatten(),
                            new Layer.Dense(new Units.Count(12), Activation.SWISH),
                            new Layer.Dense(new Units.Count(3), Activation.IDENTITY),
                            new Layer.Dense(new Units.Output(), Activation.IDENTITY)),
                    new TrainingSpec(TrainingSpec.Loss.MSE, 0.01, 32))
            .bind(1);

    @BeforeAll
    static void open() {
        engine = Engines.open("djl", new DeviceSpec.Cpu());
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private static Series waves(int rows) {
        float[] values = new float[rows];
        for (int r = 0; r < rows; r++) values[r] = (float) Math.sin(r * 0.4 + Math.sin(r * 0.01));
        return Series.scaled("waves", 1, values);
    }

    private ExampleSet.Parts parts() {
        return SeriesExamples.split(network, List.of(waves(1000)), 10, 0.2, 0.2);
    }

    private FitResult fit(Engine on, FitSettings settings) {
        ExampleSet.Parts parts = parts();
        return new Fit(on, settings, Augmentation.NONE, Fit.Listener.NONE)
                .run(network, parts.train(), parts.validation());
    }

    private static float[] all(NetworkState state) {
        float[] all = new float[0];
        for (NetworkState.Tensor tensor : state.tensors().values()) {
            all = Arrays.copyOf(all, all.length + tensor.values().length);
            System.arraycopy(tensor.values(), 0, all, all.length - tensor.values().length, tensor.values().length);
        }
        return all;
    }

    @Test
    void sameSeedGivesTheSameBitsAndAnotherSeedOthers() {
        FitResult once = fit(engine, FitSettings.epochs(3, 7));
        FitResult again = fit(engine, FitSettings.epochs(3, 7));
        FitResult other = fit(engine, FitSettings.epochs(3, 8));
        assertThat(all(again.best())).containsExactly(all(once.best()));
        assertThat(all(again.last())).containsExactly(all(once.last()));
        assertThat(all(other.best())).isNotEqualTo(all(once.best()));
    }

    @Test
    void lossFallsAndTheReportHoldsTheCurve() {
        FitResult result = fit(engine, FitSettings.epochs(20, 1).withPatience(0));
        FitReport report = result.report();
        assertThat(report.course().curve()).hasSize(21);
        assertThat(report.course().curve().get(20).validationLoss())
                .isLessThan(report.course().curve().get(0).validationLoss() / 20);
        assertThat(report.course().steps()).isEqualTo(20 * 19); // 600 rows make 585 windows, 19 batches of at most 32
        assertThat(report.course().stopped()).isEqualTo(FitReport.Stopped.EPOCHS);
        assertThat(report.toJson().path("curve").path(0).path("trainLoss").isNull())
                .isTrue();
        assertThat(report.toJsonText()).contains("\"network\" : \"waves\"", "\"device\" : \"cpu\"");
    }

    @Test
    void weightsOfTheBestEpochAreKept() {
        // Validation that asks for something else than training does: it gets worse as training goes on.
        ExampleSet train = parts().train();
        float[] flat = new float[200];
        Arrays.fill(flat, 3);
        ExampleSet other =
                new SeriesExamples(network, List.of(SeriesExamples.Part.all(Series.scaled("flat", 1, flat))), 10);
        FitSettings settings = FitSettings.epochs(200, 1).withPatience(4);
        FitResult result = new Fit(engine, settings, Augmentation.NONE, Fit.Listener.NONE).run(network, train, other);
        FitReport report = result.report();
        double least = report.course().curve().stream()
                .mapToDouble(FitReport.Epoch::validationLoss)
                .min()
                .orElseThrow();
        assertThat(report.course().stopped()).isEqualTo(FitReport.Stopped.NO_PROGRESS);
        assertThat(report.course().curve()).hasSize(report.course().bestEpoch() + 5);
        try (Evaluation evaluation = new Evaluation(engine, network)) {
            assertThat(evaluation.errors(result.best(), other).loss()).isEqualTo(least);
            assertThat(evaluation.errors(result.last().weights(), other).loss()).isGreaterThan(least);
        }
    }

    @Test
    void trainingGoesOnFromItsLastStateAsIfItHadNeverStopped() {
        ExampleSet.Parts parts = parts();
        Fit three = new Fit(engine, FitSettings.epochs(3, 5), Augmentation.NONE, Fit.Listener.NONE);
        FitResult first = three.run(network, parts.train(), parts.validation());
        FitResult second = three.run(network, first.last(), parts.train(), parts.validation());
        assertThat(second.report().course().curve().get(0).validationLoss())
                .isEqualTo(first.report().course().curve().get(3).validationLoss());
        assertThat(second.report().on("validation").loss())
                .isLessThan(first.report().on("validation").loss());
    }

    private static final Set<String> CODE = Set.of("param/2.dense/weight", "param/2.dense/bias");

    private FitResult frozen(FitSettings settings, double share) {
        return frozen(engine.initialState(network, 6), settings, share);
    }

    private FitResult frozen(NetworkState from, FitSettings settings, double share) {
        ExampleSet.Parts parts = parts();
        Beginning beginning = new Beginning(from, CODE, share);
        return new Fit(engine, settings, Augmentation.NONE, Fit.Listener.NONE)
                .run(network, beginning, parts.train(), parts.validation());
    }

    @Test
    void whatIsFrozenStaysForItsShareOfTheStepsAndIsThawedThen() {
        NetworkState first = engine.initialState(network, 6);
        FitResult whole = frozen(FitSettings.epochs(5, 1), 1);
        assertThat(whole.report().course().frozenSteps()).isEqualTo(5 * 19);
        for (String name : CODE)
            assertThat(whole.last().tensor(name).values())
                    .isEqualTo(first.tensor(name).values());
        // 95 steps, of which the first 19 are less than a fifth of the way
        FitResult part = frozen(FitSettings.epochs(5, 1), 0.2);
        assertThat(part.report().course().frozenSteps()).isEqualTo(19);
        FitResult until = frozen(FitSettings.epochs(5, 1).withSteps(19), 0.2);
        assertThat(until.report().course().frozenSteps())
                .as("a fifth of 19 steps")
                .isEqualTo(4);
        for (String name : CODE)
            assertThat(part.last().tensor(name).values())
                    .isNotEqualTo(first.tensor(name).values());
        assertThat(frozen(FitSettings.epochs(5, 1), 0).report().course().frozenSteps())
                .isZero();
        assertThatThrownBy(() -> new Beginning(first, CODE, 1.5))
                .hasMessage("the frozen share must be in [0, 1], but was 1.5");
    }

    /** At a rate that is too small to change a weight, no epoch is better than the first. */
    @Test
    void patienceBeginsWhenAllIsThawed() {
        FitSettings still = FitSettings.epochs(20, 1).withPatience(2).withLearningRate(1e-12);
        NetworkState worn = fit(engine, FitSettings.epochs(2, 1)).last();
        assertThat(frozen(worn, still, 0).report().course().curve()).hasSize(1 + 2);
        FitReport.Course course = frozen(worn, still, 0.5).report().course();
        assertThat(course.frozenSteps()).isEqualTo(10 * 19);
        assertThat(course.curve()).hasSize(1 + 10 + 2);
        assertThat(course.stopped()).isEqualTo(FitReport.Stopped.NO_PROGRESS);
    }

    @Test
    void limitsInStepsAndProcessorTimeEndIt() {
        assertThat(fit(engine, FitSettings.epochs(50, 1).withSteps(7))
                        .report()
                        .course()
                        .steps())
                .isEqualTo(7);
        long[] clock = {0};
        FitSettings settings = FitSettings.epochs(50, 1).withCpu(Duration.ofSeconds(1));
        ExampleSet.Parts parts = parts();
        FitReport report = new Fit(engine, settings, Augmentation.NONE, Fit.Listener.NONE, () -> clock[0] += 10_000_000)
                .run(network, parts.train(), parts.validation())
                .report();
        assertThat(report.course().stopped()).isEqualTo(FitReport.Stopped.CPU);
        assertThat(report.course().steps()).isBetween(10L, 100L);
    }

    @Test
    void listenerMayStopIt() {
        List<Double> heard = new ArrayList<>();
        Fit.Listener listener = new Fit.Listener() {
            @Override
            public boolean step(long steps, double progress, double loss) {
                heard.add(progress);
                return steps < 5;
            }
        };
        ExampleSet.Parts parts = parts();
        FitReport report = new Fit(engine, FitSettings.epochs(10, 1), Augmentation.NONE, listener)
                .run(network, parts.train(), parts.validation())
                .report();
        assertThat(report.course().stopped()).isEqualTo(FitReport.Stopped.ASKED);
        assertThat(heard).hasSize(5).isSorted();
    }

    @Test
    void shortMemoryHalvesTheBatchAndGoesOn() {
        ShortMemory tight = new ShortMemory(engine, 8);
        FitReport report = fit(tight, FitSettings.epochs(10, 1)).report();
        assertThat(report.setup().batch()).isEqualTo(8);
        assertThat(report.course().curve().get(10).validationLoss())
                .isLessThan(report.course().curve().get(0).validationLoss() / 5);
        assertThatThrownBy(() -> fit(new ShortMemory(engine, 0), FitSettings.epochs(1, 1)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("room for 0");
    }

    @Test
    void lossThatIsNotFiniteStartsAgainFromTheBestWeights() {
        FakeEngine fake = new FakeEngine();
        Network small = TestNetworks.autoencoder().bind(1);
        ExampleSet examples = new SeriesExamples(small, List.of(SeriesExamples.Part.all(waves(200))), 10);
        fake.diverge = 2;
        FitReport recovered = new Fit(fake, FitSettings.epochs(4, 1), Augmentation.NONE, Fit.Listener.NONE)
                .run(small, examples, examples)
                .report();
        assertThat(recovered.course().stopped()).isEqualTo(FitReport.Stopped.EPOCHS);
        assertThat(recovered.on("validation").loss()).isFinite();
        fake.diverge = 1000;
        FitReport lost = new Fit(fake, FitSettings.epochs(4, 1), Augmentation.NONE, Fit.Listener.NONE)
                .run(small, examples, examples)
                .report();
        assertThat(lost.course().stopped()).isEqualTo(FitReport.Stopped.DIVERGED);
        assertThat(lost.on("validation").loss()).isFinite();
    }

    @Test
    void augmentationTouchesTrainingOnlyAndFollowsTheSeed() {
        ExampleSet.Parts parts = parts();
        Augmentation noise = (input, at, target, targetAt, random) -> {
            for (int i = 0; i < 16; i++) input[at + i] += random.normal(i);
        };
        FitSettings settings = FitSettings.epochs(2, 3);
        FitResult plain = fit(engine, settings);
        FitResult once =
                new Fit(engine, settings, noise, Fit.Listener.NONE).run(network, parts.train(), parts.validation());
        FitResult again =
                new Fit(engine, settings, noise, Fit.Listener.NONE).run(network, parts.train(), parts.validation());
        assertThat(once.report().course().curve().get(0).validationLoss())
                .isEqualTo(plain.report().course().curve().get(0).validationLoss());
        assertThat(all(once.best())).containsExactly(all(again.best())).isNotEqualTo(all(plain.best()));
    }

    private static Network declared(String training, String... layers) {
        String text = "summary: s\nworks: w\nfails: f\ncost: c\npaper: p\nkind: autoencoder\nwindow: 16\nlayers:\n  - "
                + String.join("\n  - ", layers) + "\ntraining: " + training + "\n";
        try {
            Path folder = Files.createTempDirectory("zoo");
            Files.writeString(folder.resolve("declared.yaml"), text);
            return Zoo.load(folder).spec("declared").bind(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void learningRateFollowsTheSchedule() {
        Network cosine = declared(
                "{loss: mse, learning-rate: 0.01, batch: 32, schedule: {kind: cosine}}",
                "flatten",
                "dense: {units: 3}",
                "dense: {units: output}");
        ExampleSet.Parts parts = parts();
        List<FitReport.Epoch> curve = new Fit(engine, FitSettings.epochs(10, 1), Augmentation.NONE, Fit.Listener.NONE)
                .run(cosine, parts.train(), parts.validation())
                .report()
                .course()
                .curve();
        assertThat(curve.get(1).learningRate()).isBetween(0.0097, 0.01);
        assertThat(curve.get(5).learningRate()).isCloseTo(0.005, within(2e-4));
        assertThat(curve.get(10).learningRate()).isLessThan(1e-6);
        List<FitReport.Epoch> half = new Fit(
                        engine, FitSettings.epochs(10, 1).withSteps(95), Augmentation.NONE, Fit.Listener.NONE)
                .run(cosine, parts.train(), parts.validation())
                .report()
                .course()
                .curve();
        assertThat(half.get(5).learningRate()).isLessThan(1e-5);
    }

    @Test
    void closedFormNeedsNoStepAndIsTheBestOfItsKind() {
        String[] layers = {"flatten", "dense: {units: 3}", "dense: {units: output}"};
        ExampleSet.Parts parts = parts();
        Fit fit = new Fit(engine, FitSettings.epochs(20, 1), Augmentation.NONE, Fit.Listener.NONE);
        FitReport closed = fit.run(
                        declared("{method: pca, loss: mse, learning-rate: 0.01, batch: 32}", layers),
                        parts.train(),
                        parts.train())
                .report();
        FitReport learnt = fit.run(
                        declared("{loss: mse, learning-rate: 0.01, batch: 32}", layers), parts.train(), parts.train())
                .report();
        assertThat(closed.course().stopped()).isEqualTo(FitReport.Stopped.CLOSED_FORM);
        assertThat(closed.course().steps()).isZero();
        assertThat(closed.on("validation").loss())
                .isLessThan(learnt.on("validation").loss());
    }

    @Test
    void stagesHandTheirWeightsOnToTheWholeNetwork() {
        Network stacked = declared(
                "{loss: mse, learning-rate: 0.01, batch: 32, pretraining: layer-wise}",
                "flatten",
                "dense: {units: 12, activation: swish}",
                "dense: {units: 3}",
                "dense: {units: 12, activation: swish}",
                "dense: {units: output}");
        ExampleSet.Parts parts = parts();
        FitReport report = new Fit(engine, FitSettings.epochs(12, 1), Augmentation.NONE, Fit.Listener.NONE)
                .run(stacked, parts.train(), parts.validation())
                .report();
        assertThat(report.pretraining()).hasSize(1);
        FitReport stage = report.pretraining().get(0);
        assertThat(stage.course().curve()).hasSize(7);
        assertThat(stage.subject().parameters()).isLessThan(report.subject().parameters());
        assertThat(report.course().curve()).hasSize(7);
        FitReport plain = fit(engine, FitSettings.epochs(6, 1)).report();
        assertThat(report.course().curve().get(1).validationLoss())
                .isLessThan(plain.course().curve().get(1).validationLoss());
    }

    @Test
    void examplesThatAreHeldOutAreAugmentedAlwaysAlike() {
        ExampleSet plain = parts().validation();
        Augmentation noise = (input, at, target, targetAt, random) -> {
            for (int i = 0; i < 16; i++) input[at + i] += random.normal(i);
        };
        float[][] inputs = new float[3][2 * 16];
        float[] target = new float[2 * 16];
        plain.copy(5, inputs[0], target, 1);
        new AugmentedExamples(plain, noise, 3).copy(5, inputs[1], target, 1);
        new AugmentedExamples(plain, noise, 3).copy(5, inputs[2], target, 1);
        assertThat(inputs[2]).containsExactly(inputs[1]).isNotEqualTo(inputs[0]);
    }

    @Test
    void partTooShortForAnExampleSaysWhatToDo() {
        ExampleSet none = new SeriesExamples(network, List.of(SeriesExamples.Part.all(waves(10))), 10);
        assertThatThrownBy(() -> new Fit(engine, FitSettings.epochs(1, 1), Augmentation.NONE, Fit.Listener.NONE)
                        .run(network, none, none))
                .hasMessageContaining("needs 16 rows in a row without a gap");
    }

    @Test
    void noExampleReachesOverAGapOrABorder() {
        Random random = new Random(4);
        float[] values = new float[500];
        for (int r = 0; r < 500; r++) values[r] = random.nextInt(40) == 0 ? Float.NaN : r;
        ExampleSet.Parts parts = SeriesExamples.split(network, List.of(Series.scaled("gaps", 1, values)), 10, 0.3, 0.3);
        int[] from = {0, 200, 350};
        int[] to = {200, 350, 500};
        List<ExampleSet> sets = List.of(parts.train(), parts.validation(), parts.test());
        float[] input = new float[16];
        float[] target = new float[16];
        for (int p = 0; p < 3; p++) {
            int expected = 0;
            for (int r = from[p]; r + 16 <= to[p]; r++) {
                boolean whole = true;
                for (int i = r; i < r + 16; i++) whole &= !Float.isNaN(values[i]);
                if (whole) expected++;
            }
            assertThat(sets.get(p).size()).isEqualTo(expected).isPositive();
            for (int e = 0; e < expected; e++) {
                sets.get(p).copy(e, input, target, 0);
                assertThat(input[0]).isGreaterThanOrEqualTo(from[p]);
                assertThat(input[15]).isEqualTo(input[0] + 15).isLessThan(to[p]);
            }
        }
    }

    @Test
    void forecastersExampleIsScaledByTheRowItAsksAbout() {
        Network forecaster = TestNetworks.forecaster().bind(1);
        float[] values = {0, 1, 2, 3, 4, 5, 6};
        float[] location = {0, 0, 0, 0, 2, 9, 9};
        float[] scale = {1, 1, 1, 1, 2, 1, 1};
        Series series = Series.of("s", 1, values, location, scale, new boolean[7]);
        SeriesExamples examples = new SeriesExamples(forecaster, List.of(SeriesExamples.Part.all(series)), 1.25);
        float[] input = new float[TestNetworks.WINDOW];
        float[] target = new float[TestNetworks.HORIZON];
        examples.copy(0, input, target, 0);
        assertThat(examples.row(0)).isEqualTo(4);
        assertThat(input).containsExactly(-1, -0.5f, 0, 0.5f);
        assertThat(target).containsExactly(1, 1.25f, 1.25f);
    }

    /** An engine with memory for batches of so many samples. */
    private record ShortMemory(Engine engine, int room) implements Engine {
        @Override
        public EngineInfo info() {
            return engine.info();
        }

        @Override
        public List<String> unsupported(Network network) {
            return engine.unsupported(network);
        }

        @Override
        public ScoringReplica scoring(Network network, int batchCapacity) {
            return engine.scoring(network, batchCapacity);
        }

        @Override
        public TrainingReplica training(Network network) {
            int batch = network.training().optimisation().batch();
            if (batch > 2 * room) throw new OutOfMemoryException("room for " + room);
            TrainingReplica replica = engine.training(network);
            return new TrainingReplica() {
                @Override
                public void load(NetworkState state) {
                    replica.load(state);
                }

                @Override
                public NetworkState state() {
                    return replica.state();
                }

                @Override
                public float[] input(String name) {
                    return replica.input(name);
                }

                @Override
                public float[] target(String name) {
                    return replica.target(name);
                }

                @Override
                public float[] weight(String name) {
                    return replica.weight(name);
                }

                @Override
                public void learningRate(double rate) {
                    replica.learningRate(rate);
                }

                @Override
                public void freeze(Set<String> parameters) {
                    replica.freeze(parameters);
                }

                @Override
                public float train(int samples) {
                    if (samples > room) throw new OutOfMemoryException("room for " + room);
                    return replica.train(samples);
                }

                @Override
                public void close() {
                    replica.close();
                }
            };
        }

        @Override
        public void close() {}
    }
}
