package io.tidemark.net.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GatesTest {
    private static float sigmoid(float x) {
        float[] values = {Float.NaN, x};
        Gates.sigmoids(values, 1, new float[] {1}, 1);
        return values[1];
    }

    private static float tanh(float x) {
        float[] values = {x};
        Gates.tanhs(values, 0, values, 0, 1);
        return values[0];
    }

    @Test
    void squashingIsWithinAMillionthOfTheExactValue() {
        for (float x = -20f; x <= 20f; x += 0.00731f) {
            assertThat((double) sigmoid(x)).isCloseTo(1 / (1 + Math.exp(-x)), within(1e-6));
            assertThat((double) tanh(x)).isCloseTo(Math.tanh(x), within(1e-6));
        }
    }

    @Test
    void extremesStayInRangeAndNaNStaysNaN() {
        assertThat(sigmoid(Float.POSITIVE_INFINITY)).isBetween(0.999999f, 1f);
        assertThat(sigmoid(Float.NEGATIVE_INFINITY)).isBetween(0f, 1e-6f);
        assertThat(tanh(Float.NEGATIVE_INFINITY)).isBetween(-1f, -0.999999f);
        assertThat(sigmoid(Float.NaN)).isNaN();
        assertThat(tanh(Float.NaN)).isNaN();
    }
}
