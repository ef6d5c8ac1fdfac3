package io.tidemark.learn.fit;

/** Examples whose inputs lie in one array and are their own targets: what a closed form or an autoencoder takes. */
public final class ArrayExamples implements ExampleSet {
    private final float[] inputs;
    private final int inputSize;
    private final int size;

    /**
     * @param inputs {@code [example, value]}; shared, not copied
     * @param inputSize values of one example; at least 1
     * @param size how many examples count, from the first
     */
    public ArrayExamples(float[] inputs, int inputSize, int size) {
        if (inputSize < 1 || size < 0 || (long) size * inputSize > inputs.length) {
            throw new IllegalArgumentException(
                    size + " examples of " + inputSize + " values do not lie in an array of " + inputs.length);
        }
        this.inputs = inputs;
        this.inputSize = inputSize;
        this.size = size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int inputSize() {
        return inputSize;
    }

    @Override
    public int targetSize() {
        return inputSize;
    }

    @Override
    public void copy(int index, float[] input, float[] target, int slot) {
        System.arraycopy(inputs, index * inputSize, input, slot * inputSize, inputSize);
        System.arraycopy(inputs, index * inputSize, target, slot * inputSize, inputSize);
    }
}
