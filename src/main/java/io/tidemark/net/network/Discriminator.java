package io.tidemark.net.network;

/**
 * Ends a generative adversarial autoencoder (Goodfellow et al., Generative adversarial nets, NIPS 2014; scored as by Akcay et al.,
 * GANomaly, ACCV 2018): a small network that learns to tell a reconstruction x̂ from the clean x at a mark, by features f(v) =
 * tanh(W·v + b) of all n values ({@code weight [units, n]}, {@code bias [units]}) and a logit u·f(v) + c ({@code judge_weight [1, units]},
 * {@code judge_bias [1]}).
 *
 * <p>A training step passes the reconstruction unchanged and lowers two things at once. Its own four tensors lower the mean over the
 * batch of −log σ(logit(x)) − log(1 − σ(logit(x̂))), and nothing else. Everything before it lowers, beside the loss, {@code weight} times
 * the mean of (f(x) − f(x̂))² (feature matching, Salimans et al., Improved techniques for training GANs, NIPS 2016), for which the four
 * are constants.
 *
 * <p>Scoring moves every value of the reconstruction away from the sample by {@code weight} times the mean |f(x) − f(x̂)|, so that the
 * absolute error of a value is that of the reconstruction plus the distance of the features. x is a constant for the layer, whatever
 * stands before its mark.
 *
 * @param units features; in [1, 4096]
 * @param weight in (0, 100]
 * @param from the name of a mark of the clean sample, of as many values as arrive
 */
public record Discriminator(int units, double weight, String from) implements Layer {
    public Discriminator {
        Range.check("discriminator.units", units, 1, 4096);
        if (!(weight > 0 && weight <= 100)) {
            throw new IllegalArgumentException("discriminator.weight must be in (0, 100], but was " + weight);
        }
    }

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.discriminator(this);
    }

    @Override
    public String word() {
        return "discriminator";
    }
}
