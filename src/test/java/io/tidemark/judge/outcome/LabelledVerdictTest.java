package io.tidemark.judge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamSpec;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a verdict makes of labels. */
final class LabelledVerdictTest {
    private static final StreamSpec SPEC = Pumps.spec("[flow]", "learning: {chunk: 1, withhold: 0.01}");
    private static final double SHIFT = 60;

    private final Inference inference = new Inference();

    private final Said said = new Said();

    private static SeriesVerdict open() {
        return new VerdictPlan(SPEC).open("p1");
    }

    private static long time(long step) {
        return Pumps.START_MS + step * Pumps.STEP_MS;
    }

    private static Label label(long fromStep, long toStep, boolean anomaly) {
        return new Label("pumps", "p1", time(fromStep), time(toStep), anomaly);
    }

    private void steps(SeriesVerdict verdict, long from, long to, double fault, Outcomes outcomes) {
        for (long s = from; s < to; s++) {
            double[] values = Pumps.values(1, s, 1, fault);
            byte[] record = Pumps.inference("p1", s, values, Pumps.autoencoder(values));
            verdict.judge(inference.decode(record), 0, outcomes);
        }
    }

    /** A verdict in the twentieth step of a level shift, with its alert open. */
    private SeriesVerdict shifted() {
        SeriesVerdict verdict = open();
        steps(verdict, 0, 300, 0, said);
        steps(verdict, 300, 320, SHIFT, said);
        assertThat(said.alerts()).containsExactly("open ");
        assertThat(said.reasons(310, 320)).containsExactly("alert-open");
        return verdict;
    }

    @Test
    void anAlertCalledNormalResolvesAtOnceAndItsStepsTeachFromThenOn() {
        SeriesVerdict verdict = shifted();
        verdict.label(label(305, 305, false), said);
        assertThat(said.labels).containsExactly(label(305, 305, false));
        assertThat(said.alerts()).containsExactly("open ", "resolved labelled-normal");
        assertThat(said.alerts.get(1).get("id")).isEqualTo(said.alerts.get(0).get("id"));
        assertThat(said.alerts.get(1).get("until").textValue()).isEqualTo("2026-01-01T00:53:10.000Z");
        assertThat(verdict.isAlertOpen()).isFalse();
        steps(verdict, 320, 700, SHIFT, said);
        assertThat(said.reasons(320, 340)).containsExactly("");
        assertThat(said.alerts()).hasSize(2);
        assertThat(said.scores.get(699).get("score").doubleValue()).isLessThan(0.2);
    }

    @Test
    void afterTheExcusedIncidentAnotherOpensAnAlert() {
        SeriesVerdict verdict = shifted();
        verdict.label(label(300, 320, false), said);
        steps(verdict, 320, 3_000, SHIFT, said);
        steps(verdict, 3_000, 3_005, SHIFT + 200, said);
        assertThat(said.alerts()).containsExactly("open ", "resolved labelled-normal", "open ");
    }

    @Test
    void aLabelOfAnotherStretchLeavesTheAlertOpen() {
        SeriesVerdict verdict = shifted();
        verdict.label(label(100, 299, false), said);
        assertThat(said.alerts()).containsExactly("open ");
        assertThat(said.labels).hasSize(1);
        assertThat(verdict.isAlertOpen()).isTrue();
    }

    @Test
    void anAlertCalledAnAnomalyNeverTeaches() {
        SeriesVerdict verdict = shifted();
        verdict.label(label(300, 300, true), said);
        steps(verdict, 320, 320 + SPEC.verdict().adaptAfter() + 100, SHIFT, said);
        assertThat(said.reasons(320, 10_000)).containsExactly("alert-open");
        SeriesVerdict unlabelled = shifted(new Said());
        Said adapted = new Said();
        steps(unlabelled, 320, 320 + SPEC.verdict().adaptAfter() + 100, SHIFT, adapted);
        assertThat(adapted.reasons(320, 10_000)).contains("");
    }

    private SeriesVerdict shifted(Said into) {
        SeriesVerdict verdict = open();
        steps(verdict, 0, 300, 0, into);
        steps(verdict, 300, 320, SHIFT, into);
        return verdict;
    }

    @Test
    void stepsOfAnAnomalyToComeAreJudgedAndTeachNothing() {
        SeriesVerdict verdict = open();
        steps(verdict, 0, 300, 0, said);
        verdict.label(label(300, 319, true), said);
        steps(verdict, 300, 330, 1, said);
        assertThat(said.reasons(300, 320)).containsExactly("labelled-anomaly");
        assertThat(said.reasons(320, 330)).containsExactly("");
        assertThat(said.scores.get(310).get("status").textValue()).isEqualTo("scored");
    }

    @Test
    void anAnomalyThatWasForetoldOpensNoAlertAndTheNextOneDoes() {
        SeriesVerdict verdict = open();
        steps(verdict, 0, 300, 0, said);
        verdict.label(label(300, 310, true), said);
        steps(verdict, 300, 311, SHIFT, said);
        steps(verdict, 311, 400, 0, said);
        assertThat(said.alerts()).isEmpty();
        steps(verdict, 400, 405, 300, said);
        assertThat(said.alerts()).containsExactly("open ");
    }

    @Test
    void anAlertOnTheContinuousScoreOpensOnceAForetoldAnomalyOutlastsItsStretch() {
        SeriesVerdict verdict = new VerdictPlan(Pumps.spec("[flow]", "verdict: {for: 2}")).open("p1");
        steps(verdict, 0, 300, 0, said);
        verdict.label(label(300, 310, true), said);
        steps(verdict, 300, 311, SHIFT, said);
        assertThat(said.alerts()).isEmpty();
        steps(verdict, 311, 320, SHIFT, said);
        assertThat(said.alerts()).containsExactly("open ");
    }

    @Test
    void anAnomalyToComeIsNotLearntByTheCalibration() {
        SeriesVerdict labelled = open();
        SeriesVerdict plain = open();
        Said other = new Said();
        steps(labelled, 0, 300, 0, said);
        steps(plain, 0, 300, 0, other);
        labelled.label(label(300, 499, true), said);
        steps(labelled, 300, 500, 5, said);
        steps(plain, 300, 500, 5, other);
        assertThat(tail(said, 490, 500)).isLessThan(tail(other, 490, 500) / 2);
    }

    /** Mean tail probability. */
    private static double tail(Said said, int from, int to) {
        return said.scores.subList(from, to).stream()
                .mapToDouble(score -> score.get("tail_probability").doubleValue())
                .average()
                .orElse(Double.NaN);
    }

    @Test
    void stepsOfANormalStretchToComeTeachAndOpenNoAlert() {
        SeriesVerdict verdict = open();
        steps(verdict, 0, 300, 0, said);
        verdict.label(label(310, 330, false), said);
        steps(verdict, 300, 310, 0, said);
        steps(verdict, 310, 331, SHIFT, said);
        steps(verdict, 331, 3_000, 0, said);
        assertThat(said.alerts()).isEmpty();
        assertThat(said.reasons(310, 331)).containsExactly("");
        steps(verdict, 3_000, 3_005, 300, said);
        assertThat(said.alerts()).containsExactly("open ");
    }

    @Test
    void anOpenAlertResolvesWithTheFirstStepOfANormalStretch() {
        SeriesVerdict verdict = shifted();
        verdict.label(label(325, 400, false), said);
        steps(verdict, 320, 325, SHIFT, said);
        assertThat(verdict.isAlertOpen()).isTrue();
        steps(verdict, 325, 326, SHIFT, said);
        assertThat(said.alerts()).containsExactly("open ", "resolved labelled-normal");
        assertThat(said.alerts.get(1).get("until").textValue()).isEqualTo("2026-01-01T00:54:10.000Z");
    }

    @Test
    void theNewestOfTwoStretchesToComeHolds() {
        SeriesVerdict verdict = open();
        steps(verdict, 0, 300, 0, said);
        verdict.label(label(300, 309, true), said);
        verdict.label(label(305, 319, true), said);
        verdict.label(label(100, 120, false), said);
        steps(verdict, 300, 325, 0, said);
        assertThat(said.reasons(300, 305)).containsExactly("");
        assertThat(said.reasons(305, 320)).containsExactly("labelled-anomaly");
        assertThat(said.labels).hasSize(3);
    }

    @Test
    void aSeriesRestoredBetweenLabelsSaysTheSameBytesAsOneThatNeverStopped() {
        List<String> alerts = new ArrayList<>();
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            Said live = new Said();
            Said restarted = new Said();
            SeriesVerdict verdict = open();
            SeriesVerdict twin = open();
            Map<Integer, byte[]> store = new HashMap<>();
            for (long s = 0; s < 700; s++) {
                double fault = s % 150 > 120 ? SHIFT : 0;
                steps(verdict, s, s + 1, fault, live);
                steps(twin, s, s + 1, fault, restarted);
                if (random.nextInt(10) == 0) twin = restored(twin, store);
                if (random.nextInt(20) == 0) {
                    long from = s - 20 + random.nextInt(40);
                    Label label = label(from, from + random.nextInt(30), random.nextBoolean());
                    verdict.label(label, live);
                    twin.label(label, restarted);
                }
                if (random.nextInt(10) == 0) twin = restored(twin, store);
            }
            assertThat(restarted.all).isEqualTo(live.all);
            alerts.addAll(live.alerts());
            assertThat(live.reasons(0, 700)).contains("labelled-anomaly", "alert-open");
        }
        assertThat(alerts).contains("resolved labelled-normal");
    }

    private static SeriesVerdict restored(SeriesVerdict verdict, Map<Integer, byte[]> store) {
        verdict.drain(store::put);
        SeriesVerdict next = open();
        assertThat(next.restore(store::get)).isTrue();
        return next;
    }

    @Test
    void aStateFromBeforeLabelsGoesOn() {
        SeriesVerdict verdict = shifted();
        Map<Integer, byte[]> store = new HashMap<>();
        verdict.drain(store::put);
        Wire now = Wire.reader(Objects.requireNonNull(store.get(0)));
        now.u8();
        Wire before = Wire.writer(64).u8(1).i32(now.i32()).i64(now.i64());
        now.i64();
        store.put(0, before.i64(now.i64()).i64(now.i64()).u8(now.u8()).toBytes());
        SeriesVerdict next = open();
        assertThat(next.restore(store::get)).isTrue();
        assertThat(next.isAlertOpen()).isTrue();
        next.label(label(300, 301, false), said);
        assertThat(said.alerts()).containsExactly("open ", "resolved labelled-normal");
        assertThat(said.alerts.get(1).get("time").textValue()).startsWith("2026-01-01T00:5");
        steps(next, 320, 321, SHIFT, said);
        assertThat(said.scores.get(320).get("status").textValue()).isEqualTo("scored");
    }
}
