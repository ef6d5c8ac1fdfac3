package io.tidemark.learn.learning;

import io.tidemark.learn.fit.SizedExamples;
import io.tidemark.net.network.Network;

/** Chosen examples of the kept rows, written when they are asked for. Owned by one thread, and of use until the next row comes. */
final class KeptExamples extends SizedExamples {
    private final Examples examples;
    private final int[][] chosen;

    /** @param chosen series index and index of the last row of each */
    KeptExamples(Network network, Examples examples, int[][] chosen) {
        super(network, chosen.length);
        this.examples = examples;
        this.chosen = chosen;
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
