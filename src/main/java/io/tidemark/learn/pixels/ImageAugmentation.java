package io.tidemark.learn.pixels;

import io.tidemark.net.engine.CounterRandom;
import io.tidemark.net.network.AugmentationSpec;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.TrainingSpec;
import java.util.random.RandomGenerator;

/**
 * The declared random changes of an image as it enters a training batch ({@link AugmentationSpec}). Geometry and light change the image and
 * what is expected of it alike; noise and synthetic defects change the image alone, so that an autoencoder learns to take them away,
 * and a segmenter is told where they are.
 *
 * <p>A function of its random numbers: the same ones give the same image. Owned by one thread.
 */
public final class ImageAugmentation {
    private final ImageShape shape;
    private final TrainingSpec training;
    private final boolean segments;
    private final Donors donors;
    private final float[] image;
    private final float[] donor;
    private final float[] mask;

    /** Other good images, of which pasted patches are cut. */
    public interface Donors {
        /** At least 1. */
        int count();

        /** Copies an image to the beginning of an array. @param index in [0, count) */
        void copy(int index, float[] into);
    }

    /** Whether a network declares any change of its images. */
    public static boolean isDeclared(Network network) {
        return network.spec().input() == NetworkSpec.Input.IMAGE
                && !network.training().augmentations().isEmpty();
    }

    /** @param network whose declared augmentations are applied; its input is an image */
    public ImageAugmentation(Network network, Donors donors) {
        int[] sizes = network.inputs().get(0).shape();
        if (sizes.length != 3) {
            throw new IllegalArgumentException("network " + network.spec().name()
                    + " reads no images, so nothing can be drawn into them; declare input: image");
        }
        shape = new ImageShape(sizes[0], sizes[1], sizes[2]);
        training = network.training();
        segments = network.spec().kind() == NetworkSpec.Kind.SEGMENTER;
        this.donors = donors;
        image = new float[shape.size()];
        donor = new float[shape.size()];
        mask = new float[shape.pixels()];
    }

    /**
     * Changes one image of a batch in place.
     *
     * @param input holds the image from {@code inputAt}
     * @param target an autoencoder's from {@code targetAt}: becomes the changed image without noise and defects; a segmenter's:
     *     becomes the mask of the defects
     * @param random numbers of this image in this epoch alone
     */
    public void apply(float[] input, int inputAt, float[] target, int targetAt, CounterRandom random) {
        RandomGenerator draws = new Draws(random);
        System.arraycopy(input, inputAt, image, 0, image.length);
        change(image, draws);
        java.util.Arrays.fill(mask, 0);
        if (!segments) System.arraycopy(image, 0, target, targetAt, image.length);
        double defects = training.augmentation(AugmentationSpec.Kind.SYNTHETIC_DEFECTS);
        if (defects > 0 && draws.nextDouble() < defects) {
            donors.copy(draws.nextInt(donors.count()), donor);
            change(donor, draws);
            new SyntheticDefects(shape, draws).draw(image, 0, donor, mask, 0);
        }
        if (segments) System.arraycopy(mask, 0, target, targetAt, mask.length);
        addNoise(draws);
        System.arraycopy(image, 0, input, inputAt, image.length);
    }

    private void addNoise(RandomGenerator draws) {
        double noise = training.augmentation(AugmentationSpec.Kind.NOISE);
        if (noise == 0) return;
        for (int i = 0; i < image.length; i++) image[i] += (float) (noise * draws.nextGaussian());
    }

    /** Crop, flip, contrast and brightness. */
    private void change(float[] pixels, RandomGenerator draws) {
        double crop = training.augmentation(AugmentationSpec.Kind.CROP);
        if (crop > 0) crop(pixels, crop, draws);
        double flip = training.augmentation(AugmentationSpec.Kind.FLIP);
        if (flip > 0 && draws.nextDouble() < flip) flip(pixels);
        light(pixels, draws);
    }

    private void crop(float[] pixels, double strength, RandomGenerator draws) {
        double part = 1 - strength * draws.nextDouble();
        double top = draws.nextDouble() * (1 - part) * shape.rows();
        double left = draws.nextDouble() * (1 - part) * shape.columns();
        float[] whole = pixels.clone();
        int columns = shape.columns();
        for (int channel = 0; channel < shape.channels(); channel++) {
            int from = channel * shape.pixels();
            for (int row = 0; row < shape.rows(); row++) {
                double y = Math.max(0, Math.min(shape.rows() - 1.0, top + (row + 0.5) * part - 0.5));
                int upper = from + (int) y * columns;
                int lower = from + Math.min(shape.rows() - 1, (int) y + 1) * columns;
                float dy = (float) (y - (int) y);
                for (int column = 0; column < columns; column++) {
                    double x = Math.max(0, Math.min(columns - 1.0, left + (column + 0.5) * part - 0.5));
                    int west = (int) x;
                    int east = Math.min(columns - 1, west + 1);
                    float dx = (float) (x - west);
                    float above = whole[upper + west] + dx * (whole[upper + east] - whole[upper + west]);
                    float below = whole[lower + west] + dx * (whole[lower + east] - whole[lower + west]);
                    pixels[from + row * columns + column] = above + dy * (below - above);
                }
            }
        }
    }

    private void flip(float[] pixels) {
        int columns = shape.columns();
        for (int line = 0; line < pixels.length; line += columns) {
            for (int i = 0; i < columns / 2; i++) {
                float left = pixels[line + i];
                pixels[line + i] = pixels[line + columns - 1 - i];
                pixels[line + columns - 1 - i] = left;
            }
        }
    }

    private void light(float[] pixels, RandomGenerator draws) {
        double contrast = training.augmentation(AugmentationSpec.Kind.CONTRAST);
        double brightness = training.augmentation(AugmentationSpec.Kind.BRIGHTNESS);
        if (contrast == 0 && brightness == 0) return;
        double mean = 0;
        for (float pixel : pixels) mean += pixel / (double) pixels.length;
        float factor = (float) (1 + contrast * (2 * draws.nextDouble() - 1));
        float offset = (float) (mean + brightness * (2 * draws.nextDouble() - 1));
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = Math.max(0, Math.min(1, (pixels[i] - (float) mean) * factor + offset));
        }
    }

    /** Numbers of a counter one after another. */
    private static final class Draws implements RandomGenerator {
        private final CounterRandom random;
        private long next;

        Draws(CounterRandom random) {
            this.random = random;
        }

        @Override
        public long nextLong() {
            return random.bits(next++);
        }
    }
}
