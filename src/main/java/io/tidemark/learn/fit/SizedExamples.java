package io.tidemark.learn.fit;

import io.tidemark.net.network.Network;

/** Examples whose number and sizes are known from the start. */
public abstract class SizedExamples implements ExampleSet {
    private final int size;
    private final int inputSize;
    private final int targetSize;

    /**
     * @param size how many there are
     * @param inputSize floats of one input
     * @param targetSize floats of one target
     */
    protected SizedExamples(int size, int inputSize, int targetSize) {
        this.size = size;
        this.inputSize = inputSize;
        this.targetSize = targetSize;
    }

    /** As a network reads them. */
    protected SizedExamples(Network network, int size) {
        this(size, network.inputs().get(0).size(), network.targets().get(0).size());
    }

    @Override
    public final int size() {
        return size;
    }

    @Override
    public final int inputSize() {
        return inputSize;
    }

    @Override
    public final int targetSize() {
        return targetSize;
    }
}
