package io.tidemark.learn.tuning;

import java.util.List;

/**
 * What a search found.
 *
 * @param chosen the best
 * @param error of the chosen on the validation part
 * @param rangePick the rate that the range test gave; NaN when there was none
 * @param tried every round of every candidate, in order
 */
public record SearchResult(Hyperparameters chosen, double error, double rangePick, List<Tried> tried) {

    /**
     * One round of one candidate.
     *
     * @param candidate counts from 0, in the order of the draws; 0 is the declared setting
     * @param round counts from 0; refinements have the last
     * @param steps optimiser steps taken in all
     * @param error on the validation part after them; not finite when training diverged
     */
    public record Tried(int candidate, int round, long steps, Hyperparameters hyperparameters, double error) {}

    public SearchResult {
        tried = List.copyOf(tried);
    }
}
