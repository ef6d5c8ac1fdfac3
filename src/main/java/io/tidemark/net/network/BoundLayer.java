package io.tidemark.net.network;

import java.util.List;

/**
 * A layer whose sizes are known.
 *
 * @param index place among the network's layers, from 0
 * @param layer as declared
 * @param input shape that enters, without the sample dimension
 * @param output shape that leaves, without the sample dimension
 * @param parameters trained tensors; empty for most kinds
 * @param running statistics that follow the batches, named {@code running/…}; empty for most kinds
 * @param multiplyAdds multiplications with an addition for one sample, forward
 * @param innerFloats floats that training keeps of one sample besides the output, such as the gates of an LSTM
 */
@SuppressWarnings("ArrayRecordComponent")
public record BoundLayer(
        int index,
        Layer layer,
        int[] input,
        int[] output,
        List<Parameter> parameters,
        List<Parameter> running,
        long multiplyAdds,
        long innerFloats) {

    /**
     * A trained tensor in PyTorch's layout.
     *
     * @param name as in {@code NetworkState}: {@code param/1.dense/weight}
     * @param shape outermost first; a weight is {@code [out, in]}, the gates of an LSTM lie one after another in {@code out}
     * @param initial where its first values come from
     * @param fanIn inputs that each output sums
     * @param fanOut outputs that each input feeds
     */
    public record Parameter(String name, int[] shape, Initial initial, int fanIn, int fanOut) {
        public int size() {
            return BoundLayer.size(shape);
        }

        /** Whether it multiplies what enters, and so is neither a bias nor the scale of a norm: it has two dimensions or more. */
        public boolean isWeight() {
            return shape.length > 1;
        }
    }

    /** Where the first values of a parameter come from. */
    public enum Initial {
        ZERO,
        ONE,
        /** 0.25, the slope that a PReLU starts from (He et al. 2015). */
        QUARTER,
        /** Uniform in ±√(6 / (fanIn + fanOut)) (Glorot and Bengio 2010). */
        XAVIER,
        /** Uniform in ±√(6 / fanIn) (He et al. 2015). */
        HE,
        /** Rows of length 1, orthogonal to each other in blocks as large as a row (Saxe et al. 2014). */
        ORTHOGONAL,
        /** Zero, but 1 in the second quarter, which is the forget gate (Jozefowicz et al. 2015). */
        LSTM_BIAS
    }

    public BoundLayer {
        parameters = List.copyOf(parameters);
        running = List.copyOf(running);
    }

    /** The parameter whose name ends in {@code /suffix}. */
    public Parameter parameter(String suffix) {
        for (Parameter parameter : parameters) {
            if (parameter.name().endsWith("/" + suffix)) return parameter;
        }
        throw new IllegalArgumentException("layer " + index + " (" + layer.word() + ") has no parameter " + suffix);
    }

    /** Its kind with the settings that its shapes do not show, such as {@code dense SWISH}. */
    String settings() {
        return layer.word() + layer.match(new Network.CanonicalSettings());
    }

    public int inputSize() {
        return size(input);
    }

    public int outputSize() {
        return size(output);
    }

    static int size(int[] shape) {
        int size = 1;
        for (int s : shape) size *= s;
        return size;
    }
}
