package io.tidemark.net.network;

/**
 * Sets blocks of a sample to 0, so that the network must tell them from the rest (He et al., Masked autoencoders are scalable vision
 * learners, 2022; Pathak et al., Context encoders, 2016). In training every block of a grid, which each sample lays at a random place, is
 * hidden with probability {@code share}. While scoring, the last step of {@code [step, feature]} is hidden, which is the one that is judged,
 * and nothing of an image. The target stays whole.
 *
 * @param share in [0, 0.95]
 * @param block steps, or rows and columns, of a block; in [1, 256]
 */
public record Hidden(double share, int block) implements Layer {
    public Hidden {
        if (!(share >= 0 && share <= 0.95)) {
            throw new IllegalArgumentException("hidden.share must be in [0, 0.95], but was " + share);
        }
        Range.check("hidden.block", block, 1, 256);
    }

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.hidden(this);
    }

    @Override
    public String word() {
        return "hidden";
    }
}
