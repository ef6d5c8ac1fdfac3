package io.tidemark.role.retrain;

/**
 * How much a network is searched for and trained.
 *
 * @param seed of the search, the initial weights and the batch draws
 * @param steps optimiser steps of the final training at most; in [1, 10_000_000]
 * @param candidates settings that the search tries; in [1, 256]; 1 trains with the declared ones
 * @param holdout newest share of the history that the version does not train on; in [0, 0.3]
 */
public record TrainingPlan(long seed, int steps, int candidates, double holdout) {}
