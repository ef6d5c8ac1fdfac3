package io.tidemark.judge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class RhythmTest {
    private static final long SECOND = 1000;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long NEVER = Long.MAX_VALUE;

    /** @param next the time of the step after one */
    private static long limitAfter(long untilMs, double usualMs, LongUnaryOperator next) {
        Rhythm rhythm = new Rhythm();
        long before = 0;
        for (long at = next.applyAsLong(0); at <= untilMs; at = next.applyAsLong(at)) {
            rhythm.step(before, at, false);
            before = at;
        }
        return rhythm.limitMs(usualMs, before);
    }

    @Test
    void aRegularSeriesMayBeSilentForFiveTimesItsLongestDistanceAndAMinute() {
        assertThat(limitAfter(2 * DAY, 60 * SECOND, at -> at + 60 * SECOND)).isEqualTo(300 * SECOND);
        assertThat(limitAfter(2 * DAY, SECOND, at -> at + SECOND)).isEqualTo(60 * SECOND);
        LongUnaryOperator jitter = at -> at + 60 * SECOND + (at / SECOND * 31 % 40) * SECOND;
        assertThat(limitAfter(2 * DAY, 70 * SECOND, jitter)).isBetween(400 * SECOND, 500 * SECOND);
    }

    @Test
    void aSeriesThatWasWatchedForLessThanADayHasNoRhythm() {
        assertThat(limitAfter(DAY - 1, SECOND, at -> at + SECOND)).isEqualTo(NEVER);
        assertThat(limitAfter(99 * DAY, DAY, at -> at + DAY)).isEqualTo(NEVER);
        assertThat(limitAfter(101 * DAY, DAY, at -> at + DAY)).isEqualTo(5 * DAY);
        assertThat(new Rhythm().limitMs(1, 0)).isEqualTo(NEVER);
    }

    @Test
    void aSeriesThatKeepsWorkingHoursIsNeverStale() {
        LongUnaryOperator byDay = at -> at % DAY > 10 * 3_600 * SECOND ? at - at % DAY + DAY : at + 10 * SECOND;
        for (int days = 2; days < 40; days += 6) {
            assertThat(limitAfter(days * DAY, 10 * SECOND, byDay)).isEqualTo(NEVER);
        }
    }

    @Test
    void aSilenceThatWasToldIsNoRhythmAndTheSecondOneIs() {
        Rhythm rhythm = new Rhythm();
        long minute = 60 * SECOND;
        long at = 0;
        for (int i = 0; i < 2000; i++, at += minute) rhythm.step(at, at + minute, false);
        rhythm.step(at, at + 10 * minute, true);
        at += 10 * minute;
        assertThat(rhythm.limitMs(minute, at)).isEqualTo(5 * minute);
        rhythm.step(at, at + 10 * minute, true);
        assertThat(rhythm.limitMs(minute, at + 10 * minute)).isEqualTo(50 * minute);
    }
}
