package io.tidemark.judge.alert;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AlertHoldTest {
    private final AlertHold hold = new AlertHold();

    @Test
    void anAlertOfTheEvidenceIsHeldByTheEvidenceAlone() {
        assertThat(hold.deciding(1.2, 1.2, false)).isEqualTo(1.2);
        hold.after(AlertChange.OPENED, 1.2);
        assertThat(hold.deciding(1.1, 0.2, true)).isEqualTo(0.2);
    }

    @Test
    void anAlertOfTheScoreIsHeldByBothUntilTheEvidenceSpeaks() {
        hold.deciding(1.2, 0.3, false);
        hold.after(AlertChange.OPENED, 0.3);
        assertThat(hold.deciding(1.1, 0.2, true)).isEqualTo(1.1);
        assertThat(hold.deciding(1.3, 1.3, true)).isEqualTo(1.3);
        assertThat(hold.deciding(1.1, 0.2, true)).isEqualTo(0.2);
    }

    @Test
    void theScoreOpensNoAlertBeforeItHasBeenLowOnceSinceTheLast() {
        hold.after(AlertChange.OPENED, 1.2);
        hold.after(AlertChange.RESOLVED, 0.1);
        assertThat(hold.deciding(1.1, 0.2, false)).isEqualTo(0.2);
        assertThat(hold.deciding(1.4, 1.4, false)).as("the evidence may").isEqualTo(1.4);
        assertThat(hold.deciding(0.4, 0.2, false)).isEqualTo(0.4);
        assertThat(hold.deciding(1.1, 0.2, false)).isEqualTo(1.1);
    }

    @Test
    void aStoredStateGoesOn() {
        hold.after(AlertChange.OPENED, 1.2);
        hold.after(AlertChange.RESOLVED, 0.1);
        AlertHold other = new AlertHold();
        other.restore(hold.bits());
        assertThat(other.deciding(1.1, 0.2, false)).isEqualTo(0.2);
        other.clear();
        assertThat(other.deciding(1.1, 0.2, false)).isEqualTo(1.1);
        assertThat(other.bits()).isZero();
    }
}
