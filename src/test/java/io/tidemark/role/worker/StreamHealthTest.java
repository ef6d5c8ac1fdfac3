package io.tidemark.role.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.ChallengerSpec;
import io.tidemark.series.sample.Step;
import org.junit.jupiter.api.Test;

class StreamHealthTest {
    private static final int STEPS = 400_000;

    @Test
    void challengersScoreTheDeclaredShareOfTheSteps() {
        assertThat(share(0.25)).isBetween(0.2, 0.3);
        assertThat(share(0.75)).isBetween(0.7, 0.8);
        assertThat(share(0)).isZero();
        assertThat(share(1)).isEqualTo(1);
    }

    private static double share(double declared) {
        ChallengerSpec challengers = new ChallengerSpec(declared, 2, 1);
        Step step = new Step();
        step.series = "hall-3/pump-7";
        int turns = 0;
        for (step.step = 0; step.step < STEPS; step.step++) if (StreamHealth.isTurn(challengers, step)) turns++;
        return turns / (double) STEPS;
    }
}
