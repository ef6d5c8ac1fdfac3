package io.tidemark.judge.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tidemark.config.StreamSpec;
import io.tidemark.series.sample.Inference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whatever a store holds for a series, each step has one outcome, and what is stored then can be gone on with. */
final class MutatedVerdictTest {
    private static final StreamSpec SPEC = Pumps.spec("[flow]", "");
    private static final int MUTANTS = 3000;
    private static final int STEPS = 40;
    private static final int STORED_AT = 900;
    private static final int CALIBRATION_SLOT = 2;

    private final Inference inference = new Inference();

    @Test
    void aStateOfAnotherLayoutIsLostWhereverItsHeaderLies() {
        Map<Integer, byte[]> stored = stored(SPEC, STORED_AT);
        int calibration = new VerdictPlan(SPEC).open("p1").slots() - ForecastBands.SLOTS;
        for (int moved = -12; moved <= 12; moved++) {
            Map<Integer, byte[]> slots = new HashMap<>();
            for (var slot : stored.entrySet()) {
                boolean moves = slot.getKey() >= CALIBRATION_SLOT && slot.getKey() < calibration;
                slots.put(moves ? Math.max(CALIBRATION_SLOT, slot.getKey() + moved) : slot.getKey(), slot.getValue());
            }
            SeriesVerdict verdict = new VerdictPlan(SPEC).open("p1");
            assertThat(verdict.restore(slots::get)).as("moved by %d", moved).isEqualTo(moved == 0);
            goesOn(verdict, slots, "moved by " + moved);
        }
    }

    @Test
    void aStateOfOtherFeaturesOrMemoryIsLost() {
        List<StreamSpec> others = List.of(
                Pumps.spec("[flow, heat]", ""),
                Pumps.spec("[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t]", ""),
                Pumps.spec("[flow]", "limits: {state: 8KiB}"),
                Pumps.spec("[flow]", "limits: {state: 64KiB}"));
        for (StreamSpec other : others) {
            Map<Integer, byte[]> slots = stored(other, 300);
            SeriesVerdict verdict = new VerdictPlan(SPEC).open("p1");
            String what = slots.size() + " slots of " + other.limits();
            assertThat(verdict.restore(slots::get)).as(what).isFalse();
            goesOn(verdict, slots, what);
        }
    }

    @Test
    void mutatedSlotsNeverStopASeries() {
        Map<Integer, byte[]> stored = stored(SPEC, STORED_AT);
        List<Integer> numbers = new ArrayList<>(stored.keySet());
        for (int seed = 0; seed < MUTANTS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Map<Integer, byte[]> slots = new HashMap<>(stored);
            for (int i = 0; i <= random.nextInt(4); i++) mutate(slots, numbers, random);
            SeriesVerdict verdict = new VerdictPlan(SPEC).open("p1");
            verdict.restore(slots::get);
            goesOn(verdict, slots, "seed " + seed);
        }
    }

    private static void mutate(Map<Integer, byte[]> slots, List<Integer> numbers, SplittableRandom random) {
        int number = numbers.get(random.nextInt(numbers.size()));
        byte[] slot = slots.getOrDefault(number, new byte[0]).clone();
        switch (random.nextInt(6)) {
            case 0 -> {
                if (slot.length > 0) slot[random.nextInt(slot.length)] ^= (byte) (1 << random.nextInt(8));
                slots.put(number, slot);
            }
            case 1 -> slots.put(number, Arrays.copyOf(slot, random.nextInt(slot.length + 1)));
            case 2 -> slots.put(number, Arrays.copyOf(slot, slot.length + 1 + random.nextInt(300)));
            case 3 -> slots.remove(number);
            case 4 -> slots.put(numbers.get(random.nextInt(numbers.size())), slot);
            default -> {
                random.nextBytes(slot);
                slots.put(number, slot);
            }
        }
    }

    private void goesOn(SeriesVerdict verdict, Map<Integer, byte[]> slots, String what) {
        Said said = new Said();
        assertThatCode(() -> judge(verdict, STORED_AT, STORED_AT + STEPS, said))
                .as(what)
                .doesNotThrowAnyException();
        assertThat(said.scores).as(what).hasSize(STEPS);
        assertThatCode(() -> verdict.drain(slots::put)).as(what).doesNotThrowAnyException();
        SeriesVerdict again = new VerdictPlan(SPEC).open("p1");
        assertThat(again.restore(slots::get))
                .as(what + ": what was stored since")
                .isTrue();
        Said then = new Said();
        Said asIfNeverStopped = new Said();
        judge(again, STORED_AT + STEPS, STORED_AT + 2 * STEPS, then);
        judge(verdict, STORED_AT + STEPS, STORED_AT + 2 * STEPS, asIfNeverStopped);
        assertThat(then.all).as(what).isEqualTo(asIfNeverStopped.all);
    }

    private Map<Integer, byte[]> stored(StreamSpec spec, int steps) {
        Map<Integer, byte[]> slots = new HashMap<>();
        SeriesVerdict verdict = new VerdictPlan(spec).open("p1");
        Said said = new Said();
        int features = new VerdictPlan(spec).features.size();
        for (int s = 0; s < steps; s++) {
            step(verdict, s, features, said);
            if (s % 7 == 0) verdict.drain(slots::put);
        }
        verdict.drain(slots::put);
        return slots;
    }

    private void judge(SeriesVerdict verdict, int from, int to, Said said) {
        for (int s = from; s < to; s++) step(verdict, s, 1, said);
    }

    private void step(SeriesVerdict verdict, int step, int features, Said said) {
        double[] values = Pumps.values(2, step, features, step >= 895 ? 50 : 0);
        Consumer<Inference> networks = step % 7 == 0 ? Pumps.forecaster(2, values) : Pumps.autoencoder(values);
        verdict.judge(inference.decode(Pumps.inference("p1", step, values, networks)), 0, said);
    }
}
