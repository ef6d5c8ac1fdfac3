package io.tidemark.judge.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.slots.SlotMemory;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StillnessTest {
    private final Stillness stillness = new Stillness(new SlotMemory(1));
    private final Random random = new Random(1);

    private double step(double value) {
        double surprise = stillness.surprise(value);
        stillness.learn();
        return surprise;
    }

    /** Judges without learning, as under an open alert. */
    private double still(double value, int steps) {
        double surprise = 0;
        for (int i = 0; i < steps; i++) surprise = stillness.surprise(value);
        return surprise;
    }

    @Test
    void aNoisySensorThatFreezesIsStrangeAfterFiveRepeats() {
        for (int i = 0; i < 1_000; i++) assertThat(step(random.nextGaussian())).isZero();
        assertThat(still(0.25, 5)).as("four repeats").isZero();
        assertThat(stillness.surprise(0.25)).as("the fifth").isGreaterThan(10);
        assertThat(stillness.surprise(0.26)).as("it moves again").isZero();
    }

    @Test
    void aSwitchThatHoldsItsValueIsNot() {
        for (int i = 0; i < 5_000; i++) {
            double surprise = step(i / 50 % 2);
            if (i > 200) assertThat(surprise).isZero();
        }
        assertThat(still(1, 90)).isLessThan(1);
    }

    @Test
    void aNightOfIdlingIsNewOnceAndKnownAfterwards() {
        double first = 0;
        double later = 0;
        for (int day = 0; day < 5; day++) {
            for (int i = 0; i < 600; i++) step(random.nextGaussian());
            for (int i = 0; i < 100; i++) {
                double surprise = step(0);
                if (day == 0) first = Math.max(first, surprise);
                else later = Math.max(later, surprise);
            }
        }
        assertThat(first).isGreaterThan(10);
        assertThat(later).isZero();
    }

    @Test
    void aValueThatStaysForGoodIsUsualOnceItTeaches() {
        for (int i = 0; i < 1_000; i++) step(random.nextGaussian());
        assertThat(still(0, 400)).as("under an open alert").isGreaterThan(10);
        for (int i = 0; i < 32; i++) assertThat(step(0)).as("it teaches").isGreaterThan(10);
        assertThat(step(0)).isZero();
    }

    @Test
    void theFirstValuesOfASeriesAreNotStrange() {
        assertThat(step(0)).isZero();
        for (int i = 0; i < 20; i++) assertThat(step(0)).isLessThan(2);
    }
}
