package io.tidemark.net.network;

/** Convolutions beside the plain ones. */
public sealed interface Filters extends Layer {

    /** What differs between them. */
    interface Cases<T> {
        T separable1d(Separable1d layer);

        T separable2d(Separable2d layer);

        T transposed(Transposed layer);
    }

    <T> T match(Filters.Cases<T> cases);

    @Override
    default <T> T match(Layer.Cases<T> cases) {
        return cases.filters(this);
    }

    /**
     * A depthwise convolution over time, one filter {@code depth_weight [in, 1, kernel]} for each feature, then a dense layer over the
     * features of each step and the activation: some {@code kernel} times fewer weights than {@code conv1d} (Chollet, Xception, 2017).
     *
     * @param like units, kernel, stride, dilation, zeros and activation
     */
    record Separable1d(Layer.Conv1d like) implements Filters {
        @Override
        public <T> T match(Filters.Cases<T> cases) {
            return cases.separable1d(this);
        }

        @Override
        public String word() {
            return "separable-conv1d";
        }
    }

    /**
     * The same over {@code [channel, row, column]}, with filters {@code depth_weight [in, 1, kernel, kernel]}.
     *
     * @param like units, kernel, stride, padding and activation
     */
    record Separable2d(Layer.Conv2d like) implements Filters {
        @Override
        public <T> T match(Filters.Cases<T> cases) {
            return cases.separable2d(this);
        }

        @Override
        public String word() {
            return "separable-conv2d";
        }
    }

    /**
     * A transposed convolution (Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016): each step, or row and
     * column, spreads over {@code kernel} places, {@code stride} apart, giving {@code (n − 1)·stride + kernel − 2·padding} of them, followed
     * by the activation. A kernel that the stride does not divide leaves chequerboards; {@code upsample} and a convolution do not.
     *
     * <p>It is computed as a convolution over the input with {@code stride − 1} zeros between, and {@code weight [out, in, kernel…]} is that
     * convolution's: PyTorch's with its taps in reverse order and out and in exchanged.
     *
     * @param dimensions 1 over {@code [step, feature]}, 2 over {@code [channel, row, column]}
     * @param kernel in [1, 64]
     * @param stride in [1, 64]
     * @param padding places cut off on each side; in [0, kernel − 1]
     */
    record Transposed(int dimensions, Units units, int kernel, int stride, int padding, Activation activation)
            implements Filters {
        public Transposed {
            Range.check("transposed-conv.dimensions", dimensions, 1, 2);
            Range.check("transposed-conv.kernel", kernel, 1, 64);
            Range.check("transposed-conv.stride", stride, 1, 64);
            Range.check("transposed-conv.padding", padding, 0, kernel - 1);
        }

        /** Places that leave of so many that enter; below 1 where padding cuts all. */
        public int places(int places) {
            return (places - 1) * stride + kernel - 2 * padding;
        }

        @Override
        public <T> T match(Filters.Cases<T> cases) {
            return cases.transposed(this);
        }

        @Override
        public String word() {
            return "transposed-conv" + dimensions + "d";
        }
    }
}
