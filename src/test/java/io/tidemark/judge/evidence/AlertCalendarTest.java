package io.tidemark.judge.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.slots.SlotMemory;
import org.junit.jupiter.api.Test;

class AlertCalendarTest {
    private static final long MINUTE_MS = 60_000;
    private static final int DAY = 24 * 60;
    private static final int NINE = 9 * 60;
    private static final int FEATURE = 1;

    private final SlotMemory memory = new SlotMemory(4);
    private final AlertCalendar calendar = new AlertCalendar(memory);

    /** An episode of a day: elevated in each of five minutes from one minute of the day to another. */
    private void episode(int day, int from, int to, double level) {
        for (int minute = from; minute <= to; minute += 5) {
            calendar.note((day * DAY + minute) * MINUTE_MS, 5 * MINUTE_MS, FEATURE, level);
        }
    }

    private boolean expects(int day, int minute, double level) {
        return calendar.expects((day * DAY + minute) * MINUTE_MS, 5 * MINUTE_MS, FEATURE, level);
    }

    @Test
    void theHoursOfWorkAreExpectedFromTheThirdDayOnForAsLongAsTheyLast() {
        episode(100, NINE, NINE + 540, 7);
        assertThat(expects(101, NINE, 7)).as("the second day").isFalse();
        episode(101, NINE + 5, NINE + 530, 7);
        for (int minute = NINE; minute < NINE + 530; minute += 5) {
            assertThat(expects(102, minute, 7))
                    .as("minute %d of the third day", minute)
                    .isTrue();
            calendar.note((102 * DAY + minute) * MINUTE_MS, 5 * MINUTE_MS, FEATURE, 7);
        }
        assertThat(expects(102, NINE + 570, 7)).as("after the end").isFalse();
    }

    @Test
    void whatBeginsWhileTheOthersLastedIsNotExpected() {
        episode(100, NINE, NINE + 540, 7);
        episode(101, NINE, NINE + 540, 7);
        assertThat(expects(102, NINE + 120, 7)).isFalse();
    }

    @Test
    void whatIsMoreSevereThanItWasOrOfAnotherFeatureIsNotExpected() {
        episode(100, NINE, NINE + 60, 5);
        episode(101, NINE, NINE + 60, 7);
        assertThat(expects(102, NINE, 9)).isTrue();
        assertThat(expects(102, NINE, 9.5)).isFalse();
        assertThat(calendar.expects((102 * DAY + NINE) * MINUTE_MS, 5 * MINUTE_MS, 2, 7))
                .isFalse();
    }

    @Test
    void sixtyFourDaysOfLongEpisodesFitAndTheOldestGoesFirst() {
        for (int day = 0; day < 64; day++) {
            episode(day, NINE, NINE + 540, 7);
        }
        assertThat(expects(64, NINE, 7)).isTrue();
        assertThat(expects(2, NINE, 7)).as("days 0 and 1 are remembered").isTrue();
        episode(64, NINE, NINE + 540, 7);
        assertThat(expects(2, NINE, 7)).as("day 0 is forgotten").isFalse();
    }

    @Test
    void aShortEpisodeInThePlaceOfALongOneIsShort() {
        for (int day = 0; day < 64; day++) {
            episode(day, NINE, NINE + 540, 7);
        }
        for (int day = 100; day < 104; day++) {
            episode(day, NINE, NINE + 5, 7);
        }
        assertThat(expects(104, NINE, 7)).isTrue();
        episode(104, NINE, NINE + 60, 7);
        assertThat(expects(104, NINE + 65, 7)).isFalse();
    }

    @Test
    void episodesStoredWithoutADurationCount() {
        for (int i = 0; i < 2; i++) {
            memory.putInt(8 + 8 * i, (100 + i) * DAY + NINE);
            memory.putShort(8 + 8 * i + 4, FEATURE);
            memory.putShort(8 + 8 * i + 6, 712);
        }
        memory.putInt(0, 2);
        memory.putInt(4, 2);
        assertThat(expects(102, NINE, 9.1)).isTrue();
        assertThat(expects(102, NINE, 9.2)).isFalse();
        assertThat(expects(102, NINE + 20, 7)).isFalse();
    }
}
