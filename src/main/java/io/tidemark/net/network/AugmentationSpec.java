package io.tidemark.net.network;

/**
 * A random change to every image that a network is taught, so that it learns what does not matter; the target is changed with the
 * input, but for {@code NOISE} and {@code SYNTHETIC_DEFECTS}, which only the input gets.
 *
 * @param strength in (0, 1]; what it means, the kind says
 */
public record AugmentationSpec(Kind kind, double strength) {
    /** What is changed. */
    public enum Kind {
        /** Normal noise with this standard deviation is added, drawn anew for each batch. */
        NOISE,
        /** A number of ±strength is added to all pixels. */
        BRIGHTNESS,
        /** Distances from the image's mean are multiplied by 1 ± strength. */
        CONTRAST,
        /** A part with sides of 1 − strength to 1 of the image's is cut out and scaled back. */
        CROP,
        /** Left and right are exchanged with this probability. */
        FLIP,
        /** A defect is drawn onto the image with this probability: what a segmenter is taught to find. */
        SYNTHETIC_DEFECTS
    }

    public AugmentationSpec {
        if (!(strength > 0 && strength <= 1)) {
            throw new IllegalArgumentException(
                    "training.augmentation." + word(kind) + " must be in (0, 1], but was " + strength);
        }
    }

    /** As files name it: {@code synthetic-defects}. */
    static String word(Kind kind) {
        return kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
