package io.tidemark.learn.fit;

/**
 * How a state of a network errs on a set of examples.
 *
 * @param examples how many were measured; 0 when there was none, and then all others are NaN
 * @param loss the network's training loss, without regularisation
 * @param meanSquared mean over all elements that count of (output − target)², of a forecaster of its median, of a segmenter of its probabilities
 * @param meanAbsolute mean over all elements of |output − target|, of the same
 */
public record Errors(int examples, double loss, double meanSquared, double meanAbsolute) {
    /** Nothing was measured. */
    public static final Errors NONE = new Errors(0, Double.NaN, Double.NaN, Double.NaN);
}
