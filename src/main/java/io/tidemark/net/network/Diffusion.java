package io.tidemark.net.network;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The two ends of a denoiser of a sample at several noise levels at once (Ho et al., Denoising diffusion probabilistic models, NeurIPS
 * 2020). Between them each level is a row, so that layers on the last dimension treat the levels alike and apart.
 *
 * <pre>
 *   sample [..] → noise-levels → [level, value + 1] → dense … dense → [level, value] → denoised → sample [..]
 * </pre>
 */
public sealed interface Diffusion extends Layer {

    /** What differs between them. */
    interface Cases<T> {
        T noiseLevels(NoiseLevels layer);

        T denoised(Denoised layer);
    }

    <T> T match(Diffusion.Cases<T> cases);

    @Override
    default <T> T match(Layer.Cases<T> cases) {
        return cases.diffusion(this);
    }

    /**
     * Any shape of n values x to {@code [level, n + 1]}: for each level of standard deviation σ the values √(1 − σ²)·x + σ·ε, and σ behind
     * them. The normal ε are drawn for each sample, value and level of a training step; while scoring they are the same ones for every
     * sample, so that a sample always gets the same score.
     *
     * @param deviations 1 to 16 of them, ascending, each in (0, 1)
     */
    record NoiseLevels(List<Double> deviations) implements Diffusion {
        public NoiseLevels {
            deviations = List.copyOf(deviations);
            if (deviations.isEmpty() || deviations.size() > 16) {
                throw new IllegalArgumentException(
                        "noise-levels must be 1 to 16 numbers, but were " + deviations.size());
            }
            double last = 0;
            for (double deviation : deviations) {
                if (!(deviation > last && deviation < 1)) {
                    throw new IllegalArgumentException(
                            "noise-levels must ascend within (0, 1), but were " + deviations);
                }
                last = deviation;
            }
        }

        /** The numbers, one after another. */
        String text() {
            return deviations.stream().map(String::valueOf).collect(Collectors.joining(" "));
        }

        @Override
        public <T> T match(Diffusion.Cases<T> cases) {
            return cases.noiseLevels(this);
        }

        @Override
        public String word() {
            return "noise-levels";
        }
    }

    /**
     * What the rows between say of the sample that entered {@link NoiseLevels}: {@code [level, n]} to the shape of a mark before it.
     *
     * <p>A training step takes each value from a level drawn at random, so that the loss is that of a random level. Scoring gives a
     * reconstruction that is as far from the sample, value by value, as the levels are on the average, on the side on which their mean is:
     * its absolute error is the mean absolute error over the levels.
     *
     * @param from the name of a mark of the clean sample
     */
    record Denoised(String from) implements Diffusion {
        @Override
        public <T> T match(Diffusion.Cases<T> cases) {
            return cases.denoised(this);
        }

        @Override
        public String word() {
            return "denoised";
        }
    }
}
