package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.network.Diffusion;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoisyLevelsTest {
    private static final int VALUES = 3;
    private final NoisyLevels levels = new NoisyLevels(new Diffusion.NoiseLevels(List.of(0.1, 0.6, 0.8)), VALUES);

    @Test
    void aLevelKeepsTheVarianceOfValuesOfVarianceOne() {
        for (int level = 0; level < 3; level++) {
            double variance = Math.pow(levels.kept(level), 2) + Math.pow(levels.deviation(level), 2);
            assertThat(variance).isCloseTo(1, within(1e-6));
        }
        assertThat(levels.kept(1)).isCloseTo(0.8f, within(1e-6f));
    }

    @Test
    void noiseHasTheDeviationOfItsLevel() {
        CounterRandom random = CounterRandom.of(1, "noise", 0);
        double[] squares = new double[3];
        int samples = 20_000;
        for (int i = 0; i < samples * 3 * VALUES; i++) {
            squares[i / VALUES % 3] += Math.pow(levels.whileTraining(random, i), 2) / (samples * VALUES);
        }
        assertThat(Math.sqrt(squares[0])).isCloseTo(0.1, within(0.002));
        assertThat(Math.sqrt(squares[1])).isCloseTo(0.6, within(0.01));
        assertThat(Math.sqrt(squares[2])).isCloseTo(0.8, within(0.01));
    }

    @Test
    void scoringDrawsTheSameNoiseAgain() {
        NoisyLevels again = new NoisyLevels(new Diffusion.NoiseLevels(List.of(0.1, 0.6, 0.8)), VALUES);
        for (int i = 0; i < 3 * VALUES; i++) {
            assertThat(again.whileScoring(i)).isEqualTo(levels.whileScoring(i)).isNotZero();
        }
    }

    @Test
    void everyLevelIsDrawnAsOften() {
        CounterRandom random = CounterRandom.of(1, "noise", 0);
        int[] counts = new int[4];
        for (int i = 0; i < 40_000; i++) counts[NoisyLevels.drawn(random, i, 4)]++;
        for (int count : counts) assertThat(count).isBetween(9_600, 10_400);
    }
}
