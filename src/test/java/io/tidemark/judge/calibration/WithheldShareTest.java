package io.tidemark.judge.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many steps of ordinary series do not teach: the declared share, within a quarter, whatever the number of networks. */
class WithheldShareTest {
    private static final int STEPS = 8_000;
    private static final int SETTLED = 2_000;

    private enum Shape {
        NOISE,
        DAY,
        WALK,
        COUNTS
    }

    @ParameterizedTest
    @CsvSource({"0, 0.1", "1, 0.1", "4, 0.1", "16, 0.1", "1, 0.02", "16, 0.02", "1, 0.3", "16, 0.3"})
    void theDeclaredShareIsWithheld(int networks, double declared) {
        for (Shape shape : Shape.values()) {
            double share = withheld(shape, networks, declared);
            assertThat(share)
                    .as("%s with %d networks, declared %s", shape, networks, declared)
                    .isBetween(declared * 0.75, declared * 1.25);
        }
    }

    private static double withheld(Shape shape, int networks, double declared) {
        CalibrationSpec spec = CalibrationSpec.DEFAULT.withNetworks(networks).withWithheldShare(declared);
        SeriesCalibration calibration = new SeriesCalibration(spec, 1);
        Observation observation = new Observation(1);
        Verdict verdict = new Verdict(1);
        SplittableRandom random = new SplittableRandom(shape.ordinal() + 1);
        double walk = 0;
        int withheld = 0;
        for (int step = 0; step < STEPS; step++) {
            double noise = random.nextGaussian();
            walk = 0.98 * walk + noise;
            double value = switch (shape) {
                case NOISE -> 20 + noise;
                case DAY -> 20 + 5 * Math.sin(2 * Math.PI * step / 144) + noise;
                case WALK -> 20 + walk;
                case COUNTS -> Math.max(0, Math.round(8 + 2.5 * noise));
            };
            observation.clear(step * 60_000L);
            observation.feature(0, value, 20, 4, false);
            for (int n = 0; n < networks; n++) {
                // half of what a network errs by is the step's own, half is the network's
                float error = (float) Math.abs(0.5 * noise + 0.5 * random.nextGaussian());
                observation.network("network-" + n, 1, new float[] {error});
            }
            calibration.judge(observation, false, false, verdict);
            if (step >= SETTLED && verdict.teaching() == Verdict.Teaching.SURPRISING) withheld++;
        }
        return (double) withheld / (STEPS - SETTLED);
    }
}
