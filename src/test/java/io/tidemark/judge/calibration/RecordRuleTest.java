package io.tidemark.judge.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.slots.SlotMemory;
import org.junit.jupiter.api.Test;

class RecordRuleTest {
    private final RecordRule rule = new RecordRule(new SlotMemory(4), CalibrationSpec.DEFAULT);

    @Test
    void announcesOnlyWhatExceedsAllOfTheWindow() {
        assertThat(rule.announce(5, 1, false)).isEqualTo(5);
        assertThat(rule.announce(4, 1, false)).isZero();
        assertThat(rule.announce(5, 1, false)).isZero();
        assertThat(rule.announce(6, 1, false)).isGreaterThan(5);
    }

    @Test
    void announcesAgainOnceTheWindowHasPassed() {
        rule.announce(5, 1, false);
        quiet(40);
        assertThat(rule.announce(4, 1, false)).isZero();
        quiet(80);
        assertThat(rule.announce(4, 1, false)).isGreaterThan(3);
    }

    @Test
    void announcesNothingMoreWhileAnAlertIsOpen() {
        rule.announce(5, 1, false);
        assertThat(rule.announce(6, 1, true)).isZero();
        assertThat(rule.announce(5.5, 1, false)).isZero();
    }

    @Test
    void theWindowGrowsWithTheAgeOfTheSeries() {
        quiet(10_000);
        rule.announce(5, 1, false);
        quiet(350);
        assertThat(rule.announce(4, 1, false)).isZero();
        quiet(450);
        assertThat(rule.announce(4, 1, false)).isGreaterThan(3);
    }

    @Test
    void everyTenfoldOfAlikeAnnouncementsCostsTheDeclaredHabituation() {
        for (int i = 0; i < 9; i++) {
            rule.announce(5, 6, false);
            quiet(100);
        }
        assertThat(rule.announce(5, 6, false))
                .isEqualTo(5 - 6 * CalibrationSpec.DEFAULT.alerts().habituation());
        quiet(100);
        assertThat(rule.announce(20, 6, false)).isEqualTo(20);
    }

    private void quiet(int steps) {
        for (int i = 0; i < steps; i++) {
            rule.announce(0, 1, false);
        }
    }
}
