package io.tidemark.learn.learning;

import io.tidemark.learn.pixels.ImageAugmentation;
import io.tidemark.net.engine.CounterRandom;
import io.tidemark.net.network.Network;
import java.util.Optional;

/**
 * The declared changes of a batch of frames before it teaches; nothing for a network of windows, or for one that declares none. A
 * function of the seed, the step and the batch. Patches are pasted from frames of the same batch.
 */
final class BatchAugmentation {
    private final long seed;
    private final int inputSize;
    private final int targetSize;
    private final Optional<ImageAugmentation> images;
    private final float[] frames;
    private int count;

    BatchAugmentation(Network network, long seed) {
        this.seed = seed;
        inputSize = network.inputs().get(0).size();
        targetSize = network.targets().get(0).size();
        boolean declared = ImageAugmentation.isDeclared(network);
        frames = new float[declared ? network.training().optimisation().batch() * inputSize : 0];
        images = declared ? Optional.of(new ImageAugmentation(network, new Batch())) : Optional.empty();
    }

    /**
     * Changes inputs and targets in place.
     *
     * @param samples from the first
     * @param step of the optimiser
     */
    void apply(float[] input, float[] target, int samples, long step) {
        if (images.isEmpty()) return;
        System.arraycopy(input, 0, frames, 0, samples * inputSize);
        count = samples;
        for (int k = 0; k < samples; k++) {
            CounterRandom random = CounterRandom.of(seed, "augmentation/" + k, step);
            images.get().apply(input, k * inputSize, target, k * targetSize, random);
        }
    }

    /** The frames of the batch as they were. */
    private final class Batch implements ImageAugmentation.Donors {
        @Override
        public int count() {
            return count;
        }

        @Override
        public void copy(int index, float[] into) {
            System.arraycopy(frames, index * inputSize, into, 0, inputSize);
        }
    }
}
