package io.tidemark.judge.calibration;

import java.util.Arrays;

/** Splits the severity of a step among the features of its series. */
final class FeatureShares {
    private float[] shares = {};
    private boolean[] imputed = {};

    /**
     * Begins a step.
     *
     * @param shares what the shares are written into; one element for each feature
     * @param imputed features whose value was not measured: nothing of a split error is theirs
     */
    void begin(float[] shares, boolean[] imputed) {
        this.shares = shares;
        this.imputed = imputed;
        Arrays.fill(shares, 0);
    }

    /** Adds to the share of one feature. */
    void add(int feature, double part) {
        shares[feature] += (float) part;
    }

    /** Adds a part, split by the size of the features' errors; further errors belong to no feature. */
    void spread(double part, float[] errors) {
        int features = Math.min(errors.length, shares.length);
        double sum = 0;
        for (int i = 0; i < features; i++) {
            sum += part(i, errors);
        }
        if (sum == 0 || part == 0) {
            return;
        }
        for (int i = 0; i < features; i++) {
            shares[i] += (float) (part * part(i, errors) / sum);
        }
    }

    boolean isEmpty() {
        return sum() == 0;
    }

    /** Makes the shares add up to 1, unless all are 0. */
    void normalise() {
        double sum = sum();
        for (int i = 0; i < shares.length && sum > 0; i++) {
            shares[i] = (float) (shares[i] / sum);
        }
    }

    private double sum() {
        double sum = 0;
        for (float share : shares) {
            sum += share;
        }
        return sum;
    }

    private double part(int feature, float[] errors) {
        return imputed[feature] ? 0 : size(errors[feature]);
    }

    private static double size(float error) {
        return Float.isNaN(error) ? 0 : Math.min(Math.abs(error), Float.MAX_VALUE);
    }
}
