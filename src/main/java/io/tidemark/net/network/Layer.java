package io.tidemark.net.network;

import java.util.List;

/**
 * One layer of a network, as declared.
 *
 * <p>A new kind of layer is a new record and a new method of {@link Cases}; the compiler then names every engine that must
 * learn it, or say that it cannot.
 */
public sealed interface Layer
        permits Layer.Flatten,
                Layer.Dense,
                Layer.Activate,
                Layer.Lstm,
                Layer.LastStep,
                Layer.Repeat,
                Layer.Reshape,
                Layer.Dropout,
                Layer.GaussianNoise,
                Layer.Conv1d,
                Layer.Conv2d,
                Layer.BidirectionalLstm,
                Layer.BatchNorm,
                Attention,
                Diffusion,
                Discriminator,
                Filters,
                Hidden,
                Latent,
                MonteCarlo,
                Neurons,
                PerFeature,
                Pixels,
                Recurrence,
                Resampling,
                Wiring {

    /** What differs between the kinds of layer; one implementation for each question asked of a layer. */
    interface Cases<T> {
        T flatten(Flatten layer);

        T dense(Dense layer);

        T activate(Activate layer);

        T lstm(Lstm layer);

        T lastStep(LastStep layer);

        T repeat(Repeat layer);

        T reshape(Reshape layer);

        T dropout(Dropout layer);

        T gaussianNoise(GaussianNoise layer);

        T conv1d(Conv1d layer);

        T conv2d(Conv2d layer);

        T upsample(Resampling.Upsample layer);

        T pool(Resampling.Pool layer);

        T bidirectionalLstm(BidirectionalLstm layer);

        T batchNorm(BatchNorm layer);

        T attention(Attention layer);

        T diffusion(Diffusion layer);

        T discriminator(Discriminator layer);

        T monteCarlo(MonteCarlo layer);

        T recurrence(Recurrence layer);

        T neurons(Neurons layer);

        T filters(Filters layer);

        T hidden(Hidden layer);

        T perFeature(PerFeature layer);

        T l1Activity(Latent.L1Activity layer);

        T gaussianLatent(Latent.Gaussian layer);

        T spaceToDepth(Pixels.SpaceToDepth layer);

        T depthToSpace(Pixels.DepthToSpace layer);

        T mark(Wiring.Mark layer);

        T skip(Wiring.Skip layer);

        T unflatten(Wiring.Unflatten layer);
    }

    <T> T match(Cases<T> cases);

    /** The word for it in a file, such as {@code last-step}. */
    String word();

    /** {@code [a, b, …]} to {@code [a·b·…]}. */
    record Flatten() implements Layer {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.flatten(this);
        }

        @Override
        public String word() {
            return "flatten";
        }
    }

    /** Fully connected, on the last dimension: {@code [.., in]} to {@code [.., units]}, followed by the activation. */
    record Dense(Units units, Activation activation) implements Layer {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.dense(this);
        }

        @Override
        public String word() {
            return "dense";
        }
    }

    /** An activation alone; any shape, unchanged. */
    record Activate(Activation activation) implements Layer {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.activate(this);
        }

        @Override
        public String word() {
            return "activation";
        }
    }

    /**
     * Long short-term memory over {@code [step, feature]}, giving {@code [step, units]}; gates i, f, g, o, one bias, forget bias
     * 1, no peepholes (Hochreiter and Schmidhuber 1997; Gers et al. 2000).
     */
    record Lstm(Units units) implements Layer {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.lstm(this);
        }

        @Override
        public String word() {
            return "lstm";
        }
    }

    /** {@code [step, feature]} to {@code [feature]} of the last step. */
    record LastStep() implements Layer {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.lastStep(this);
        }

        @Override
        public String word() {
            return "last-step";
        }
    }

    /**
     * {@code [feature]} to {@code [step, feature]}, the same in every step: how a code is handed to a recurrent decoder.
     *
     * @param steps in [1, 4096]
     */
    record Repeat(int steps) implements Layer {
        public Repeat {
            if (steps < 1 || steps > 4096) {
                throw new IllegalArgumentException("repeat must be in [1, 4096], but was " + steps);
            }
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.repeat(this);
        }

        @Override
        public String word() {
            return "repeat";
        }
    }

    /**
     * The same values in row-major order under another shape.
     *
     * @param shape outermost first; at most one size is 0 and stands for what is left
     */
    record Reshape(List<Integer> shape) implements Layer {
        public Reshape {
            shape = List.copyOf(shape);
            if (shape.isEmpty() || shape.size() > 4) {
                throw new IllegalArgumentException("reshape must name 1 to 4 sizes, but named " + shape.size());
            }
            int open = 0;
            for (int size : shape) {
                if (size < 0 || size > 32_768) {
                    throw new IllegalArgumentException("reshape sizes must be in [0, 32768], but one was " + size);
                }
                if (size == 0) open++;
            }
            if (open > 1)
                throw new IllegalArgumentException("reshape may leave one size open with 0, but left " + open);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.reshape(this);
        }

        @Override
        public String word() {
            return "reshape";
        }
    }

    /**
     * Zeroes values while training and scales the rest by 1/(1 − rate); does nothing while scoring (Srivastava et al. 2014).
     *
     * @param rate probability that a value is zeroed; in [0, 0.9]
     */
    record Dropout(double rate) implements Layer {
        public Dropout {
            if (!(rate >= 0 && rate <= 0.9)) {
                throw new IllegalArgumentException("dropout must be in [0, 0.9], but was " + rate);
            }
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.dropout(this);
        }

        @Override
        public String word() {
            return "dropout";
        }
    }

    /**
     * Adds normal noise while training; does nothing while scoring. As the first layer it makes a denoising autoencoder (Vincent
     * et al. 2010), for the target stays clean.
     *
     * @param standardDeviation in [0, 10], in scaled units
     */
    record GaussianNoise(double standardDeviation) implements Layer {
        public GaussianNoise {
            if (!(standardDeviation >= 0 && standardDeviation <= 10)) {
                throw new IllegalArgumentException("gaussian-noise must be in [0, 10], but was " + standardDeviation);
            }
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.gaussianNoise(this);
        }

        @Override
        public String word() {
            return "gaussian-noise";
        }
    }

    /**
     * Convolution over time, on {@code [step, feature]}, giving {@code [step', units]} with step' = ⌊(step + before + after −
     * (kernel − 1)·dilation − 1) / stride⌋ + 1, followed by the activation.
     *
     * @param kernel steps that an output sees; in [1, 512]
     * @param stride steps from one output to the next; in [1, 512]
     * @param dilation steps between two that an output sees; in [1, 512]
     * @param before zeros put before the first step; (kernel − 1)·dilation makes it causal; in [0, 4096]
     * @param after zeros put after the last step; in [0, 4096]
     */
    record Conv1d(Units units, int kernel, int stride, int dilation, int before, int after, Activation activation)
            implements Layer {
        public Conv1d {
            Range.check("conv1d.kernel", kernel, 1, 512);
            Range.check("conv1d.stride", stride, 1, 512);
            Range.check("conv1d.dilation", dilation, 1, 512);
            Range.check("conv1d.before", before, 0, 4096);
            Range.check("conv1d.after", after, 0, 4096);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.conv1d(this);
        }

        @Override
        public String word() {
            return "conv1d";
        }
    }

    /**
     * Convolution over {@code [channel, row, column]} with a square kernel, giving {@code [units, row', column']} with row' =
     * ⌊(row + 2·padding − kernel) / stride⌋ + 1, followed by the activation.
     *
     * @param kernel rows and columns that an output sees; in [1, 64]
     * @param stride rows and columns from one output to the next; in [1, 64]
     * @param padding zeros on each side; in [0, 64]
     */
    record Conv2d(Units units, int kernel, int stride, int padding, Activation activation) implements Layer {
        public Conv2d {
            Range.check("conv2d.kernel", kernel, 1, 64);
            Range.check("conv2d.stride", stride, 1, 64);
            Range.check("conv2d.padding", padding, 0, 64);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.conv2d(this);
        }

        @Override
        public String word() {
            return "conv2d";
        }
    }

    /**
     * Two LSTMs over {@code [step, feature]}, one of them from the last step to the first, giving {@code [step, 2·units]}: forward
     * first (Schuster and Paliwal 1997). It sees rows after the one it describes, so it is for autoencoders.
     */
    record BidirectionalLstm(Units units) implements Layer {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.bidirectionalLstm(this);
        }

        @Override
        public String word() {
            return "bidirectional-lstm";
        }
    }

    /**
     * Scales each feature, or each channel of {@code [channel, row, column]}, to mean 0 and variance 1 of the batch, then by a
     * learnt weight and bias (Ioffe and Szegedy 2015). While scoring it uses running means: each training step moves them a tenth
     * of the way to the batch's mean and unbiased variance. 1e-5 is added to a variance.
     */
    record BatchNorm() implements Layer {
        /** Share of the way that running statistics move in a step. */
        public static final float MOMENTUM = 0.1f;

        /** Added to a variance before its root. */
        public static final float EPSILON = 1e-5f;

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.batchNorm(this);
        }

        @Override
        public String word() {
            return "batch-norm";
        }
    }
}
