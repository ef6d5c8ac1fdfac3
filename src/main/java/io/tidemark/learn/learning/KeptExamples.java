package io.tidemark.learn.learning;

import io.tidemark.learn.fit.ExampleSet;
import io.tidemark.net.network.Network;

/** Chosen examples of the kept rows, written when they are asked for. Owned by one thread, and of use until the next row comes. */
final class KeptExamples implements ExampleSet {
    private final Examples examples;
    private final int[][] chosen;
    private final int inputSize;
    private final int targetSize;

    /** @param chosen series index and index of the last row of each */
    KeptExamples(Network network, Examples examples, int[][] chosen) {
        this.examples = examples;
        this.chosen = chosen;
        this.inputSize = network.inputs().get(0).size();
        this.targetSize = network.targets().get(0).size();
    }

    @Override
    public int size() {
        return chosen.length;
    }

    @Override
    public int inputSize() {
        return inputSize;
    }

    @Override
    public int targetSize() {
        return targetSize;
    }

    @Override
    public void copy(int index, float[] input, float[] target, int slot) {
        examples.at(chosen[index][0], chosen[index][1]);
        examples.fill(input, target, slot);
    }

    @Override
    public void weigh(int index, float[] weight, int slot) {
        examples.at(chosen[index][0], chosen[index][1]);
        examples.weigh(weight, slot);
    }
}
