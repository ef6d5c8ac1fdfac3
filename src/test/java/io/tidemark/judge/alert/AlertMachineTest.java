package io.tidemark.judge.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AlertMachineTest {
    private static final float[] SHARES = {0.1f, 0.6f, 0.3f};
    private static final AlertSpec LEVEL = new AlertSpec(AlertSpec.OpensOn.SCORE, 0.8, 3, 0.4, 2, 600);

    @Test
    void opensOnlyAfterTheDeclaredStepsInARow() {
        assertThat(changes(new AlertMachine(LEVEL), 0.9, 0.9, 0.7, 0.9, 0.9, 0.9))
                .isEqualTo("NONE NONE NONE NONE NONE OPENED");
    }

    @Test
    void aScoreBetweenTheThresholdsKeepsAnOpenAlertOpen() {
        assertThat(changes(new AlertMachine(LEVEL), 0.9, 0.9, 0.9, 0.5, 0.5, 0.3, 0.5, 0.3, 0.3))
                .isEqualTo("NONE NONE OPENED NONE NONE NONE NONE NONE RESOLVED");
    }

    @Test
    void anAlertThatLastsTeachesAfterTheDeclaredStepsAndSaysSoOnce() {
        AlertMachine machine = new AlertMachine(new AlertSpec(AlertSpec.OpensOn.SCORE, 0.8, 1, 0.4, 2, 2));
        assertThat(changes(machine, 0.9)).isEqualTo("OPENED");
        assertThat(machine.withholds()).isTrue();
        assertThat(machine.step(60_000, 0.9, 0, SHARES)).isEqualTo(AlertChange.NONE);
        assertThat(machine.step(120_000, 0.9, 0, SHARES)).isEqualTo(AlertChange.ADAPTING);
        assertThat(machine.step(180_000, 0.9, 0, SHARES)).isEqualTo(AlertChange.NONE);
        assertThat(machine.isOpen()).isTrue();
        assertThat(machine.withholds()).isFalse();
    }

    @Test
    void theDefaultOpensOnASingleStepOfTheAlertScore() {
        AlertMachine machine = new AlertMachine(AlertSpec.DEFAULT);
        assertThat(machine.step(0, 0.95, 0.1, SHARES)).isEqualTo(AlertChange.NONE);
        assertThat(machine.step(60_000, 0.95, 0.95, SHARES)).isEqualTo(AlertChange.OPENED);
    }

    @Test
    void namesThePeakAndItsFeatures() {
        AlertMachine machine = new AlertMachine(AlertSpec.DEFAULT);
        machine.step(1_000, 0.75, 0.75, new float[] {1, 0, 0});
        machine.step(2_000, 0.9, 0, SHARES);
        machine.step(3_000, 0.8, 0, new float[] {1, 0, 0});
        assertThat(machine.id("pumps", "p7")).isEqualTo("pumps/p7@1970-01-01T00:00:01Z");
        assertThat(machine.peak()).isEqualTo(0.9);
        assertThat(machine.peakMs()).isEqualTo(2_000);
        assertThat(machine.topFeature(0)).isEqualTo(1);
        assertThat(machine.topShare(0)).isEqualTo(0.6f);
        assertThat(machine.topFeature(2)).isEqualTo(0);
        assertThat(machine.topFeature(3)).isEqualTo(-1);
    }

    @Test
    void anExcusedAlertEndsAndNoneOpensBeforeTheScoreHasBeenLowForLongEnough() {
        AlertMachine machine = new AlertMachine(new AlertSpec(AlertSpec.OpensOn.SCORE, 0.8, 1, 0.4, 2, 600));
        assertThat(changes(machine, 0.9, 0.9)).isEqualTo("OPENED NONE");
        machine.excuse();
        assertThat(machine.isOpen()).isFalse();
        assertThat(machine.withholds()).isFalse();
        assertThat(changes(machine, 0.9, 0.3, 0.9, 0.3)).isEqualTo("NONE NONE NONE NONE");
        assertThat(machine.isExcused()).isTrue();
        assertThat(changes(machine, 0.3, 0.9)).isEqualTo("NONE OPENED");
    }

    @Test
    void anExcuseLastsNoLongerThanAnAlertMayWithhold() {
        AlertMachine machine = new AlertMachine(new AlertSpec(AlertSpec.OpensOn.SCORE, 0.8, 1, 0.4, 2, 3));
        changes(machine, 0.9);
        machine.excuse();
        assertThat(changes(machine, 0.9, 0.9, 0.9, 0.9)).isEqualTo("NONE NONE NONE OPENED");
    }

    @Test
    void aConfirmedAlertNeverTeachesAndResolvesAsAnyOther() {
        AlertMachine machine = new AlertMachine(new AlertSpec(AlertSpec.OpensOn.SCORE, 0.8, 1, 0.4, 2, 2));
        changes(machine, 0.9);
        machine.confirm();
        assertThat(changes(machine, 0.9, 0.9, 0.9)).isEqualTo("NONE NONE NONE");
        assertThat(machine.withholds()).isTrue();
        assertThat(changes(machine, 0.1, 0.1)).isEqualTo("NONE RESOLVED");
        assertThat(changes(machine, 0.9, 0.9, 0.9)).isEqualTo("OPENED NONE ADAPTING");
    }

    @Test
    void anAlertThatTaughtAlreadyStopsWhenItIsConfirmed() {
        AlertMachine machine = new AlertMachine(new AlertSpec(AlertSpec.OpensOn.SCORE, 0.8, 1, 0.4, 2, 1));
        assertThat(changes(machine, 0.9, 0.9)).isEqualTo("OPENED ADAPTING");
        machine.confirm();
        assertThat(machine.withholds()).isTrue();
    }

    @Test
    void confirmingTakesAnExcuseBack() {
        AlertMachine machine = new AlertMachine(new AlertSpec(AlertSpec.OpensOn.SCORE, 0.8, 1, 0.4, 2, 600));
        changes(machine, 0.9);
        machine.excuse();
        machine.confirm();
        assertThat(machine.isOpen()).isFalse();
        assertThat(changes(machine, 0.9)).isEqualTo("OPENED");
    }

    @Test
    void aStateFromBeforePeopleHadASayIsReadAsOneOfWhichNobodySaidAnything() {
        AlertMachine machine = new AlertMachine(LEVEL);
        changes(machine, 0.9, 0.9, 0.9);
        byte[] saved = machine.save();
        assertThat(saved[3]).isZero();
        AlertMachine restored = new AlertMachine(LEVEL);
        restored.restore(saved);
        assertThat(restored.isOpen()).isTrue();
        assertThat(restored.isExcused()).isFalse();
    }

    @Test
    void refusesAStateOfAnotherFormat() {
        byte[] saved = new AlertMachine(LEVEL).save();
        saved[0] = 9;
        assertThatThrownBy(() -> new AlertMachine(LEVEL).restore(saved)).hasMessageContaining("format 9");
    }

    @Test
    void refusesSettingsThatCannotWork() {
        assertThatThrownBy(() -> new AlertSpec(AlertSpec.OpensOn.SCORE, 0.5, 1, 0.6, 1, 100))
                .hasMessage("alert.resolve-below must be in [0, 0.5] (alert.open-at), but was 0.6");
        assertThatThrownBy(() -> new AlertSpec(AlertSpec.OpensOn.ALERT_SCORE, 0.5, 3, 0.2, 1, 100))
                .hasMessageContaining("alert.for-steps must be 1")
                .hasMessageContaining("set alert.opens-on to score");
        assertThatThrownBy(() -> new AlertSpec(AlertSpec.OpensOn.SCORE, 0.5, 3, 0.2, 1, 0))
                .hasMessage("alert.adapt-after must be in [1, 10000000] steps, but was 0");
    }

    private static String changes(AlertMachine machine, double... scores) {
        StringBuilder changes = new StringBuilder();
        long timeMs = 0;
        for (double score : scores) {
            changes.append(machine.step(timeMs, score, 0, SHARES)).append(' ');
            timeMs += 1000;
        }
        return changes.toString().trim();
    }
}
