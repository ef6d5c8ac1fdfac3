package io.tidemark.net.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.config.Problem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingSpecTest {

    private static String file(String input, String layers, String training) {
        return "summary: s\nworks: w\nfails: f\ncost: c\npaper: p\nkind: autoencoder\n" + input + "\nlayers:\n" + layers
                + "training: {" + training + "}\n";
    }

    private static final String DENSE = "  - flatten\n  - dense: {units: 3}\n  - dense: {units: output}\n";

    private static TrainingSpec training(String settings) {
        return spec("window: 4", DENSE, settings).training();
    }

    private static NetworkSpec spec(String input, String layers, String settings) {
        List<Problem> problems = new ArrayList<>();
        Zoo.Entry entry = ZooFile.parse("test", file(input, layers, settings), problems)
                .orElseThrow(() -> new AssertionError(problems));
        return entry.spec();
    }

    private static List<String> problems(String input, String layers, String settings) {
        List<Problem> problems = new ArrayList<>();
        assertThat(ZooFile.parse("test", file(input, layers, settings), problems))
                .isEmpty();
        return problems.stream().map(Problem::toString).toList();
    }

    @Test
    void aBareSetUpIsAdamAtAConstantRate() {
        assertThat(training("loss: mae, learning-rate: 0.01, batch: 8"))
                .isEqualTo(new TrainingSpec(TrainingSpec.Loss.MAE, 0.01, 8));
    }

    @Test
    void everySettingIsRead() {
        NetworkSpec spec = spec(
                "input: image",
                DENSE,
                "loss: binary-cross-entropy, positive-weight: 20, learning-rate: 0.01, batch: 8, optimiser: {kind: adamw,"
                        + " weight-decay: 0.05}, schedule: {kind: cosine, warm-up: 30, least: 0.1}, initial: orthogonal,"
                        + " l1: 1e-4, l2: 1e-3, max-norm: 3, clip-norm: 2, patience: 7, augmentation: {noise: 0.2, flip:"
                        + " 0.5}");
        assertThat(spec.training())
                .isEqualTo(new TrainingSpec(
                        TrainingMethod.GRADIENT,
                        new TrainingSpec.Objective(TrainingSpec.Loss.BINARY_CROSS_ENTROPY, 1, 20),
                        new TrainingSpec.Optimisation(
                                new OptimiserSpec.Adam(0.05),
                                0.01,
                                new Schedule(30, new Schedule.Decay.Cosine(0.1)),
                                8),
                        TrainingSpec.Start.ORTHOGONAL,
                        new Regularisation(1e-4, 1e-3, 3, 2),
                        7,
                        TrainingSpec.Pretraining.NONE,
                        List.of(
                                new AugmentationSpec(AugmentationSpec.Kind.NOISE, 0.2),
                                new AugmentationSpec(AugmentationSpec.Kind.FLIP, 0.5))));
        assertThat(spec.training().augmentation(AugmentationSpec.Kind.CROP)).isZero();
    }

    @Test
    void everyOptimiserAndScheduleIsRead() {
        String rest = ", loss: mse, learning-rate: 0.01, batch: 8";
        assertThat(training("optimiser: sgd" + rest).optimisation().optimiser()).isEqualTo(new OptimiserSpec.Sgd());
        assertThat(training("optimiser: {kind: nesterov, momentum: 0.8}" + rest)
                        .optimisation()
                        .optimiser())
                .isEqualTo(new OptimiserSpec.Momentum(0.8, true));
        assertThat(training("optimiser: momentum" + rest).optimisation().optimiser())
                .isEqualTo(new OptimiserSpec.Momentum(0.9, false));
        assertThat(training("optimiser: adagrad" + rest).optimisation().optimiser())
                .isEqualTo(new OptimiserSpec.AdaGrad());
        assertThat(training("optimiser: {kind: rmsprop, decay: 0.9}" + rest)
                        .optimisation()
                        .optimiser())
                .isEqualTo(new OptimiserSpec.RmsProp(0.9));
        assertThat(training("schedule: {kind: step, factor: 0.1, epochs: 3}" + rest)
                        .optimisation()
                        .schedule()
                        .decay())
                .isEqualTo(new Schedule.Decay.Step(0.1, 3));
        assertThat(training("schedule: {kind: exponential, factor: 0.9}" + rest)
                        .optimisation()
                        .schedule()
                        .decay())
                .isEqualTo(new Schedule.Decay.Exponential(0.9));
        assertThat(training("schedule: {kind: inverse, decay: 0.5}" + rest)
                        .optimisation()
                        .schedule()
                        .decay())
                .isEqualTo(new Schedule.Decay.Inverse(0.5));
    }

    @Test
    void everyMistakeIsNamedAtOnce() {
        assertThat(problems(
                        "window: 4",
                        DENSE,
                        "loss: mse, delta: 2, learning-rate: 0.01, batch: 8, optimiser: {kind: sgd, momentum: 1},"
                                + " schedule: step, clip-norm: -1"))
                .anyMatch(p -> p.contains("training.delta is for loss huber"))
                .anyMatch(p -> p.contains("momentum is not a known setting"))
                .anyMatch(p -> p.contains("training.schedule needs its settings"))
                .anyMatch(p -> p.contains("clip-norm must be"));
        assertThat(problems("window: 4", DENSE, "loss: mse, learning-rate: 0.01, batch: 8, augmentation: {noise: 0.1}"))
                .anyMatch(p -> p.contains("put gaussian-noise first"));
    }

    @Test
    void principalComponentsNeedALinearNetworkOnly() {
        TrainingSpec pca = training("method: pca");
        assertThat(pca.method()).isEqualTo(TrainingMethod.PCA);
        assertThat(problems(
                        "window: 4",
                        "  - flatten\n  - dense: {units: 3, activation: tanh}\n  - dense: {units: output}\n",
                        "method: pca"))
                .anyMatch(p -> p.contains("both without activation"));
    }

    @Test
    void aScheduleIsAPureFunctionOfTheStep() {
        assertThat(Schedule.CONSTANT.factor(500, 1000, 10)).isEqualTo(1);
        Schedule cosine = new Schedule(9, new Schedule.Decay.Cosine(0.1));
        assertThat(cosine.factor(0, 110, 10)).isCloseTo(0.1, within(1e-9));
        assertThat(cosine.factor(9, 110, 10)).isEqualTo(1);
        assertThat(cosine.factor(59, 110, 10)).isCloseTo(0.55, within(1e-9));
        assertThat(cosine.factor(109, 110, 10)).isCloseTo(0.1, within(1e-9));
        assertThat(cosine.factor(1_000_000, Long.MAX_VALUE, 10)).isCloseTo(1, within(1e-9));
        assertThat(new Schedule(0, new Schedule.Decay.Step(0.5, 2)).factor(45, 100, 10))
                .isEqualTo(0.25);
        assertThat(new Schedule(0, new Schedule.Decay.Exponential(0.81)).factor(5, 100, 10))
                .isCloseTo(0.9, within(1e-9));
        assertThat(new Schedule(0, new Schedule.Decay.Inverse(1)).factor(30, 100, 10))
                .isEqualTo(0.25);
    }

    private static final String STACK = "  - gaussian-noise: 0.1\n  - flatten\n"
            + "  - dense: {units: 6, activation: tanh}\n  - l1-activity: 0.1\n"
            + "  - dense: {units: 3, activation: tanh}\n  - dense: {units: 6, activation: tanh}\n  - dropout: 0.1\n"
            + "  - dense: {units: output}\n";

    @Test
    void aStackGrowsFromItsOutermostPair() {
        NetworkSpec spec =
                spec("window: 4", STACK, "loss: mse, learning-rate: 0.01, batch: 8, pretraining: layer-wise");
        List<LayerWise.Stage> stages = LayerWise.stages(spec);
        assertThat(stages).hasSize(1);
        NetworkSpec small = stages.get(0).spec();
        assertThat(small.name()).isEqualTo("test-stage-1");
        assertThat(small.layers())
                .extracting(Layer::word)
                .containsExactly("gaussian-noise", "flatten", "dense", "l1-activity", "dense");
        assertThat(stages.get(0).parameters())
                .containsEntry("param/2.dense/", "param/2.dense/")
                .containsEntry("param/4.dense/", "param/7.dense/")
                .hasSize(2);
        assertThat(small.bind(2).parameterCount()).isEqualTo(8 * 6 + 6 + 6 * 8 + 8);
    }

    @Test
    void aStackThatDoesNotMirrorItselfIsRefused() {
        assertThat(problems(
                        "window: 4",
                        STACK.replaceFirst("units: 6", "units: 5"),
                        "loss: mse, learning-rate: 0.01, batch: 8, pretraining: layer-wise"))
                .anyMatch(p -> p.contains("needs a decoder that mirrors the encoder"));
        assertThat(problems(
                        "window: 4",
                        "  - lstm: {units: 3}\n  - dense: {units: output}\n",
                        "loss: mse, learning-rate: 0.01, batch: 8, pretraining: layer-wise"))
                .anyMatch(p -> p.contains("but the network has a layer lstm"));
    }

    @Test
    void aRateOrWeightOutOfBoundsNamesTheSetting() {
        assertThatThrownBy(() -> new TrainingSpec(TrainingSpec.Loss.MSE, 2, 0))
                .hasMessageContaining("training.learning-rate must be in (0, 1], but was 2")
                .hasMessageContaining("training.batch must be in [1, 4096], but was 0");
    }

    /** The configuration hash of stored lineages is taken of these texts. */
    @Test
    void theCanonicalTextOfATrainingIsPinned() {
        TrainingSpec plain = new TrainingSpec(TrainingSpec.Loss.MSE, 0.001, 8);
        assertThat(plain.identity())
                .isEqualTo("TrainingSpec[method=GRADIENT, loss=MSE, delta=1.0, positiveWeight=1.0,"
                        + " optimiser=Adam[weightDecay=0.0], learningRate=0.001, schedule=Schedule[warmUpSteps=0,"
                        + " decay=Constant[]], initial=BY_ACTIVATION, regularisation=Regularisation[l1=0.0, l2=0.0,"
                        + " maxNorm=0.0, clipNorm=0.0], batch=8, patience=0, pretraining=NONE, augmentations=[]]");
        TrainingSpec other = new TrainingSpec(
                TrainingMethod.GRADIENT,
                new TrainingSpec.Objective(TrainingSpec.Loss.HUBER, 2, 1),
                new TrainingSpec.Optimisation(
                        new OptimiserSpec.Momentum(0.9, true),
                        0.01,
                        new Schedule(5, new Schedule.Decay.Step(0.5, 3)),
                        16),
                TrainingSpec.Start.HE,
                new Regularisation(0.1, 0.2, 3, 4),
                7,
                TrainingSpec.Pretraining.LAYER_WISE,
                List.of(
                        new AugmentationSpec(AugmentationSpec.Kind.FLIP, 0.5),
                        new AugmentationSpec(AugmentationSpec.Kind.CROP, 0.25)));
        assertThat(other.identity())
                .isEqualTo("TrainingSpec[method=GRADIENT, loss=HUBER, delta=2.0, positiveWeight=1.0,"
                        + " optimiser=Momentum[momentum=0.9, nesterov=true], learningRate=0.01,"
                        + " schedule=Schedule[warmUpSteps=5, decay=Step[factor=0.5, epochs=3.0]], initial=HE,"
                        + " regularisation=Regularisation[l1=0.1, l2=0.2, maxNorm=3.0, clipNorm=4.0], batch=16,"
                        + " patience=7, pretraining=LAYER_WISE, augmentations=[AugmentationSpec[kind=FLIP,"
                        + " strength=0.5], AugmentationSpec[kind=CROP, strength=0.25]]]");
        assertThat(new Schedule.Decay.Exponential(0.5).identity()).isEqualTo("Exponential[factor=0.5]");
        assertThat(new Schedule.Decay.Inverse(0.5).identity()).isEqualTo("Inverse[decay=0.5]");
        assertThat(new Schedule.Decay.Cosine(0.5).identity()).isEqualTo("Cosine[least=0.5]");
    }
}
