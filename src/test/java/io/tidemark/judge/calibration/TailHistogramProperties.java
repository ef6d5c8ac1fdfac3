package io.tidemark.judge.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.slots.SlotMemory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The histogram against the sorted samples; fixed seeds. */
class TailHistogramProperties {
    private static final int SAMPLES = 4_000;

    @Test
    void nearTheBulkTheSurpriseIsThatOfTheRank() {
        for (int seed = 0; seed < 10; seed++) {
            double[] samples = exponential(seed);
            TailHistogram histogram = taught(samples);
            Arrays.sort(samples);
            for (double share : new double[] {0.4, 0.2, 0.1, 0.06}) {
                double sample = samples[(int) (SAMPLES * (1 - share))];
                assertThat(histogram.surprise(sample)).isBetween(-Math.log10(share) - 0.1, -Math.log10(share) + 0.1);
            }
        }
    }

    @Test
    void beyondEverySampleTheExponentialTailOfExponentialSamplesIsTrueWithinAFifth() {
        for (int seed = 0; seed < 10; seed++) {
            TailHistogram histogram = taught(exponential(seed));
            for (int decades = 3; decades <= 8; decades++) {
                double surprise = histogram.surprise(decades * Math.log(10));
                assertThat(surprise).isBetween(0.8 * decades, 1.2 * decades);
            }
        }
    }

    @Test
    void alargerSampleIsNeverLessSurprising() {
        for (int seed = 0; seed < 10; seed++) {
            TailHistogram histogram = taught(exponential(seed));
            double last = 0;
            for (double sample = 1e-4; sample < 1e4; sample *= 1.01) {
                double surprise = histogram.surprise(sample);
                assertThat(surprise).isGreaterThanOrEqualTo(last - 1e-3);
                last = surprise;
            }
        }
    }

    @Test
    void fewSamplesAreNeverVerySurprised() {
        TailHistogram histogram = taught(Arrays.copyOf(exponential(1), TailHistogram.SAMPLES_NEEDED));
        assertThat(histogram.surprise(1e3)).isLessThan(25);
        assertThat(taught(new double[] {1, 2, 3}).surprise(1e9)).isZero();
    }

    @Test
    void whatDiffersFromAConstantIsAsRareAsItsRank() {
        double[] samples = new double[1_000];
        TailHistogram histogram = taught(samples);
        assertThat(histogram.surprise(1e-6)).isBetween(3.0, 3.5);
        assertThat(histogram.surprise(0)).isZero();
        samples[500] = 4;
        histogram = taught(samples);
        assertThat(histogram.surprise(9)).isBetween(3.0, 3.5);
        assertThat(histogram.surprise(1)).as("once in a thousand as large").isBetween(2.5, 3.0);
    }

    @Test
    void oneAbsurdSampleDoesNotWashOutTheRest() {
        TailHistogram histogram = taught(exponential(3));
        double before = histogram.surprise(6);
        histogram.learn(1e30);
        assertThat(histogram.surprise(6)).isBetween(before - 0.5, before + 0.1);
    }

    @Test
    void theMedianIsThatOfTheSamples() {
        assertThat(taught(exponential(5)).median()).isBetween(0.65, 0.74);
    }

    /** Of forty million samples every fourth lies in a higher bin: a pattern that meets powers of two. */
    @Test
    void countsGoOnWhereAFloatNoLongerCountsSingly() {
        int samples = 40_000_000;
        TailHistogram histogram = TailHistogram.ofMember(new SlotMemory(4), 1_000_000_000);
        for (int i = 0; i < samples; i++) histogram.learn(i % 4 == 0 ? 40 : 1);
        assertThat(histogram.weight()).isBetween(0.999f * samples, 1.001f * samples);
        assertThat(histogram.surprise(33)).as("a quarter is larger").isBetween(0.62, 0.65);
    }

    private static double[] exponential(int seed) {
        Random random = new Random(seed);
        return random.doubles(SAMPLES).map(uniform -> -Math.log(1 - uniform)).toArray();
    }

    private static TailHistogram taught(double[] samples) {
        TailHistogram histogram = TailHistogram.ofMember(new SlotMemory(4), 1_000_000);
        for (double sample : samples) {
            histogram.learn(sample);
        }
        return histogram;
    }
}
