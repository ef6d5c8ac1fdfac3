package io.tidemark.learn.fit;

/** Examples whose inputs lie in one array and are their own targets: what a closed form or an autoencoder takes. */
public final class ArrayExamples extends SizedExamples {
    private final float[] inputs;

    /**
     * @param inputs {@code [example, value]}; shared, not copied
     * @param inputSize values of one example; at least 1
     * @param size how many examples count, from the first
     */
    public ArrayExamples(float[] inputs, int inputSize, int size) {
        super(size, inputSize, inputSize);
        if (inputSize < 1 || size < 0 || (long) size * inputSize > inputs.length) {
            throw new IllegalArgumentException(
                    size + " examples of " + inputSize + " values do not lie in an array of " + inputs.length);
        }
        this.inputs = inputs;
    }

    @Override
    public void copy(int index, float[] input, float[] target, int slot) {
        int length = inputSize();
        System.arraycopy(inputs, index * length, input, slot * length, length);
        System.arraycopy(inputs, index * length, target, slot * length, length);
    }
}
