package io.tidemark.learn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class RankingTest {
    @Test
    void workedExampleOfFiveRows() {
        Ranking ranking =
                Ranking.of(new double[] {0.9, 0.8, 0.7, 0.6, 0.5}, new boolean[] {true, false, true, false, false});

        assertThat(ranking.averagePrecision()).isCloseTo((1.0 + 2.0 / 3) / 2, within(1e-12));
        assertThat(ranking.aucRoc()).isCloseTo(5.0 / 6, within(1e-12));
        assertThat(ranking.bestF1()).isCloseTo(0.8, within(1e-12));
    }

    @Test
    void aConstantScoreKnowsNothing() {
        Ranking ranking = Ranking.of(
                new double[10], new boolean[] {true, false, false, false, false, false, false, false, false, true});

        assertThat(ranking.averagePrecision()).isCloseTo(0.2, within(1e-12));
        assertThat(ranking.aucRoc()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void randomNumbersHaveAnAveragePrecisionNearTheShareOfAnomalies() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        double[] scores = new double[20_000];
        boolean[] labels = new boolean[scores.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextDouble();
            labels[i] = i % 20 == 0;
        }
        assertThat(Ranking.of(scores, labels).averagePrecision()).isCloseTo(0.05, within(0.01));
    }
}
