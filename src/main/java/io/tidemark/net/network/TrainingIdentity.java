package io.tidemark.net.network;

import java.util.stream.Collectors;

/**
 * The canonical text of how a network is trained. The configuration hash of a lineage is taken of it, so that the text of given values
 * is the same for good: names are written out here and follow no renaming of a record, a component or a class.
 */
final class TrainingIdentity {
    private TrainingIdentity() {}

    static String of(TrainingSpec training) {
        String augmentations = training.augmentations().stream()
                .map(a -> "AugmentationSpec[kind=" + a.kind().name() + ", strength=" + a.strength() + "]")
                .collect(Collectors.joining(", ", "[", "]"));
        return "TrainingSpec[method=" + training.method().name() + ", loss="
                + training.objective().loss().name() + ", delta="
                + training.objective().delta() + ", positiveWeight="
                + training.objective().positiveWeight() + ", optimiser="
                + optimiser(training.optimisation().optimiser()) + ", learningRate="
                + training.optimisation().learningRate() + ", schedule="
                + schedule(training.optimisation().schedule()) + ", initial="
                + training.initial().name() + ", regularisation=" + regularisation(training.regularisation())
                + ", batch=" + training.optimisation().batch() + ", patience=" + training.patience() + ", pretraining="
                + training.pretraining().name() + ", augmentations=" + augmentations + "]";
    }

    private static String optimiser(OptimiserSpec optimiser) {
        return optimiser.match(new OptimiserSpec.Cases<>() {
            @Override
            public String sgd(OptimiserSpec.Sgd sgd) {
                return "Sgd[]";
            }

            @Override
            public String momentum(OptimiserSpec.Momentum momentum) {
                return "Momentum[momentum=" + momentum.momentum() + ", nesterov=" + momentum.nesterov() + "]";
            }

            @Override
            public String adaGrad(OptimiserSpec.AdaGrad adaGrad) {
                return "AdaGrad[]";
            }

            @Override
            public String rmsProp(OptimiserSpec.RmsProp rmsProp) {
                return "RmsProp[decay=" + rmsProp.decay() + "]";
            }

            @Override
            public String adam(OptimiserSpec.Adam adam) {
                return "Adam[weightDecay=" + adam.weightDecay() + "]";
            }
        });
    }

    private static String schedule(Schedule schedule) {
        return "Schedule[warmUpSteps=" + schedule.warmUpSteps() + ", decay="
                + schedule.decay().identity() + "]";
    }

    private static String regularisation(Regularisation r) {
        return "Regularisation[l1=" + r.l1() + ", l2=" + r.l2() + ", maxNorm=" + r.maxNorm() + ", clipNorm="
                + r.clipNorm() + "]";
    }
}
