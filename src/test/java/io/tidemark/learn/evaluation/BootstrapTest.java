package io.tidemark.learn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    @Test
    void theIntervalIsThatOfTheMeanOfGaussianFigures() {
        Random random = new Random(4);
        double[] figures = random.doubles(400).map(u -> random.nextGaussian()).toArray();

        Bootstrap interval = Bootstrap.of(figures, 1);

        assertThat(interval.high() - interval.low()).isCloseTo(2 * 1.96 / Math.sqrt(400), within(0.03));
        assertThat(interval.mean()).isBetween(interval.low(), interval.high());
    }

    @Test
    void figuresThatAreAllTheSameLeaveNoDoubt() {
        assertThat(Bootstrap.of(new double[] {0.5, Double.NaN, 0.5}, 1)).isEqualTo(new Bootstrap(2, 0.5, 0.5, 0.5));
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        double[] figures = {0.1, 0.9, 0.3};
        assertThat(Bootstrap.of(figures, 7)).isEqualTo(Bootstrap.of(figures, 7));
        assertThat(Bootstrap.of(new double[0], 7).mean()).isNaN();
    }
}
