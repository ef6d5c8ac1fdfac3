package io.tidemark.net.network;

/**
 * Recurrent layers of one matrix of gates, over {@code [step, feature]}, giving {@code [step, units]}; their state starts at 0. Weights
 * {@code weight_ih [gates·units, in]} and {@code weight_hh [gates·units, units]}, one {@code bias [gates·units]}.
 *
 * @param kind how a step's state follows from the one before
 */
public record Recurrence(Kind kind, Units units) implements Layer {
    /** How a step's state h' follows from the one before, h, and the step's values x. */
    public enum Kind {
        /**
         * Gates r, z and n, one after another: r = σ(W x + b + U h), z likewise, n = tanh(W x + b + r·(U h)), h' = (1 − z)·n + z·h (Cho et
         * al., Learning phrase representations using RNN encoder-decoder, 2014, with the reset behind the product, as cuDNN has it). Three
         * quarters of the weights of an LSTM.
         */
        GRU("gru", 3),
        /** h' = tanh(W x + b + U h) (Elman, Finding structure in time, 1990); it forgets within some ten steps. */
        SIMPLE("simple-recurrent", 1);

        private final String word;
        private final int gates;

        Kind(String word, int gates) {
            this.word = word;
            this.gates = gates;
        }

        /** Blocks of {@code units} rows in each weight. */
        public int gates() {
            return gates;
        }
    }

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.recurrence(this);
    }

    @Override
    public String word() {
        return kind.word;
    }
}
