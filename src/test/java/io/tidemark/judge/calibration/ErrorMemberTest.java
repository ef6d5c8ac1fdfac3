package io.tidemark.judge.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.slots.SlotMemory;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network whose errors rise and fall with the hour: those of a new version surprise as often as those of the version before. */
class ErrorMemberTest {
    private static final int DAY = 144;
    private static final int DAYS = 20;
    private static final int RUNS = 20;

    @ParameterizedTest(name = "a version that errs {1} times as much, at step {0} of the day")
    @CsvSource({"20, 1", "56, 1", "92, 1", "92, 3", "92, 0.2"})
    void theHourOfASwapIsNotTakenForTheSizeOfTheErrors(int hour, double size) {
        int swap = DAYS * DAY + hour;
        double before = 0;
        double after = 0;
        for (int seed = 1; seed <= RUNS; seed++) {
            ErrorMember member = new ErrorMember(new SlotMemory(16), 10, 30_000, 0);
            SplittableRandom random = new SplittableRandom(seed);
            member.assign(1, 1);
            surprising(member, random, 0, swap - 4 * DAY, 1);
            before += surprising(member, random, swap - 4 * DAY, swap, 1);
            member.swap(2);
            surprising(member, random, swap, swap + DAY, size);
            after += surprising(member, random, swap + DAY, swap + 5 * DAY, size);
        }
        assertThat(before / RUNS).as("the share of one in ten before").isBetween(0.09, 0.11);
        assertThat(after / RUNS).as("and after the first day").isBetween(0.08, 0.125);
    }

    /** The share of the steps that surprise as one in ten should. */
    private static double surprising(ErrorMember member, SplittableRandom random, int from, int to, double size) {
        int surprising = 0;
        for (int step = from; step < to; step++) {
            double hour = 1 + 0.9 * Math.sin(2 * Math.PI * step / DAY);
            member.judge(size * hour * Math.abs(random.nextGaussian()));
            surprising += member.fastSurprise() >= 1 ? 1 : 0;
            member.learn();
        }
        return (double) surprising / (to - from);
    }
}
