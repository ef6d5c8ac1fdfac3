package io.tidemark.series.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.series.sample.Wire;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RobustScaleTest {
    private final Random random = new Random(42);

    private RobustScale taught(int n, double mean, double sd) {
        RobustScale scale = new RobustScale(1, 1e-6, 10_000);
        for (int i = 0; i < n; i++) scale.learn(0, mean + sd * random.nextGaussian());
        return scale;
    }

    @Test
    void normalValuesGiveTheirMeanAndStandardDeviation() {
        RobustScale scale = taught(50_000, 1000, 5);

        assertThat(scale.location(0)).isCloseTo(1000, within(0.2));
        assertThat(scale.scale(0)).isCloseTo(5, within(0.25));
    }

    @Test
    void tenValuesAreEnoughForAUsableScaleAndOneOutlierAmongThemDoesNotSpoilIt() {
        for (int round = 0; round < 200; round++) {
            RobustScale scale = taught(9, 0, 1);
            scale.learn(0, 1e6);

            assertThat(scale.scale(0)).isBetween(0.05, 4.0);
            assertThat(Math.abs(scale.location(0))).isLessThan(2);
        }
    }

    @Test
    void firstValuesGiveTheirMedianAndDeviation() {
        RobustScale scale = new RobustScale(1, 1e-6, 100);
        assertThat(scale.location(0)).isNaN();
        assertThat(scale.scale(0)).isEqualTo(1e-6);

        for (double v : new double[] {3, 1, 2, 100, Double.NaN}) scale.learn(0, v);

        assertThat(scale.count(0)).isEqualTo(4);
        assertThat(scale.location(0)).isEqualTo(2.5);
        assertThat(scale.scale(0)).isCloseTo(1.4826, within(1e-9));
    }

    @Test
    void shortIncidentMovesLittleAndALastingLevelIsLearnt() {
        RobustScale scale = taught(20_000, 0, 1);
        double before = scale.scale(0);
        for (int i = 0; i < 100; i++) scale.learn(0, 1000);
        assertThat(scale.scale(0)).isLessThan(1.7 * before);
        assertThat(Math.abs(scale.location(0))).isLessThan(0.2);

        for (int i = 0; i < 30_000; i++) scale.learn(0, 1000 + random.nextGaussian());
        assertThat(scale.location(0)).isCloseTo(1000, within(100.0));
    }

    @Test
    void constantValuesHaveTheFloorAsScale() {
        RobustScale scale = new RobustScale(1, 0.02, 100);
        for (int i = 0; i < 1000; i++) scale.learn(0, 7);

        assertThat(scale.location(0)).isEqualTo(7);
        assertThat(scale.scale(0)).isEqualTo(0.02);
    }

    @Test
    void hugeValuesStayFinite() {
        RobustScale scale = new RobustScale(1, 1e-6, 100);
        for (int i = 0; i < 5000; i++) scale.learn(0, i % 3 == 0 ? -1e300 : 1e300 * random.nextDouble());

        assertThat(scale.location(0)).isFinite();
        assertThat(scale.scale(0)).isFinite().isPositive();
    }

    @Test
    void restoredStateGoesOnWithTheSameBits() {
        RobustScale live = new RobustScale(2, 1e-6, 500);
        RobustScale copy = new RobustScale(2, 1e-6, 500);
        for (int i = 0; i < 300; i++) {
            double a = random.nextGaussian();
            double b = i % 3 == 0 ? Double.NaN : 1e3 * random.nextGaussian();
            live.learn(0, a);
            live.learn(1, b);
            Wire wire = Wire.writer(16);
            copy.write(wire);
            RobustScale restored = new RobustScale(2, 1e-6, 500);
            restored.read(Wire.reader(Arrays.copyOf(wire.toBytes(), wire.position())));
            restored.learn(0, a);
            restored.learn(1, b);
            copy = restored;
            for (int f = 0; f < 2; f++) {
                assertThat(Double.compare(restored.location(f), live.location(f)))
                        .isZero();
                assertThat(restored.scale(f)).isEqualTo(live.scale(f));
            }
        }
    }
}
