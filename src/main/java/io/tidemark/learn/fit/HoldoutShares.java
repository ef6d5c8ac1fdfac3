package io.tidemark.learn.fit;

/** Shares of a set that validate and test. */
final class HoldoutShares {
    private HoldoutShares() {}

    static void check(double validation, double test) {
        if (!(validation >= 0 && validation <= 0.9)) {
            throw new IllegalArgumentException("validation must be in [0, 0.9], but was " + validation);
        }
        if (!(test >= 0 && test <= 0.9 && validation + test < 1)) {
            throw new IllegalArgumentException("test must be in [0, 0.9] and leave examples to train on, but was "
                    + test + " beside a validation of " + validation);
        }
    }
}
