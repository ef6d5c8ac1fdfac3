package io.tidemark.judge.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The stated false-alarm rates on stationary noise, over several shapes of noise; fixed seeds. */
class CalibrationProperties {
    private static final int SERIES = 4;
    private static final int STEPS = 9_000;
    private static final int LEARNING_STEPS = 1_000;

    /** Stationary noise; the comment says what is hard about it. */
    enum Noise {
        /** Nothing. */
        GAUSSIAN(true),
        /** Heavier tails than the exponential. */
        LOG_NORMAL(true),
        /** Neighbouring steps alike. */
        AUTOREGRESSIVE(true),
        /** A daily season. */
        SEASONAL(true),
        /** Sharp peak, exponential tails. */
        LAPLACE(true),
        /** Many equal values. */
        COUNTS(true),
        /** A hard bound: the exponential tail is too heavy, so the tail probability is too large. */
        UNIFORM(false),
        /** Two values only: ranks are tied. */
        BINARY(false);

        final boolean smooth;

        Noise(boolean smooth) {
            this.smooth = smooth;
        }

        double next(Random random, int step, double last) {
            double gaussian = random.nextGaussian();
            return switch (this) {
                case GAUSSIAN -> gaussian;
                case LOG_NORMAL -> Math.exp(gaussian);
                case AUTOREGRESSIVE -> 0.9 * last + 0.44 * gaussian;
                case SEASONAL -> 1.4 * Math.sin(2 * Math.PI * step / 1440) + 0.2 * gaussian;
                case LAPLACE -> Math.copySign(Math.log(1 - random.nextDouble()), gaussian);
                case COUNTS -> 0.25 * Math.floor(-4 * Math.log(1 - random.nextDouble()));
                case UNIFORM -> random.nextDouble();
                case BINARY -> random.nextDouble() < 0.1 ? 1 : 0;
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void tailProbabilitiesOfPlainValuesAreTrueWithinAFactorOfTwo(Noise noise) {
        Rates rates = Rates.of(noise, 1, false);
        assertThat(rates.tenth).isBetween(noise.smooth ? 0.05 : 0.0, 0.2);
        assertThat(rates.hundredth).isBetween(noise.smooth ? 0.005 : 0.0, 0.02);
        assertThat(rates.thousandth).isLessThan(0.002);
    }

    @ParameterizedTest
    @EnumSource
    void tailProbabilitiesOfValuesAndANetworkAreTrueWithinAFactorOfTwo(Noise noise) {
        Rates rates = Rates.of(noise, 1, true);
        assertThat(rates.tenth).isBetween(0.05, 0.2);
        assertThat(rates.hundredth).isBetween(0.005, 0.02);
        assertThat(rates.thousandth).isBetween(0.0003, 0.002);
        assertThat(rates.alertScores)
                .as("share of alert scores that open an alert")
                .isLessThan(3e-4);
    }

    @ParameterizedTest
    @EnumSource(names = {"GAUSSIAN", "LOG_NORMAL", "BINARY"})
    void tailProbabilitiesOfManyFeaturesAreTrueWithinAFactorOfTwo(Noise noise) {
        Rates rates = Rates.of(noise, 8, true);
        assertThat(rates.tenth).isBetween(0.05, 0.2);
        assertThat(rates.hundredth).isBetween(0.005, 0.02);
    }

    /** How often the tail probability is at most a tenth, a hundredth, a thousandth; and how often the alert score is at least 0.7. */
    private record Rates(double tenth, double hundredth, double thousandth, double alertScores) {
        static Rates of(Noise noise, int features, boolean network) {
            double[] counts = new double[5];
            for (int seed = 0; seed < SERIES; seed++) {
                count(noise, new Random(seed), features, network, counts);
            }
            return new Rates(
                    counts[1] / counts[0], counts[2] / counts[0], counts[3] / counts[0], counts[4] / counts[0]);
        }

        private static void count(Noise noise, Random random, int features, boolean network, double[] counts) {
            SeriesCalibration calibration = new SeriesCalibration(CalibrationSpec.DEFAULT, features);
            Observation observation = new Observation(features);
            Verdict verdict = new Verdict(features);
            float[] errors = new float[features];
            double[] last = new double[features];
            for (int step = 0; step < STEPS; step++) {
                observation.clear(step * 60_000L);
                for (int feature = 0; feature < features; feature++) {
                    last[feature] = noise.next(random, step, last[feature]);
                    errors[feature] = (float) Math.abs(random.nextGaussian());
                    observation.feature(feature, last[feature], 0, 1, false);
                }
                if (network) {
                    observation.network("ae", 1, errors);
                }
                calibration.judge(observation, false, false, verdict);
                if (step >= LEARNING_STEPS) {
                    counts[0]++;
                    counts[1] += verdict.tailProbability() <= 0.1 ? 1 : 0;
                    counts[2] += verdict.tailProbability() <= 0.01 ? 1 : 0;
                    counts[3] += verdict.tailProbability() <= 0.001 ? 1 : 0;
                    counts[4] += verdict.alertScore() >= 0.7 ? 1 : 0;
                }
            }
        }
    }
}
