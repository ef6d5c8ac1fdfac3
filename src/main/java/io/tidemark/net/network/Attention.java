package io.tidemark.net.network;

/** Attention over steps or over features, with what usually goes with it (Vaswani et al., Attention is all you need, 2017). */
public sealed interface Attention extends Layer {

    /** What differs between them. */
    interface Cases<T> {
        T self(SelfAttention layer);

        T cross(CrossAttention layer);

        T graph(GraphAttention layer);

        T position(Position layer);

        T layerNorm(LayerNorm layer);
    }

    <T> T match(Attention.Cases<T> cases);

    @Override
    default <T> T match(Layer.Cases<T> cases) {
        return cases.attention(this);
    }

    /**
     * Every step of {@code [step, feature]} looks at every step, in several heads of {@code feature / heads} values each:
     * softmax(q·kᵀ / √(feature / heads))·v, then a dense layer over the heads together. Queries, keys and values lie one after
     * another in {@code qkv_weight [3·feature, feature]}, heads one after another in each.
     *
     * <p>It does not know the order of the steps; {@link Position} before it tells.
     *
     * @param heads in [1, 64]; must divide the features
     * @param causal whether a step looks at itself and the steps before it only
     */
    record SelfAttention(int heads, boolean causal) implements Attention {
        public SelfAttention(int heads) {
            this(heads, false);
        }

        public SelfAttention {
            Range.check("self-attention.heads", heads, 1, 64);
        }

        @Override
        public <T> T match(Attention.Cases<T> cases) {
            return cases.self(this);
        }

        @Override
        public String word() {
            return "self-attention";
        }
    }

    /**
     * Every step of {@code [step, feature]} looks at every step of what a mark named: queries come from here by {@code q_weight [feature,
     * feature]}, keys and values, one after another, from there by {@code kv_weight [2·feature, its features]}; otherwise as {@link
     * SelfAttention}. How a decoder reads its encoder's steps.
     *
     * @param heads in [1, 64]; must divide the features
     * @param from the name of the mark
     */
    record CrossAttention(int heads, String from) implements Attention {
        public CrossAttention {
            Range.check("cross-attention.heads", heads, 1, 64);
        }

        @Override
        public <T> T match(Attention.Cases<T> cases) {
            return cases.cross(this);
        }

        @Override
        public String word() {
            return "cross-attention";
        }
    }

    /**
     * Every feature of {@code [step, feature]} looks at the features most like it (Deng and Hooi, Graph neural network-based anomaly
     * detection in multivariate time series, AAAI 2021; attention by Velickovic et al., Graph attention networks, ICLR 2018), giving
     * {@code [feature, 2·units]}.
     *
     * <p>A feature i has a learnt vector v<sub>i</sub> ({@code embedding [feature, units]}), and its steps x<sub>i</sub> make h<sub>i</sub> =
     * W·x<sub>i</sub> ({@code weight [units, step]}). Its neighbours are the features j whose v<sub>j</sub> have the largest cosine with
     * v<sub>i</sub>, of equal ones the first, and i itself. They share α<sub>ij</sub> = softmax over j of LeakyReLU(a₀·v<sub>i</sub> +
     * a₁·h<sub>i</sub> + a₂·v<sub>j</sub> + a₃·h<sub>j</sub>), slope {@value #SLOPE} below 0 ({@code attention [4, units]}). What leaves is
     * v<sub>i</sub> ∘ ReLU(Σ α<sub>ij</sub>·h<sub>j</sub>), and behind it h<sub>i</sub>, which the paper leaves out: a feature that nobody
     * resembles is still told by its own steps.
     *
     * @param units size of a feature's vector; in [1, 16384]
     * @param neighbours other features that one looks at, all of them where there are fewer; in [1, 64]
     */
    record GraphAttention(Units units, int neighbours) implements Attention {
        /** Slope of the attention's leaky ReLU below 0. */
        public static final float SLOPE = 0.2f;

        public GraphAttention {
            Range.check("graph-attention.neighbours", neighbours, 1, 64);
        }

        @Override
        public <T> T match(Attention.Cases<T> cases) {
            return cases.graph(this);
        }

        @Override
        public String word() {
            return "graph-attention";
        }
    }

    /**
     * Adds to {@code [step, feature]} constants that tell the steps apart: to feature 2i of step t sin(t / 10000^(2i/features)),
     * to feature 2i + 1 the cosine.
     */
    record Position() implements Attention {
        /** What is added, {@code [step, feature]} row-major. */
        public static float[] values(int steps, int features) {
            float[] values = new float[steps * features];
            for (int t = 0; t < steps; t++) {
                for (int f = 0; f < features; f++) {
                    double angle = t / Math.pow(10_000, (f - f % 2) / (double) features);
                    values[t * features + f] = (float) (f % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle));
                }
            }
            return values;
        }

        @Override
        public <T> T match(Attention.Cases<T> cases) {
            return cases.position(this);
        }

        @Override
        public String word() {
            return "position";
        }
    }

    /**
     * Scales the features of each step of {@code [step, feature]}, or of {@code [feature]}, to mean 0 and variance 1 among
     * themselves, then by a learnt weight and bias (Ba et al. 2016). The same in training and in scoring. 1e-5 is added to the
     * variance, which divides by the number of features.
     */
    record LayerNorm() implements Attention {
        /** Added to a variance before its root. */
        public static final float EPSILON = 1e-5f;

        @Override
        public <T> T match(Attention.Cases<T> cases) {
            return cases.layerNorm(this);
        }

        @Override
        public String word() {
            return "layer-norm";
        }
    }
}
