package io.tidemark.net.network;

/**
 * The two ends of a part that runs several times with other values dropped, so that what the passes disagree about widens a forecast's
 * bands (Gal and Ghahramani, Dropout as a Bayesian approximation, ICML 2016). Between them each pass is a row, so that layers on the last
 * dimension serve all passes with the same weights.
 *
 * <pre>
 *   [n] → monte-carlo-dropout → [pass, n] → dense … dense → [pass, m] → predictive → [m]
 * </pre>
 */
public sealed interface MonteCarlo extends Layer {

    /** What differs between them. */
    interface Cases<T> {
        T dropout(Dropout layer);

        T predictive(Predictive layer);
    }

    <T> T match(MonteCarlo.Cases<T> cases);

    @Override
    default <T> T match(Layer.Cases<T> cases) {
        return cases.monteCarlo(this);
    }

    /**
     * {@code [n]} to {@code [pass, n]}: each pass has values set to 0 and the rest multiplied by 1/(1 − rate). Which ones is drawn for each
     * sample of a training step; while scoring they are the same ones for every sample, other ones in each pass.
     *
     * @param rate probability that a value is set to 0; in [0.01, 0.9]
     * @param passes in [2, 64]
     */
    record Dropout(double rate, int passes) implements MonteCarlo {
        public Dropout {
            if (!(rate >= 0.01 && rate <= 0.9)) {
                throw new IllegalArgumentException("monte-carlo-dropout.rate must be in [0.01, 0.9], but was " + rate);
            }
            Range.check("monte-carlo-dropout.passes", passes, 2, 64);
        }

        @Override
        public <T> T match(MonteCarlo.Cases<T> cases) {
            return cases.dropout(this);
        }

        @Override
        public String word() {
            return "monte-carlo-dropout";
        }
    }

    /**
     * {@code [pass, m]} to {@code [m]}, the last layer of a network, m being the floats of its output. A training step takes each value from
     * a pass drawn at random, so that the loss is that of plain dropout. Scoring gives the mean of the passes, and of a forecaster the mean
     * of each quantile p plus Φ⁻¹(p) times the standard deviation of the passes' medians.
     */
    record Predictive() implements MonteCarlo {
        @Override
        public <T> T match(MonteCarlo.Cases<T> cases) {
            return cases.predictive(this);
        }

        @Override
        public String word() {
            return "predictive";
        }
    }
}
