package io.tidemark.learn.fit;

import io.tidemark.net.engine.CounterRandom;

/**
 * Examples changed by an augmentation, each always in the same way: a function of seed and index. For what is only taught with
 * drawn targets, such as a segmenter, and so must be measured with them too.
 */
public record AugmentedExamples(ExampleSet plain, Augmentation augmentation, long seed) implements ExampleSet {
    @Override
    public int size() {
        return plain.size();
    }

    @Override
    public int inputSize() {
        return plain.inputSize();
    }

    @Override
    public int targetSize() {
        return plain.targetSize();
    }

    @Override
    public void weigh(int index, float[] weight, int slot) {
        plain.weigh(index, weight, slot);
    }

    @Override
    public void copy(int index, float[] input, float[] target, int slot) {
        plain.copy(index, input, target, slot);
        CounterRandom random = CounterRandom.of(seed, "held-out-augmentation", index);
        augmentation.apply(input, slot * inputSize(), target, slot * targetSize(), random);
    }
}
