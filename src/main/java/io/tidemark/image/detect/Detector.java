package io.tidemark.image.detect;

import io.tidemark.learn.pixels.ErrorMap;
import io.tidemark.net.engine.NetworkState.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One way to say how strange an image is: fitted once by good images, then asked about any.
 *
 * <ol>
 *   <li>The same images and seed fit the same detector.
 *   <li>Scoring changes nothing, neither the detector nor the images, and an image's score does not depend on those beside it,
 *       but for the rounding of a batch.
 *   <li>A detector that is loaded from its tensors scores as the one that saved them.
 * </ol>
 *
 * <p>A network of any training method is one ({@link NetworkDetector}), principal components in closed form among them, and a bank of
 * patches is one ({@link PatchBank}). Owned by one thread.
 */
interface Detector extends AutoCloseable {
    /**
     * What a detector says of one image.
     *
     * @param value higher is stranger; in units of its own, which {@link ImageDetector} takes relative to good images
     * @param map the same of each pixel
     * @param reconstruction {@code [channel, row, column]} of an autoencoder, else empty
     */
    record Measure(double value, ErrorMap map, Optional<float[]> reconstruction) {}

    /** How it is called in a saved state; different for each kind. */
    String name();

    /** What its tensors belong to: the hash of a network, else {@link #name}. */
    String identity();

    /** Whether its maps are to be divided by their mean over good images; not where they are probabilities. */
    boolean isLevelled();

    /** What it says of images, in their order. @param images each {@code [channel, row, column]} in [0, 1] */
    List<Measure> score(List<float[]> images);

    /** Adds what it knows to the tensors of a state, under names of its own. */
    void save(Map<String, Tensor> tensors);

    /** Gives back what it holds outside of the heap. */
    @Override
    default void close() {}
}
