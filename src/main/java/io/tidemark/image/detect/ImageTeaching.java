package io.tidemark.image.detect;

import io.tidemark.learn.fit.Augmentation;
import io.tidemark.learn.fit.ExampleSet;
import io.tidemark.learn.fit.Fit;
import io.tidemark.learn.fit.FitSettings;
import io.tidemark.learn.fit.SizedExamples;
import io.tidemark.learn.pixels.ImageAugmentation;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Teaches a detector by good images alone: the network by gradient steps, the bank by remembering. A drawn share of the images teaches
 * neither and gives the baseline.
 *
 * @param bank settings of a patch bank; empty for none
 * @param steps of the network's optimiser; in [1, 1,000,000]
 * @param heldOut share of the images that teach nothing; in [0.01, 0.5]
 * @param seed of the draw, the first weights, augmentation and the bank
 */
public record ImageTeaching(Optional<PatchBank.Settings> bank, int steps, double heldOut, long seed) {
    /** Images that are held out at least. */
    private static final int HELD_OUT_LEAST = 8;

    public ImageTeaching {
        if (steps < 1 || steps > 1_000_000) {
            throw new IllegalArgumentException("steps must be in [1, 1000000], but were " + steps);
        }
        if (!(heldOut >= 0.01 && heldOut <= 0.5)) {
            throw new IllegalArgumentException("held-out must be in [0.01, 0.5], but was " + heldOut);
        }
    }

    /**
     * A taught detector; the caller closes it.
     *
     * @param network of images of the shape; empty for a bank alone
     * @param good images of the shape in [0, 1]; at least 16
     * @param listener hears of the network's steps
     */
    public ImageDetector teach(
            Engine engine, ImageShape shape, Optional<Network> network, List<float[]> good, Fit.Listener listener) {
        int held = (int) Math.max(HELD_OUT_LEAST, Math.round(heldOut * good.size()));
        if (good.size() < 2 * HELD_OUT_LEAST) {
            throw new IllegalArgumentException("teaching a detector needs at least " + 2 * HELD_OUT_LEAST
                    + " good images, but there are " + good.size());
        }
        List<float[]> drawn = new ArrayList<>(good);
        Collections.shuffle(drawn, new Random(seed));
        List<float[]> taught = drawn.subList(held, drawn.size());
        List<Detector> parts = new ArrayList<>();
        network.ifPresent(n ->
                parts.add(new NetworkDetector(engine, shape, n, weights(engine, n, taught, steps, seed, listener))));
        bank.ifPresent(settings -> parts.add(PatchBank.of(settings, shape, taught, seed)));
        ImageDetector detector = new ImageDetector(shape, parts);
        detector.calibrate(drawn.subList(0, held));
        return detector;
    }

    /** Weights of a network by its own training method, from images alone. */
    static NetworkState weights(
            Engine engine, Network network, List<float[]> images, int steps, long seed, Fit.Listener listener) {
        FitSettings settings = FitSettings.epochs(FitSettings.EPOCHS_MAX, seed)
                .withSteps(steps)
                .withPatience(0);
        ExampleSet examples = new Images(network, images);
        return new Fit(engine, settings, augmentation(network, examples), listener)
                .run(network, examples, examples.between(0, 0))
                .best();
    }

    /**
     * What a network declares to be changed in each image that a fit teaches it.
     *
     * @param donors of pasted patches, in the network's own shape; such as the examples themselves
     * @return {@link Augmentation#NONE} where nothing is declared
     */
    public static Augmentation augmentation(Network network, ExampleSet donors) {
        if (!ImageAugmentation.isDeclared(network)) return Augmentation.NONE;
        float[] unused = new float[donors.targetSize()];
        return new ImageAugmentation(network, new ImageAugmentation.Donors() {
            @Override
            public int count() {
                return donors.size();
            }

            @Override
            public void copy(int index, float[] into) {
                donors.copy(index, into, unused, 0);
            }
        })::apply;
    }

    /** Images as examples of a network. */
    private static final class Images extends SizedExamples {
        private final List<float[]> images;

        Images(Network network, List<float[]> images) {
            super(network, images.size());
            this.images = images;
        }

        /** A segmenter's target is empty until defects are drawn; augmentation fills either kind's. */
        @Override
        public void copy(int index, float[] input, float[] target, int slot) {
            int length = inputSize();
            System.arraycopy(images.get(index), 0, input, slot * length, length);
            if (targetSize() == length) System.arraycopy(images.get(index), 0, target, slot * length, length);
        }
    }
}
