package io.tidemark.judge.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.slots.SlotMemory;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The bounded memory of values against an exact one; fixed seeds. */
class SeenValuesProperties {
    private static final int CAPACITY = 64;

    @Test
    void distancesAreExactToOneInAMillionWhileTheValuesFit() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            SeenValues seen = seen();
            TreeSet<Double> exact = new TreeSet<>();
            double size = Math.pow(10, random.nextInt(13) - 6);
            for (int i = 0; i < CAPACITY - 1; i++) {
                double value = size * (1 + random.nextDouble());
                assertThat(seen.distance(value))
                        .isBetween(distance(exact, value) - 1e-6 * size, distance(exact, value) + 1e-6 * size);
                seen.learn(value);
                exact.add(value);
            }
        }
    }

    @Test
    void everyValueEverLearntLiesWithinTheFinestGridThatTheCapacityAllows() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            SeenValues seen = seen();
            TreeSet<Double> exact = new TreeSet<>();
            for (int i = 0; i < 5_000; i++) {
                double value = 50 + random.nextDouble();
                seen.learn(value);
                exact.add(value);
            }
            assertThat(seen.count()).isBetween(CAPACITY / 3, CAPACITY);
            for (int i = 0; i < 500; i++) {
                double value = 49.5 + 2 * random.nextDouble();
                assertThat(seen.distance(value))
                        .isBetween(distance(exact, value) - 0.002, distance(exact, value) + 0.002);
            }
        }
    }

    @Test
    void gapsBetweenTheValuesStayGapsAsTheGridGetsCoarser() {
        Random random = new Random(4);
        SeenValues seen = seen();
        TreeSet<Double> exact = new TreeSet<>();
        for (int i = 0; i < 3_000; i++) {
            double value = random.nextInt(40) + 0.1 * random.nextDouble();
            seen.learn(value);
            exact.add(value);
        }
        for (int i = 0; i < 500; i++) {
            double value = 40 * random.nextDouble();
            assertThat(seen.distance(value)).isBetween(distance(exact, value) - 0.004, distance(exact, value) + 0.004);
        }
    }

    @Test
    void oneValueFarAwayCostsTheOthersAtMostFourDoublings() {
        SeenValues seen = seen();
        for (int i = 0; i < 10; i++) {
            seen.learn(1 + i);
        }
        seen.learn(1e300);
        assertThat(seen.count()).isEqualTo(11);
        assertThat(seen.distance(5.5)).isBetween(0.49, 0.51);
        assertThat(seen.distance(1e300)).isGreaterThan(1e299);
    }

    @Test
    void nothingIsFarFromNothing() {
        assertThat(seen().distance(7)).isZero();
    }

    private static SeenValues seen() {
        return new SeenValues(new SlotMemory(4), CAPACITY);
    }

    private static double distance(TreeSet<Double> exact, double value) {
        if (exact.isEmpty()) {
            return 0;
        }
        Double below = exact.floor(value);
        Double above = exact.ceiling(value);
        double down = below == null ? Double.POSITIVE_INFINITY : value - below;
        double up = above == null ? Double.POSITIVE_INFINITY : above - value;
        return Math.min(down, up);
    }
}
