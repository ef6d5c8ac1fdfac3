package io.tidemark.model.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.GuardSpec;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final GuardSpec LIMITS = GuardSpec.SHIPPED;

    @Test
    void aVersionThatFaresAsTheOneBeforeMayStay() {
        assertThat(Watch.against(LIMITS, health(1000, 0, 0.2, 900), health(1000, 0, 0.25, 1000), Double.NaN))
                .isEmpty();
    }

    @Test
    void errorsFailuresAndTimeSpeakAgainstIt() {
        HealthSummary before = health(1000, 0, 0.2, 900);
        assertThat(Watch.against(LIMITS, before, health(300, 0, 0.7, 900), Double.NaN))
                .containsExactly("its error is 0.7000 where 0.2000 is usual");
        assertThat(Watch.against(LIMITS, before, health(300, 30, 0.2, 900), Double.NaN))
                .containsExactly("it gives no number for 0.100 of the samples, 0.050 may be");
        assertThat(Watch.against(LIMITS, before, health(300, 0, 0.2, 9000), Double.NaN))
                .containsExactly("a sample takes 9000 ns, before it took 900");
    }

    @Test
    void alertsAndTailsSpeakAgainstIt() {
        assertThat(Watch.against(LIMITS, scores(1000, 10, 60), scores(1000, 31, 60), Double.NaN))
                .containsExactly("0.0310 of the steps would open an alert, before 0.0100 would");
        assertThat(Watch.against(LIMITS, scores(1000, 0, 60), scores(1000, 9, 181), Double.NaN))
                .containsExactly("0.181 of the tail probabilities are below 0.05, 0.180 may be");
        assertThat(Watch.against(LIMITS, scores(1000, 0, 60), scores(1000, 9, 170), Double.NaN))
                .as("rare alerts may become less rare")
                .isEmpty();
    }

    @Test
    void tooFewSamplesSayNothing() {
        assertThat(Watch.against(LIMITS, health(1000, 0, 0.2, 900), health(199, 199, 99, 99_999), 0.1))
                .isEmpty();
        assertThat(Watch.against(LIMITS, scores(1000, 0, 0), scores(199, 199, 199), 0.1))
                .isEmpty();
    }

    @Test
    void aFirstChampionIsHeldToItsErrorOnRowsHeldOut() {
        assertThat(Watch.against(LIMITS, new HealthSummary(), health(300, 0, 0.7, 900), 0.2))
                .containsExactly("its error is 0.7000 where 0.2000 is usual");
        assertThat(Watch.against(LIMITS, new HealthSummary(), health(300, 0, 0.7, 900), Double.NaN))
                .isEmpty();
        assertThat(Watch.figures(new HealthSummary(), health(300, 0, 0.7, 900))).containsEntry("after-error", 0.7);
    }

    private static HealthSummary health(long samples, long failed, double error, double nanos) {
        HealthSummary health = new HealthSummary();
        health.report(samples, failed, error, nanos);
        return health;
    }

    private static HealthSummary scores(int steps, int alerting, int beyond) {
        HealthSummary health = new HealthSummary();
        for (int i = 0; i < steps; i++) health.score(i < alerting, i < beyond ? 0.01 : 0.5);
        return health;
    }
}
