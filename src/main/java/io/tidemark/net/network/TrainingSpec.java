package io.tidemark.net.network;

import java.util.ArrayList;
import java.util.List;

/**
 * How a network is trained. Of what is here, an engine uses loss, optimiser, learning rate, regularisation and batch in each
 * step; the rest is for whoever runs the steps.
 *
 * @param method steps along the gradient, or a closed form
 * @param initial where the first weights come from
 * @param regularisation what keeps weights and steps small
 * @param patience epochs without a better loss on the validation part after which training stops; 0 for never; in [0,
 *     10000]
 * @param pretraining what comes before the training proper
 * @param augmentations changes to every image that is taught, at most one of a kind; empty for windows
 */
public record TrainingSpec(
        TrainingMethod method,
        Objective objective,
        Optimisation optimisation,
        Start initial,
        Regularisation regularisation,
        int patience,
        Pretraining pretraining,
        List<AugmentationSpec> augmentations) {

    /**
     * What training lowers.
     *
     * @param loss what training lowers
     * @param delta where a Huber loss turns from quadratic to linear; in (0, 1000]; 1 otherwise
     * @param positiveWeight how much more a target of 1 counts than one of 0 in a binary cross-entropy; in (0, 10000];
     *     1 otherwise
     */
    public record Objective(Loss loss, double delta, double positiveWeight) {}

    /**
     * How a step is taken.
     *
     * @param optimiser how a gradient changes the weights
     * @param learningRate in (0, 1], before the schedule
     * @param schedule how the learning rate falls
     * @param batch samples in a step; in [1, 4096]
     */
    public record Optimisation(OptimiserSpec optimiser, double learningRate, Schedule schedule, int batch) {}

    /** Losses are weighted means over every element; d is output minus target. */
    public enum Loss {
        /** d². */
        MSE,
        /** |d|; its slope at 0 is 0. */
        MAE,
        /** √(d² + 0.01): quadratic near 0, linear far away (Charbonnier et al. 1994). */
        SMOOTH_L1,
        /** ½·d² where |d| is at most delta, else delta·(|d| − ½·delta) (Huber 1964). */
        HUBER,
        /** Pinball loss of each quantile (Koenker and Bassett 1978), a mean over quantiles too. */
        QUANTILE,
        /**
         * −p·t·log σ(z) − (1 − t)·log(1 − σ(z)) for a raw output z (a logit) and a target t in [0, 1], p being the positive weight
         * and σ the logistic function, which is applied to a reconstruction after scoring.
         */
        BINARY_CROSS_ENTROPY
    }

    /** Where first weights come from; biases start at 0 and forget gates at 1 in any case. */
    public enum Start {
        /** {@code HE} before ReLU, leaky ReLU, ELU, softplus and Swish, else {@code XAVIER}. */
        BY_ACTIVATION,
        /** Uniform in ±√(6 / (fanIn + fanOut)) (Glorot and Bengio 2010). */
        XAVIER,
        /** Uniform in ±√(6 / fanIn) (He et al. 2015). */
        HE,
        /** Rows of length 1, orthogonal to each other in blocks as large as a row (Saxe et al. 2014). */
        ORTHOGONAL
    }

    /** What comes before the training proper. */
    public enum Pretraining {
        NONE,
        /** The stages of {@link LayerWise}, one after another. */
        LAYER_WISE
    }

    /** Gradient steps of Adam at a constant rate. */
    public TrainingSpec(Loss loss, double learningRate, int batch) {
        this(
                TrainingMethod.GRADIENT,
                new Objective(loss, 1, 1),
                new Optimisation(new OptimiserSpec.Adam(0), learningRate, Schedule.CONSTANT, batch),
                Start.BY_ACTIVATION,
                Regularisation.NONE,
                0,
                Pretraining.NONE,
                List.of());
    }

    /** @throws IllegalArgumentException with every problem, one a line */
    public TrainingSpec {
        augmentations = List.copyOf(augmentations);
        List<String> problems = new ArrayList<>();
        if (!(optimisation.learningRate() > 0 && optimisation.learningRate() <= 1)) {
            problems.add("training.learning-rate must be in (0, 1], but was " + optimisation.learningRate());
        }
        if (optimisation.batch() < 1 || optimisation.batch() > 4096)
            problems.add("training.batch must be in [1, 4096], but was " + optimisation.batch());
        if (!(objective.delta() > 0 && objective.delta() <= 1000))
            problems.add("training.delta must be in (0, 1000], but was " + objective.delta());
        if (!(objective.positiveWeight() > 0 && objective.positiveWeight() <= 10_000)) {
            problems.add("training.positive-weight must be in (0, 10000], but was " + objective.positiveWeight());
        }
        if (objective.delta() != 1 && objective.loss() != Loss.HUBER)
            problems.add("training.delta is for loss huber; leave it out");
        if (objective.positiveWeight() != 1 && objective.loss() != Loss.BINARY_CROSS_ENTROPY) {
            problems.add("training.positive-weight is for loss binary-cross-entropy; leave it out");
        }
        if (patience < 0 || patience > 10_000) {
            problems.add("training.patience must be in [0, 10000], but was " + patience);
        }
        long kinds =
                augmentations.stream().map(AugmentationSpec::kind).distinct().count();
        if (kinds != augmentations.size()) problems.add("training.augmentation must name each kind once");
        if (!problems.isEmpty()) throw new IllegalArgumentException(String.join("\n", problems));
    }

    /** Its canonical text, as the configuration hash of a lineage holds it; the same for good. */
    public String identity() {
        return TrainingIdentity.of(this);
    }

    /** The same with another batch size. */
    public TrainingSpec withBatch(int samples) {
        return with(optimisation.learningRate(), regularisation, samples, pretraining);
    }

    /** The same with another pretraining. */
    TrainingSpec withPretraining(Pretraining other) {
        return with(optimisation.learningRate(), regularisation, optimisation.batch(), other);
    }

    /** The same with another L2 penalty. */
    public TrainingSpec withL2(double l2) {
        Regularisation other =
                new Regularisation(regularisation.l1(), l2, regularisation.maxNorm(), regularisation.clipNorm());
        return with(optimisation.learningRate(), other, optimisation.batch(), pretraining);
    }

    /** How strong an augmentation is; 0 when it is not declared. */
    public double augmentation(AugmentationSpec.Kind kind) {
        for (AugmentationSpec augmentation : augmentations) {
            if (augmentation.kind() == kind) return augmentation.strength();
        }
        return 0;
    }

    /** The same with another learning rate. */
    public TrainingSpec withLearningRate(double rate) {
        return with(rate, regularisation, optimisation.batch(), pretraining);
    }

    private TrainingSpec with(double rate, Regularisation keeping, int samples, Pretraining before) {
        return new TrainingSpec(
                method,
                objective,
                new Optimisation(optimisation.optimiser(), rate, optimisation.schedule(), samples),
                initial,
                keeping,
                patience,
                before,
                augmentations);
    }
}
