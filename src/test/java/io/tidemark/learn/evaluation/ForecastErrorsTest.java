package io.tidemark.learn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ForecastErrorsTest {
    @Test
    void figuresOfAWorkedExample() {
        ForecastErrors errors = new ForecastErrors(0.1f, 0.5f, 0.9f);
        errors.add(10, new double[] {8, 9, 11}, 0, 6);
        errors.add(20, new double[] {0, 12, 14, 18}, 1, 18);

        assertThat(errors.values()).isEqualTo(2);
        assertThat(errors.scaledError()).isCloseTo((1.0 + 6) / (4 + 2), within(1e-12));
        assertThat(errors.coverage()).isEqualTo(0.5);
        // .1: .1·2 + .1·8; .5: .5·1 + .5·6; .9: .1·1 + .9·2; twice, over 3 levels and 30
        assertThat(errors.weightedQuantileLoss()).isCloseTo(2 * (1.0 + 3.5 + 1.9) / 3 / 30, within(1e-6));
    }

    @Test
    void theNaiveForecastIsTheNewestKnownValueWholeSeasonsBefore() {
        assertThat(ForecastErrors.naiveRow(100, 1, 24)).isEqualTo(77);
        assertThat(ForecastErrors.naiveRow(100, 24, 24)).isEqualTo(100);
        assertThat(ForecastErrors.naiveRow(100, 25, 24)).isEqualTo(77);
        assertThat(ForecastErrors.naiveRow(100, 5, 1)).isEqualTo(100);
        assertThat(ForecastErrors.naiveRow(3, 1, 24)).isNegative();
    }

    @Test
    void aValueThatIsMissingIsPassedOver() {
        ForecastErrors errors = new ForecastErrors(0.5f);
        errors.add(Double.NaN, new double[] {1}, 0, 1);
        errors.add(1, new double[] {1}, 0, Double.NaN);

        assertThat(errors.values()).isZero();
        assertThat(errors.scaledError()).isNaN();
        assertThat(errors.coverage()).isNaN();
    }

    @Test
    void levelsAscend() {
        assertThatThrownBy(() -> new ForecastErrors(0.5f, 0.1f)).hasMessageContaining("number 2 is 0.1");
    }
}
