package io.tidemark.judge.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.slots.SlotMemory;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TailTest {
    private static final double ABSURD = 1e6;

    /** Learns exponential samples, of which one in a hundred is absurd, and as surprising as may be. */
    private static Tail withOutliers(double most) {
        Tail tail = new Tail(new SlotMemory(2), 0.05, 0.3, 6_000);
        Random random = new Random(11);
        for (int i = 0; i < 5_000; i++) {
            tail.learn(-Math.log(1 - random.nextDouble()));
            if (i % 100 == 50) tail.learn(ABSURD, most);
        }
        return tail;
    }

    @Test
    void whatIsTooStrangeToBeBelievedSaysThatThereAreSuchSamplesAndNotHowFarTheyGo() {
        double large = 12;
        double known = withOutliers(3).surprise(large);
        assertThat(known).isBetween(1.5, 4.0);
        assertThat(withOutliers(0.1).surprise(large))
                .as("as if they had been usual")
                .isGreaterThan(known);
        assertThat(withOutliers(3).surprise(ABSURD)).isGreaterThan(6);
        assertThat(withOutliers(Double.POSITIVE_INFINITY).surprise(ABSURD)).isLessThan(3);
    }

    @Test
    void aRunIsMeasuredAgainstTwiceTheLongestBefore() {
        Tail tail = new Tail(new SlotMemory(2), 0.05, 0.3, 6_000);
        for (int i = 0; i < 4_000; i++) tail.learn(i % 1_000 == 500 ? 1 : 0);
        assertThat(tail.surpriseOfRun(2)).isZero();
        assertThat(tail.surpriseOfRun(4)).isBetween(4.0, 6.0);
        assertThat(tail.surpriseOfRun(100)).isEqualTo(12);
    }
}
