package io.tidemark.net.network;

/** Layers on the last dimension that are neither a plain weighted sum nor a fixed activation. */
public sealed interface Neurons extends Layer {

    /** What differs between them. */
    interface Cases<T> {
        T prelu(Prelu layer);

        T maxout(Maxout layer);

        T radial(Radial layer);

        T dropConnect(DropConnect layer);

        T tied(Tied layer);
    }

    <T> T match(Neurons.Cases<T> cases);

    @Override
    default <T> T match(Layer.Cases<T> cases) {
        return cases.neurons(this);
    }

    /**
     * x above 0, slope·x below, with a learnt slope for each feature, or each channel of {@code [channel, row, column]}; slopes start
     * at 0.25 (He et al., Delving deep into rectifiers, 2015).
     */
    record Prelu() implements Neurons {
        @Override
        public <T> T match(Neurons.Cases<T> cases) {
            return cases.prelu(this);
        }

        @Override
        public String word() {
            return "prelu";
        }
    }

    /**
     * The largest of several weighted sums for each unit: {@code [.., in]} to {@code [.., units]} by {@code weight [units·pieces, in]}, the
     * pieces of a unit one after another (Goodfellow et al., Maxout networks, 2013).
     *
     * @param pieces sums for each unit; in [2, 16]
     */
    record Maxout(Units units, int pieces) implements Neurons {
        public Maxout {
            Range.check("maxout.pieces", pieces, 2, 16);
        }

        @Override
        public <T> T match(Neurons.Cases<T> cases) {
            return cases.maxout(this);
        }

        @Override
        public String word() {
            return "maxout";
        }
    }

    /**
     * Radial basis functions: exp(−e^p·‖x − c‖² / in) for each unit's learnt centre {@code centre [units, in]} and {@code log_precision
     * [units]} p, which starts at 0. Near 1 where x is like the centre, near 0 for what was never seen (Broomhead and Lowe 1988).
     */
    record Radial(Units units) implements Neurons {
        @Override
        public <T> T match(Neurons.Cases<T> cases) {
            return cases.radial(this);
        }

        @Override
        public String word() {
            return "radial";
        }
    }

    /**
     * A dense layer that in each training step zeroes weights, not values, and scales the rest by 1/(1 − rate); biases stay. Scoring uses
     * every weight (Wan et al., Regularization of neural networks using DropConnect, 2013). One draw serves a whole batch.
     *
     * @param rate probability that a weight is zeroed; in [0, 0.9]
     */
    record DropConnect(Units units, double rate, Activation activation) implements Neurons {
        public DropConnect {
            if (!(rate >= 0 && rate <= 0.9)) {
                throw new IllegalArgumentException("drop-connect.rate must be in [0, 0.9], but was " + rate);
            }
        }

        @Override
        public <T> T match(Neurons.Cases<T> cases) {
            return cases.dropConnect(this);
        }

        @Override
        public String word() {
            return "drop-connect";
        }
    }

    /**
     * A dense layer of a decoder whose weight is that of the encoder's, transposed: {@code [.., out]} back to {@code [.., in]} of the dense
     * layer that stands directly behind a mark, with a bias of its own (Vincent et al. 2010). Half the weights, and the two cannot drift
     * apart.
     *
     * @param from the name of the mark
     */
    record Tied(String from, Activation activation) implements Neurons {
        @Override
        public <T> T match(Neurons.Cases<T> cases) {
            return cases.tied(this);
        }

        @Override
        public String word() {
            return "tied";
        }
    }
}
