package io.tidemark.net.network;

/**
 * Layers that shape an autoencoder's code by a term of their own in what training lowers. The term enters the gradients but not
 * the loss that a training step reports.
 */
public sealed interface Latent extends Layer {

    /**
     * Passes any shape unchanged and adds {@code weight} times the mean |a| over the batch's values to what training lowers, so
     * that few values differ from 0: a sparse autoencoder. The slope at 0 is 0.
     *
     * @param weight in [0, 100]
     */
    record L1Activity(double weight) implements Latent {
        public L1Activity {
            if (!(weight >= 0 && weight <= 100)) {
                throw new IllegalArgumentException("l1-activity must be in [0, 100], but was " + weight);
            }
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.l1Activity(this);
        }

        @Override
        public String word() {
            return "l1-activity";
        }
    }

    /**
     * The code of a variational autoencoder (Kingma and Welling 2014): {@code [feature]} to {@code [units]}. Two dense layers
     * give a mean μ and a log variance v. Training goes on with μ + e^(v/2)·ε, ε normal and drawn for each step; scoring goes on
     * with μ.
     *
     * <p>To what training lowers it adds {@code weight / D} times the batch's mean of ½·Σ(μ² + e^v − 1 − v), the divergence from
     * a standard normal code, D being the floats of the network's output. As a loss is a mean over those floats, at weight 1 with
     * binary cross-entropy the sum is the negative evidence lower bound of a sample over D, and with {@code mse} that of a
     * normal with variance ½. Another weight makes a β-VAE (Higgins et al. 2017).
     *
     * @param weight in [0, 100]
     */
    record Gaussian(Units units, double weight) implements Latent {
        public Gaussian {
            if (!(weight >= 0 && weight <= 100)) {
                throw new IllegalArgumentException("gaussian-latent.weight must be in [0, 100], but was " + weight);
            }
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.gaussianLatent(this);
        }

        @Override
        public String word() {
            return "gaussian-latent";
        }
    }
}
