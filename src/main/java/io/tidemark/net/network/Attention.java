package io.tidemark.net.network;

/** Self-attention with what usually goes with it (Vaswani et al., Attention is all you need, 2017). */
public sealed interface Attention extends Layer {

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
        public <T> T match(Cases<T> cases) {
            return cases.selfAttention(this);
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
        public <T> T match(Cases<T> cases) {
            return cases.crossAttention(this);
        }

        @Override
        public String word() {
            return "cross-attention";
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
        public <T> T match(Cases<T> cases) {
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
        public <T> T match(Cases<T> cases) {
            return cases.layerNorm(this);
        }

        @Override
        public String word() {
            return "layer-norm";
        }
    }
}
