package io.tidemark.learn.learning;

/**
 * How a version errs on rows that it should find normal: quantiles of the aggregated error, the mean over features of
 * |expected - actual| of the scored row, in scale units.
 *
 * @param samples examples measured; 0 when there was none, and then the quantiles are NaN
 * @param median half of the errors are below
 * @param upper nine in ten errors are below
 */
public record ReferenceErrors(int samples, double median, double upper) {
    static final ReferenceErrors NONE = new ReferenceErrors(0, Double.NaN, Double.NaN);
}
