package io.tidemark.image.detect;

import io.tidemark.learn.pixels.ErrorMap;
import io.tidemark.learn.pixels.ImageShape;

/**
 * One number for an error map: the mean of its largest locally pooled errors, relative to the energy of the image. A small
 * place that is badly reconstructed then counts more than the same error spread thinly, and much ink does not pass for
 * strangeness.
 *
 * @param side of the box whose mean is taken around each pixel; odd, in [1, 255]
 * @param share of the pixels whose pooled errors are averaged; in (0, 1]
 */
public record PooledError(int side, double share) {
    /** What carried the accuracy figures of MEASUREMENTS.md. */
    public static final PooledError DEFAULT = new PooledError(5, 0.2);

    /** Added to the mean square of an image, so that a black one has a finite score. */
    private static final double ENERGY_LEAST = 0.01;

    public PooledError {
        if (side < 1 || side > 255 || side % 2 == 0) {
            throw new IllegalArgumentException("pooled.side must be odd in [1, 255], but was " + side);
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("pooled.share must be in (0, 1], but was " + share);
        }
    }

    /**
     * @param errors squared errors of the image
     * @param images array that holds the image from {@code from}
     * @return at least 0; higher is stranger
     */
    public double score(ErrorMap errors, ImageShape shape, float[] images, int from) {
        double energy = 0;
        for (int i = 0; i < shape.size(); i++) energy += images[from + i] * images[from + i];
        return errors.pooled(side).meanOfLargest(share) / (energy / shape.size() + ENERGY_LEAST);
    }
}
