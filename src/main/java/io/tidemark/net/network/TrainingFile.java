package io.tidemark.net.network;

import io.tidemark.config.Section;
import java.util.ArrayList;
import java.util.List;

/** Reads the {@code training} section of a file of the zoo. */
final class TrainingFile {
    private final Section section;

    private TrainingFile(Section section) {
        this.section = section;
    }

    /** What can be read, with mistakes noted and replaced; a mistake that spans several settings is noted too. */
    static TrainingSpec read(Section section) {
        return new TrainingFile(section).read();
    }

    private TrainingSpec read() {
        TrainingMethod method = section.oneOf("method", TrainingMethod.class, TrainingMethod.GRADIENT);
        boolean closed = method.isClosedForm();
        require("loss", !closed);
        require("learning-rate", !closed);
        require("batch", !closed);
        TrainingSpec.Loss loss = section.oneOf("loss", TrainingSpec.Loss.class, method.defaultLoss());
        double delta = section.decimal("delta", 1e-6, 1000, 1);
        double positive = section.decimal("positive-weight", 1e-4, 10_000, 1);
        OptimiserSpec optimiser = optimiser();
        double rate = section.decimal("learning-rate", 1e-7, 1, 1e-3);
        Schedule schedule = schedule();
        TrainingSpec.Start initial =
                section.oneOf("initial", TrainingSpec.Start.class, TrainingSpec.Start.BY_ACTIVATION);
        Regularisation regularisation = new Regularisation(
                section.decimal("l1", 0, 1, 0),
                section.decimal("l2", 0, 1, 0),
                section.decimal("max-norm", 0, 1000, 0),
                section.decimal("clip-norm", 0, 1e6, 0));
        int batch = section.integer("batch", 1, 4096, closed ? 256 : 1);
        int patience = section.integer("patience", 0, 10_000, 0);
        TrainingSpec.Pretraining pretraining =
                section.oneOf("pretraining", TrainingSpec.Pretraining.class, TrainingSpec.Pretraining.NONE);
        List<AugmentationSpec> augmentations = augmentations();
        section.finish();
        try {
            return new TrainingSpec(
                    method,
                    new TrainingSpec.Objective(loss, delta, positive),
                    new TrainingSpec.Optimisation(optimiser, rate, schedule, batch),
                    initial,
                    regularisation,
                    patience,
                    pretraining,
                    augmentations);
        } catch (IllegalArgumentException e) {
            for (String sentence : String.valueOf(e.getMessage()).split("\n")) {
                String[] words = sentence.split(" ", 2);
                section.problem(words[0].replaceFirst("^training\\.", ""), words.length > 1 ? words[1] : "is wrong");
            }
            return new TrainingSpec(loss, rate, batch);
        }
    }

    private void require(String key, boolean needed) {
        if (needed && !section.has(key)) section.problem(key, "is missing");
    }

    /** What a section of kinds is made of, such as {@code adam} alone or {@code {kind: adamw, weight-decay: 0.01}}. */
    private enum OptimiserKind {
        ADAM,
        ADAMW,
        SGD,
        MOMENTUM,
        NESTEROV,
        ADAGRAD,
        RMSPROP
    }

    private OptimiserSpec optimiser() {
        if (!section.isMapping("optimiser")) {
            OptimiserKind kind = section.oneOf("optimiser", OptimiserKind.class, OptimiserKind.ADAM);
            return optimiser(kind, 0.01, 0.9, 0.99);
        }
        Section inner = section.section("optimiser");
        OptimiserKind kind = inner.oneOf("kind", OptimiserKind.class, OptimiserKind.ADAM);
        double weightDecay = kind == OptimiserKind.ADAMW ? inner.decimal("weight-decay", 0, 1, 0.01) : 0;
        boolean momentous = kind == OptimiserKind.MOMENTUM || kind == OptimiserKind.NESTEROV;
        double momentum = momentous ? inner.decimal("momentum", 0, 0.999999, 0.9) : 0;
        double decay = kind == OptimiserKind.RMSPROP ? inner.decimal("decay", 0, 0.999999, 0.99) : 0;
        inner.finish();
        return optimiser(kind, weightDecay, momentum, decay);
    }

    private static OptimiserSpec optimiser(OptimiserKind kind, double weightDecay, double momentum, double decay) {
        return switch (kind) {
            case ADAM -> new OptimiserSpec.Adam(0);
            case ADAMW -> new OptimiserSpec.Adam(weightDecay);
            case SGD -> new OptimiserSpec.Sgd();
            case MOMENTUM -> new OptimiserSpec.Momentum(momentum, false);
            case NESTEROV -> new OptimiserSpec.Momentum(momentum, true);
            case ADAGRAD -> new OptimiserSpec.AdaGrad();
            case RMSPROP -> new OptimiserSpec.RmsProp(decay);
        };
    }

    private enum DecayKind {
        CONSTANT,
        STEP,
        EXPONENTIAL,
        INVERSE,
        COSINE
    }

    private Schedule schedule() {
        if (!section.isMapping("schedule")) {
            DecayKind kind = section.oneOf("schedule", DecayKind.class, DecayKind.CONSTANT);
            if (kind == DecayKind.CONSTANT) return Schedule.CONSTANT;
            if (kind == DecayKind.COSINE) return new Schedule(0, new Schedule.Decay.Cosine(0));
            section.problem("schedule", "needs its settings, such as {kind: step, factor: 0.5, epochs: 10}");
            return Schedule.CONSTANT;
        }
        Section inner = section.section("schedule");
        DecayKind kind = inner.oneOf("kind", DecayKind.class, DecayKind.CONSTANT);
        int warmUp = inner.integer("warm-up", 0, 1_000_000, 0);
        Schedule.Decay decay = switch (kind) {
            case CONSTANT -> new Schedule.Decay.Constant();
            case STEP ->
                new Schedule.Decay.Step(
                        inner.decimal("factor", 1e-6, 1, 0.5), inner.decimal("epochs", 1e-6, 1_000_000, 10));
            case EXPONENTIAL -> new Schedule.Decay.Exponential(inner.decimal("factor", 1e-6, 1, 0.95));
            case INVERSE -> new Schedule.Decay.Inverse(inner.decimal("decay", 1e-6, 1000, 0.1));
            case COSINE -> new Schedule.Decay.Cosine(inner.decimal("least", 0, 1, 0));
        };
        inner.finish();
        return new Schedule(warmUp, decay);
    }

    private List<AugmentationSpec> augmentations() {
        List<AugmentationSpec> found = new ArrayList<>();
        if (!section.has("augmentation")) return found;
        Section inner = section.section("augmentation");
        for (AugmentationSpec.Kind kind : AugmentationSpec.Kind.values()) {
            String word = AugmentationSpec.word(kind);
            if (inner.has(word)) found.add(new AugmentationSpec(kind, inner.decimal(word, 1e-6, 1, 0.1)));
        }
        inner.finish();
        return found;
    }
}
