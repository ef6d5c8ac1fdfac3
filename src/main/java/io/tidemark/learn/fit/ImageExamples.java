package io.tidemark.learn.fit;

import io.tidemark.net.network.Network;

/**
 * Images with values in [0, 1]: each byte is divided by 255. The target is the image itself, or an empty mask where a network's
 * target has another size, as a segmenter's has.
 */
public final class ImageExamples extends SizedExamples {
    private final byte[] pixels;

    /** @param pixels {@code [image, channel, row, column]}, unsigned; shared, not copied */
    public ImageExamples(Network network, byte[] pixels) {
        super(network, pixels.length / network.inputs().get(0).size());
        if (pixels.length % inputSize() != 0) {
            throw new IllegalArgumentException("network " + network.spec().name() + " reads images of " + inputSize()
                    + " values, into which " + pixels.length + " bytes do not divide");
        }
        this.pixels = pixels;
    }

    @Override
    public void copy(int index, float[] input, float[] target, int slot) {
        int inputSize = inputSize();
        int targetSize = targetSize();
        int from = index * inputSize;
        int at = slot * inputSize;
        for (int i = 0; i < inputSize; i++) input[at + i] = (pixels[from + i] & 0xFF) / 255f;
        if (targetSize == inputSize) System.arraycopy(input, at, target, at, inputSize);
        else java.util.Arrays.fill(target, slot * targetSize, (slot + 1) * targetSize, 0f);
    }
}
