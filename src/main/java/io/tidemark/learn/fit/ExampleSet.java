package io.tidemark.learn.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Examples of one network by index, in order of time within their series: an input and its target each, copied into a batch's
 * buffers. Immutable; the same index always gives the same values.
 */
public interface ExampleSet {
    /** How many there are. */
    int size();

    /** Floats of one input. */
    int inputSize();

    /** Floats of one target. */
    int targetSize();

    /**
     * Copies an example into its place in a batch.
     *
     * @param index in [0, size)
     * @param input of at least {@code (slot + 1) * inputSize} floats
     * @param target of at least {@code (slot + 1) * targetSize} floats
     * @param slot place in the batch, from 0
     */
    void copy(int index, float[] input, float[] target, int slot);

    /**
     * Writes how much the elements of an example's target count: 0 where nothing is to be learnt of them, else 1.
     *
     * @param weight of at least {@code (slot + 1) * targetSize} floats
     */
    default void weigh(int index, float[] weight, int slot) {
        Arrays.fill(weight, slot * targetSize(), (slot + 1) * targetSize(), 1);
    }

    /** The examples from one index to another, without copying them. */
    default ExampleSet between(int from, int to) {
        if (from < 0 || to < from || to > size()) {
            throw new IllegalArgumentException(
                    "examples must lie in [0, " + size() + "], but were asked for from " + from + " to " + to);
        }
        return new Picked(this, to - from, i -> from + i);
    }

    /** Those with these indices, in their order. @param indices shared, not copied */
    default ExampleSet picked(int[] indices) {
        return new Picked(this, indices.length, i -> indices[i]);
    }

    /** At most so many, spread evenly over all. */
    default ExampleSet thinned(int most) {
        int size = size();
        return size <= most ? this : new Picked(this, most, i -> (int) ((long) i * size / most));
    }

    /** Train, validation and test part of one ordered set, cut at two places and never shuffled across them. */
    record Parts(ExampleSet train, ExampleSet validation, ExampleSet test) {}

    /**
     * Cuts the set by order: the first part trains, then comes validation, then test.
     *
     * @param validation share of the examples; in [0, 0.9]
     * @param test share of the examples; in [0, 0.9], and both together below 1
     */
    default Parts split(double validation, double test) {
        HoldoutShares.check(validation, test);
        int size = size();
        int testFrom = size - (int) Math.round(size * test);
        int validationFrom = Math.max(0, testFrom - (int) Math.round(size * validation));
        return new Parts(between(0, validationFrom), between(validationFrom, testFrom), between(testFrom, size));
    }

    /** One set after the other. */
    static ExampleSet concatenated(List<? extends ExampleSet> sets) {
        if (sets.size() == 1) return sets.get(0);
        return new Concatenated(new ArrayList<>(sets));
    }
}
