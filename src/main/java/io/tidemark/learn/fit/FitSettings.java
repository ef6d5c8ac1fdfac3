package io.tidemark.learn.fit;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a network is trained, and from which chances.
 *
 * @param epochs passes over the training part at most; in [1, 100_000]
 * @param steps optimiser steps at most; at least 1
 * @param cpu processor time of the training thread at most; a fit that this ends is not repeatable to the bit
 * @param patience epochs without a lower validation loss after which training stops, in place of the network's own; 0: never
 * @param learningRate in place of the network's own; in (0, 1]
 * @param validationMax examples of the validation part that are measured after each epoch, spread evenly; at least 1
 * @param seed of initial weights, shuffling and augmentation
 */
public record FitSettings(
        int epochs,
        Optional<Long> steps,
        Optional<Duration> cpu,
        Optional<Integer> patience,
        Optional<Double> learningRate,
        int validationMax,
        long seed) {

    public static final int EPOCHS_MAX = 100_000;

    private static final int VALIDATION_MAX = 4096;

    public FitSettings {
        if (epochs < 1 || epochs > EPOCHS_MAX) {
            throw new IllegalArgumentException("epochs must be in [1, " + EPOCHS_MAX + "], but was " + epochs);
        }
        if (steps.isPresent() && steps.get() < 1) {
            throw new IllegalArgumentException("steps must be at least 1, but was " + steps.get());
        }
        if (cpu.isPresent() && (cpu.get().isNegative() || cpu.get().isZero())) {
            throw new IllegalArgumentException("limit must be above 0, but was " + cpu.get());
        }
        if (patience.isPresent() && patience.get() < 0) {
            throw new IllegalArgumentException("patience must be at least 0, but was " + patience.get());
        }
        if (learningRate.isPresent() && !(learningRate.get() > 0 && learningRate.get() <= 1)) {
            throw new IllegalArgumentException("learning rate must be in (0, 1], but was " + learningRate.get());
        }
        if (validationMax < 1) {
            throw new IllegalArgumentException("validation examples must be at least 1, but were " + validationMax);
        }
    }

    /** So many epochs, with the network's own patience and learning rate. */
    public static FitSettings epochs(int epochs, long seed) {
        return new FitSettings(
                epochs, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), VALIDATION_MAX, seed);
    }

    /** The same, ended by a number of steps. */
    public FitSettings withSteps(long limit) {
        return new FitSettings(epochs, Optional.of(limit), cpu, patience, learningRate, validationMax, seed);
    }

    /** The same, ended by processor time. */
    public FitSettings withCpu(Duration limit) {
        return new FitSettings(epochs, steps, Optional.of(limit), patience, learningRate, validationMax, seed);
    }

    /** The same with another patience. */
    public FitSettings withPatience(int epochsWithoutProgress) {
        return new FitSettings(
                epochs, steps, cpu, Optional.of(epochsWithoutProgress), learningRate, validationMax, seed);
    }

    /** The same with another learning rate than the network's. */
    public FitSettings withLearningRate(double rate) {
        return new FitSettings(epochs, steps, cpu, patience, Optional.of(rate), validationMax, seed);
    }

    /** The same limits, each times a share; at least an epoch and a step. */
    FitSettings times(double share) {
        return new FitSettings(
                (int) Math.max(1, Math.round(epochs * share)),
                steps.map(limit -> Math.max(1, Math.round(limit * share))),
                cpu.map(limit -> Duration.ofNanos(Math.max(1, Math.round(limit.toNanos() * share)))),
                patience,
                learningRate,
                validationMax,
                seed);
    }
}
