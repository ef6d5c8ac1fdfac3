package io.tidemark.judge.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.judge.slots.SlotMemory;
import org.junit.jupiter.api.Test;

class HabitsTest {
    private final SlotMemory memory = new SlotMemory(1);
    private final Habits habits = new Habits(memory);

    @Test
    void aSourceIsAHabitFromItsFourthAlertOnAndEachDoublingLowersItMore() {
        int nuisance = Severities.source(2, 5, true);
        for (int alert = 1; alert <= 4; alert++) {
            assertThat(habits.isHabit(nuisance)).as("before alert %d", alert).isFalse();
            habits.count(nuisance);
        }
        assertThat(habits.isHabit(nuisance)).isTrue();
        assertThat(habits.lowersBy(nuisance)).isZero();
        for (int alert = 5; alert <= 8; alert++) {
            habits.count(nuisance);
        }
        assertThat(habits.lowersBy(nuisance)).isCloseTo(2, within(1e-6));
    }

    @Test
    void anotherFeatureSignalOrDirectionIsNoHabit() {
        for (int alert = 0; alert < 20; alert++) {
            habits.count(Severities.source(2, 5, true));
        }
        assertThat(habits.isHabit(Severities.source(2, 5, false))).isFalse();
        assertThat(habits.isHabit(Severities.source(2, 6, true))).isFalse();
        assertThat(habits.isHabit(Severities.source(3, 5, true))).isFalse();
    }

    @Test
    void aHabitFadesAndItsPlaceIsGivenToAnother() {
        int nuisance = Severities.source(0, 0, true);
        for (int alert = 0; alert < 8; alert++) {
            habits.count(nuisance);
        }
        for (int step = 0; step < 3_000; step++) {
            habits.fade();
        }
        assertThat(habits.isHabit(nuisance)).isFalse();
        for (int other = 1; other <= 40; other++) {
            habits.count(Severities.source(other, 0, true));
        }
        assertThat(habits.lowersBy(Severities.source(40, 0, true))).isZero();
    }
}
