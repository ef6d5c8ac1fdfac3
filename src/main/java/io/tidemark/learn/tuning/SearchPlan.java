package io.tidemark.learn.tuning;

/**
 * How much a search may try.
 *
 * @param candidates settings drawn, the declared one among them; in [1, 256]
 * @param firstSteps optimiser steps of every candidate in the first round; in [1, 1_000_000]
 * @param halving of so many candidates one goes on to the next round, with so many times the steps; in [2, 16]
 * @param refinements neighbours of the best that are tried at the end; in [0, 16]
 * @param rangeSteps steps of the learning-rate range test; 0 for none, else in [10, 10_000]
 * @param seed of the draws
 */
public record SearchPlan(int candidates, int firstSteps, int halving, int refinements, int rangeSteps, long seed) {
    public SearchPlan {
        check("candidates", candidates, 1, 256);
        check("first steps", firstSteps, 1, 1_000_000);
        check("halving", halving, 2, 16);
        check("refinements", refinements, 0, 16);
        if (rangeSteps != 0) check("range steps", rangeSteps, 10, 10_000);
    }

    private static void check(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " must be in [" + least + ", " + most + "], but was " + value);
        }
    }

    /** Optimiser steps that a whole search takes at most. */
    public long steps() {
        long total = rangeSteps;
        int open = candidates;
        long each = firstSteps;
        long last = 0;
        while (true) {
            total += open * each;
            last += each;
            if (open == 1) break;
            open = survivors(open);
            each *= halving;
        }
        return total + refinements * last;
    }

    int survivors(int open) {
        return (open + halving - 1) / halving;
    }
}
