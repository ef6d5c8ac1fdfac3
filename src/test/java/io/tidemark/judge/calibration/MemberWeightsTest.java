package io.tidemark.judge.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.judge.slots.SlotMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MemberWeightsTest {
    private static final int MEMBERS = 4;
    private static final int NOISE = 3;

    private final ErrorMember[] members = new ErrorMember[MEMBERS];
    private final MemberWeights weights = new MemberWeights(members);
    private final Random random = new Random(1);

    MemberWeightsTest() {
        SlotMemory memory = new SlotMemory(16);
        for (int i = 0; i < MEMBERS; i++) {
            members[i] = new ErrorMember(memory, 10, 30_000, 0);
            members[i].assign(i + 1, 1);
        }
    }

    /** One step: every hundredth run of ten is an incident, which all members see but the one that says what it likes. */
    private void step(int step) {
        double deviation = 0.5 + Math.abs(random.nextGaussian()) + (step / 10 % 100 == 99 ? 5 : 0);
        for (int i = 0; i < MEMBERS; i++) {
            double told = deviation * (0.2 + 0.02 * i) * (1 + 0.1 * random.nextGaussian());
            members[i].judge(i == NOISE ? Math.exp(random.nextGaussian()) : told);
        }
        weights.settle();
        weights.learn(deviation);
        for (ErrorMember member : members) member.learn();
    }

    private void steps(int from, int to) {
        for (int step = from; step < to; step++) step(step);
    }

    private double total() {
        double total = 0;
        for (int i = 0; i < MEMBERS; i++) total += weights.of(i);
        return total;
    }

    @Test
    void allMembersCountTheSameAtFirst() {
        step(0);
        for (int i = 0; i < MEMBERS; i++) assertThat(weights.of(i)).isEqualTo(1.0 / MEMBERS);
    }

    @Test
    void whatIsLearntIsSmallWhileFewStepsWereSeen() {
        steps(0, 50);
        for (int i = 0; i < MEMBERS; i++) assertThat(weights.of(i) * MEMBERS).isBetween(0.9, 1.1);
    }

    @Test
    void aMemberThatIsNoiseLosesWeightAndSkilfulOnesGain() {
        steps(0, 6_000);
        assertThat(weights.of(NOISE) * MEMBERS).isLessThan(0.8);
        for (int i = 0; i < NOISE; i++) assertThat(weights.of(i) * MEMBERS).isGreaterThan(1.04);
    }

    @Test
    void allMembersTogetherWeighAsMuchAsOne() {
        for (int step = 0; step < 4_000; step++) {
            if (step == 3_000) members[1].swap(2);
            step(step);
            assertThat(total()).isCloseTo(1, within(1e-9));
        }
        for (ErrorMember member : members) member.swap(3);
        steps(4_000, 4_010);
        assertThat(total()).as("all on trial").isCloseTo(0.5, within(1e-9));
    }

    @Test
    void aWorthCountsWithItsExponentialAndStaysInItsBounds() {
        members[0].worth(0.5);
        members[1].worth(-0.5);
        steps(0, 1);
        assertThat(weights.of(0) / weights.of(1)).isCloseTo(Math.exp(8), within(10.0));
        for (int step = 0; step < 20_000; step++) {
            for (int i = 0; i < MEMBERS; i++) members[i].judge(i == 0 ? 1e-9 : 1e9 * random.nextDouble());
            weights.settle();
            weights.learn(1);
            for (ErrorMember member : members) member.learn();
            for (ErrorMember member : members) assertThat(member.worth()).isBetween(-1.0, 1.0);
        }
    }

    @Test
    void aMemberAloneHasItsPlainWeightWhateverWasLearnt() {
        members[2].worth(-0.7);
        for (int i = 0; i < MEMBERS; i++) members[i].judge(i == 2 ? 1 : Double.NaN);
        weights.settle();
        assertThat(weights.of(2)).isEqualTo(1);
        weights.learn(1);
        assertThat(members[2].worth()).isEqualTo(-0.7, within(1e-6));
    }

    @Test
    void aNewVersionKeepsPartOfTheWorthOfTheOneBefore() {
        steps(0, 3_000);
        double before = members[NOISE].worth();
        members[NOISE].swap(2);
        assertThat(members[NOISE].worth()).isEqualTo(MemberWeights.KEPT_AT_SWAP * before, within(1e-6));
        double kept = members[NOISE].worth();
        steps(3_000, 3_020);
        assertThat(members[NOISE].worth()).as("on trial").isEqualTo(kept);
    }

    @Test
    void aMemberThatNoticesSmallAnomaliesGainsOnOneThatOverlooksThem() {
        for (int step = 0; step < 6_000; step++) {
            double usual = 0.5 + Math.abs(random.nextGaussian());
            for (int i = 0; i < MEMBERS; i++) {
                double probe = step % 32 == 0 ? usual + (i == 0 ? 0 : 6) : Double.NaN;
                members[i].judge(usual * (1 + 0.1 * random.nextGaussian()), probe);
            }
            weights.settle();
            weights.learn(1);
            for (ErrorMember member : members) member.learn();
        }
        assertThat(weights.of(0) * MEMBERS).isLessThan(0.7);
        for (int i = 1; i < MEMBERS; i++) assertThat(weights.of(i) * MEMBERS).isGreaterThan(1.05);
    }

    @Test
    void aSeriesWithUpToSixteenNetworksRestoredFromItsDrainedSlotsGoesOnBitForBit() {
        for (int networks : new int[] {6, 7, 16}) restoredGoesOn(networks);
    }

    private static void restoredGoesOn(int networks) {
        CalibrationSpec spec = CalibrationSpec.DEFAULT.withNetworks(networks);
        for (int features : new int[] {1, 3, 38}) {
            CalibratedSeries live = new CalibratedSeries(spec, features);
            live.networks = networks;
            Map<Integer, byte[]> store = new HashMap<>();
            SplittableRandom steps = new SplittableRandom(features);
            for (int step = 0; step < 1_000; step++) {
                live.randomStep(step, steps);
                if (step % 3 > 0) continue;
                live.calibration.drain((slot, bytes) -> store.put(slot, bytes));
                if (step % 111 == 0) {
                    CalibratedSeries restored = new CalibratedSeries(spec, features);
                    restored.networks = networks;
                    restored.calibration.restore(store::get);
                    restored.goesOnLike(live, step, step);
                    live = new CalibratedSeries(spec, features);
                    live.networks = networks;
                    live.calibration.restore(store::get);
                }
            }
        }
    }

    @Test
    void aFifthNetworkHasASeat() {
        CalibratedSeries series = new CalibratedSeries(CalibrationSpec.DEFAULT.withNetworks(5), 38);
        series.networks = 5;
        double[] values = new double[38];
        for (int step = 0; step < 500; step++) series.judgeError(step, (float) (1 + random.nextDouble()), values);
        assertThat(series.calibration.usualError(4, 0.5)).isBetween(0.1, 5.0);
    }
}
