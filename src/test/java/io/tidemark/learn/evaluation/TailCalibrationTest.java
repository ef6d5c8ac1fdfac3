package io.tidemark.learn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TailCalibrationTest {
    @Test
    void sharesAreOfRowsThatHaveATail() {
        TailCalibration tails = TailCalibration.of(new double[] {Double.NaN, 0.5, 0.1, 0.05, 0.009, 0.0001});

        assertThat(tails).isEqualTo(new TailCalibration(5, 3.0 / 5, 2.0 / 5, 1.0 / 5));
    }

    @Test
    void withoutRowsNothingIsKnown() {
        assertThat(TailCalibration.of(new double[0]).tenth()).isNaN();
    }
}
