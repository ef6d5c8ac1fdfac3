package io.tidemark.learn.fit;

import io.tidemark.net.engine.WindowNormaliser;
import io.tidemark.net.network.Network;

/** Examples as a network with a declared normalisation sees them: what a closed form is computed from. Owned by one thread. */
public final class RelativeExamples implements ExampleSet {
    private final ExampleSet examples;
    private final WindowNormaliser normaliser;
    private final float[] window;
    private final float[] wanted;

    private RelativeExamples(Network network, ExampleSet examples) {
        this.examples = examples;
        this.normaliser = new WindowNormaliser(network, 1);
        this.window = new float[examples.inputSize()];
        this.wanted = new float[examples.targetSize()];
    }

    /** The examples relative to their windows; themselves where the network declares no normalisation. */
    public static ExampleSet of(Network network, ExampleSet examples) {
        return network.spec().normalisation().changes() ? new RelativeExamples(network, examples) : examples;
    }

    @Override
    public int size() {
        return examples.size();
    }

    @Override
    public int inputSize() {
        return window.length;
    }

    @Override
    public int targetSize() {
        return wanted.length;
    }

    @Override
    public void copy(int index, float[] input, float[] target, int slot) {
        examples.copy(index, window, wanted, 0);
        normaliser.window(window, window, 0);
        normaliser.target(wanted, wanted, 0);
        System.arraycopy(window, 0, input, slot * window.length, window.length);
        System.arraycopy(wanted, 0, target, slot * wanted.length, wanted.length);
    }

    @Override
    public void weigh(int index, float[] weight, int slot) {
        examples.weigh(index, weight, slot);
    }
}
