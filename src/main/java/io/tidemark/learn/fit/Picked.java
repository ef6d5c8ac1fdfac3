package io.tidemark.learn.fit;

import java.util.function.IntUnaryOperator;

/**
 * Some examples of another set.
 *
 * @param size how many
 * @param index place in the other set of each
 */
record Picked(ExampleSet of, int size, IntUnaryOperator index) implements ExampleSet {
    @Override
    public int inputSize() {
        return of.inputSize();
    }

    @Override
    public int targetSize() {
        return of.targetSize();
    }

    @Override
    public void copy(int i, float[] input, float[] target, int slot) {
        of.copy(index.applyAsInt(i), input, target, slot);
    }

    @Override
    public void weigh(int i, float[] weight, int slot) {
        of.weigh(index.applyAsInt(i), weight, slot);
    }
}
