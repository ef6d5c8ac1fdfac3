package io.tidemark.judge.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.config.StreamSpec;
import io.tidemark.judge.alert.AlertSpec;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Inference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class SeriesVerdictTest {
    private static final StreamSpec ONE = Pumps.spec("[flow]", "");
    private static final int SCORED_FROM = 100;

    private final Inference inference = new Inference();

    private final Said said = new Said();

    private static SeriesVerdict open(StreamSpec spec) {
        return new VerdictPlan(spec).open("p1");
    }

    private void step(SeriesVerdict verdict, long step, double[] values, Consumer<Inference> networks) {
        verdict.judge(inference.decode(Pumps.inference("p1", step, values, networks)), 0, said);
    }

    /** Steps of one healthy feature, judged by an autoencoder. */
    private void healthy(SeriesVerdict verdict, long from, long to) {
        for (long s = from; s < to; s++) faulty(verdict, s, 0);
    }

    private void faulty(SeriesVerdict verdict, long step, double fault) {
        double[] values = Pumps.values(1, step, 1, fault);
        step(verdict, step, values, Pumps.autoencoder(values));
    }

    @Test
    void everyInferenceHasOneScoreThatNamesItsEvents() {
        healthy(open(ONE), 0, 200);
        assertThat(said.scores).hasSize(200);
        for (int i = 0; i < 200; i++) {
            assertThat(said.scores.get(i).at("/events/0").toString())
                    .isEqualTo("{\"topic\":\"pump-events\",\"partition\":1,\"offset\":" + i + ",\"count\":1}");
        }
    }

    @Test
    void aYoungSeriesWarmsUpAndSaysHowFarItIs() {
        healthy(open(ONE), 0, 40);
        assertThat(said.scores.get(4).get("status").textValue()).isEqualTo("warming-up");
        assertThat(said.scores.get(4).get("samples_seen").intValue()).isEqualTo(5);
        int needed = said.scores.get(4).get("samples_needed").intValue();
        assertThat(said.scores.get(needed - 1).get("status").textValue()).isEqualTo("warming-up");
        assertThat(said.scores.get(needed).get("status").textValue()).isEqualTo("scored");
    }

    @Test
    void aFaultOpensOneAlertThatResolvesWhenItIsOver() {
        SeriesVerdict verdict = open(ONE);
        healthy(verdict, 0, 300);
        for (long s = 300; s < 305; s++) faulty(verdict, s, 60);
        assertThat(verdict.isAlertOpen()).isTrue();
        healthy(verdict, 305, 450);
        assertThat(verdict.isAlertOpen()).isFalse();
        assertThat(said.alerts).extracting(a -> a.get("state").textValue()).containsExactly("open", "resolved");
        JsonNode open = said.alerts.get(0);
        JsonNode resolved = said.alerts.get(1);
        assertThat(resolved.get("id")).isEqualTo(open.get("id"));
        assertThat(open.get("since").textValue()).isEqualTo("2026-01-01T00:50:00.000Z");
        assertThat(open.at("/features/0/name").textValue()).isEqualTo("flow");
        assertThat(open.at("/features/0/value").doubleValue()).isCloseTo(160, within(10.0));
        assertThat(open.at("/features/0/expected").doubleValue()).isEqualTo(100);
        assertThat(resolved.get("peak_score").doubleValue())
                .isGreaterThanOrEqualTo(open.get("peak_score").doubleValue());
    }

    @Test
    void theStepThatOpensAnAlertHasAScoreThatSaysSo() {
        SeriesVerdict verdict = open(ONE);
        for (long s = 0; s < 1500; s++)
            step(verdict, s, new double[] {s < 1400 ? 7 : 9}, Pumps.silent("none", Inference.Status.NO_MODEL));
        JsonNode open = said.alerts.get(0);
        assertThat(open.get("state").textValue()).isEqualTo("open");
        JsonNode score = said.scores.get(1400);
        assertThat(score.get("time")).isEqualTo(open.get("time"));
        assertThat(score.get("score").doubleValue()).isBetween(0.8, 1.0);
        assertThat(score.get("alert_score").doubleValue()).isGreaterThanOrEqualTo(0.8);
        assertThat(score.get("tail_probability").doubleValue()).isLessThanOrEqualTo(1e-4);
        assertThat(open.get("peak_score").doubleValue()).isGreaterThanOrEqualTo(0.8);
    }

    @Test
    void aScoreSaysWhatEachNetworkErredByAndHowRareThatIs() {
        SeriesVerdict verdict = open(ONE);
        healthy(verdict, 0, 300);
        double[] values = {130};
        step(
                verdict,
                300,
                values,
                Pumps.silent("absent", Inference.Status.NO_MODEL)
                        .andThen(Pumps.autoencoder(values))
                        .andThen(Pumps.forecaster(2, values)));
        JsonNode models = said.last().get("models");
        assertThat(models.at("/0/network").textValue()).isEqualTo("dense-ae");
        assertThat(models.at("/0/error").doubleValue()).isEqualTo(15);
        assertThat(models.at("/0/tail_probability").doubleValue()).isBetween(1e-12, 1e-3);
        assertThat(models.at("/1/network").textValue()).isEqualTo("lstm");
        assertThat(models.at("/1/error").doubleValue()).isEqualTo(14.5);
        assertThat(models.at("/1/tail_probability").isMissingNode())
                .as("its first error has nothing to be compared with")
                .isTrue();
        assertThat(said.scores.get(299).at("/models/0/tail_probability").doubleValue())
                .isGreaterThan(1e-3);
    }

    @Test
    void aRestoredSeriesSaysTheSameBytesAsOneThatNeverStopped() {
        Random random = new Random(5);
        StreamSpec spec = Pumps.spec("[flow, pressure]", "");
        SeriesVerdict verdict = open(spec);
        Map<Integer, byte[]> store = new HashMap<>();
        Said restarted = new Said();
        SeriesVerdict twin = open(spec);
        for (long s = 0; s < 600; s++) {
            double[] values = Pumps.values(2, s, 2, s % 150 > 140 ? 50 : 0);
            Consumer<Inference> networks = s % 7 == 0 ? Pumps.forecaster(2, values) : Pumps.autoencoder(values);
            byte[] record = Pumps.inference("p1", s, values, networks);
            verdict.judge(inference.decode(record), 0, said);
            twin.judge(inference.decode(record), 0, restarted);
            if (random.nextInt(3) == 0) twin.drain(store::put);
            if (random.nextInt(10) == 0) {
                twin.drain(store::put);
                twin = open(spec);
                assertThat(twin.restore(store::get)).isTrue();
            }
        }
        assertThat(restarted.all).isEqualTo(said.all);
        assertThat(said.alerts).isNotEmpty();
        assertThat(said.forecasts).isNotEmpty();
    }

    @Test
    void aFailedInferenceIsRejectedAndTeachesTheCalibrationNothing() {
        SeriesVerdict verdict = open(ONE);
        healthy(verdict, 0, 150);
        double[] poison = {1e300};
        step(verdict, 150, poison, i -> i.failure = "poison: the batch fails with this sample");
        assertThat(said.last().get("status").textValue()).isEqualTo("rejected");
        assertThat(said.last().get("reason").textValue()).startsWith("poison");
        assertThat(said.last().get("values").get("flow").doubleValue()).isEqualTo(1e300);
        healthy(verdict, 151, 170);
        Said before = new Said();
        SeriesVerdict unharmed = open(ONE);
        for (long s = 0; s < 170; s++) {
            if (s == 150) continue;
            double[] values = Pumps.values(1, s, 1, 0);
            unharmed.judge(inference.decode(Pumps.inference("p1", s, values, Pumps.autoencoder(values))), 0, before);
        }
        assertThat(said.scores.subList(151, 170)).isEqualTo(before.scores.subList(150, 169));
    }

    @Test
    void expectedAndBandComeFromTheForecasterInOwnUnits() {
        SeriesVerdict verdict = open(ONE);
        for (long s = 0; s < SCORED_FROM; s++) {
            double[] values = Pumps.values(3, s, 1, 0);
            step(verdict, s, values, Pumps.autoencoder(values).andThen(Pumps.forecaster(0, values)));
        }
        assertThat(said.last().get("expected").get("flow").doubleValue()).isEqualTo(101);
        assertThat(said.last().get("lower").get("flow").doubleValue()).isEqualTo(97);
        assertThat(said.last().get("upper").get("flow").doubleValue()).isEqualTo(105);
        assertThat(said.last().get("models")).hasSize(2);
    }

    @Test
    void anAutoencodersBandHoldsMostHealthyValues() {
        SeriesVerdict verdict = open(ONE);
        healthy(verdict, 0, 1000);
        long outside = said.scores.subList(500, 1000).stream()
                .filter(s -> s.get("values").get("flow").doubleValue()
                                < s.get("lower").get("flow").doubleValue()
                        || s.get("values").get("flow").doubleValue()
                                > s.get("upper").get("flow").doubleValue())
                .count();
        assertThat(outside).isBetween(5L, 60L);
    }

    @Test
    void withoutANetworkTheRunningLocationIsExpected() {
        SeriesVerdict verdict = open(ONE);
        for (long s = 0; s < SCORED_FROM; s++) {
            step(verdict, s, Pumps.values(4, s, 1, 0), Pumps.silent("dense-ae", Inference.Status.NO_MODEL));
        }
        assertThat(said.last().get("status").textValue()).isEqualTo("scored");
        assertThat(said.last().get("expected").get("flow").doubleValue()).isEqualTo(100);
        assertThat(said.last().get("upper").get("flow").doubleValue()).isEqualTo(106);
        assertThat(said.last().get("models")).isEmpty();
        assertThat(said.last().at("/skipped/0/reason").textValue()).isEqualTo("no-model");
    }

    @Test
    void aForecastIsInOwnUnitsAndNamesItsModel() {
        double[] values = {100};
        step(open(ONE), 0, values, Pumps.forecaster(3, values));
        JsonNode forecast = said.forecasts.get(0);
        assertThat(forecast.get("horizon").intValue()).isEqualTo(3);
        assertThat(forecast.get("step_ms").intValue()).isEqualTo(10_000);
        assertThat(forecast.at("/quantiles/flow/0.1").toString()).isEqualTo("[98,98,98]");
        assertThat(forecast.at("/quantiles/flow/0.9").toString()).isEqualTo("[102,102,102]");
        assertThat(forecast.at("/model/network").textValue()).isEqualTo("lstm");
    }

    private List<Gate> gatesOfAFault(StreamSpec spec) {
        SeriesVerdict verdict = open(spec);
        said.gates.clear();
        healthy(verdict, 0, 300);
        for (long s = 300; s < 310; s++) faulty(verdict, s, 60);
        healthy(verdict, 310, 400);
        return List.copyOf(said.gates);
    }

    @Test
    void gatesCoverEveryStepOnceAndSayOfEachWhatASingleGateWouldSay() {
        List<Gate> single = gatesOfAFault(Pumps.spec("[flow]", "learning: {chunk: 1}"));
        assertThat(single).hasSize(400);
        assertThat(single.get(305).reason()).isEqualTo("alert-open");
        long next = 0;
        for (Gate gate : gatesOfAFault(ONE)) {
            assertThat(gate.fromStep()).isEqualTo(next);
            assertThat(gate.toStep() - gate.fromStep())
                    .isLessThan(ONE.learning().chunk());
            for (; next <= gate.toStep(); next++) {
                assertThat(gate.reason()).isEqualTo(single.get((int) next).reason());
                assertThat(gate.teach()).isEqualTo(gate.reason().isEmpty());
            }
        }
        assertThat(next).isGreaterThan(400 - ONE.learning().chunk());
    }

    @Test
    void aNewGenerationBeginsAnewAndResolvesTheOpenAlert() {
        SeriesVerdict verdict = open(ONE);
        healthy(verdict, 0, 300);
        faulty(verdict, 300, 60);
        assertThat(verdict.isAlertOpen()).isTrue();
        verdict.judge(inference.decode(Pumps.inference("pumps", 8, "p1", 3, new double[] {5}, i -> {})), 0, said);
        assertThat(verdict.isAlertOpen()).isFalse();
        assertThat(said.alerts.get(1).get("reason").textValue()).isEqualTo("new-generation");
        assertThat(said.last().get("status").textValue()).isEqualTo("warming-up");
        assertThat(said.last().get("samples_seen").intValue()).isEqualTo(1);
        assertThat(said.last().get("generation").intValue()).isEqualTo(8);
        assertThat(said.gates.get(said.gates.size() - 1).toStep()).isEqualTo(300);
    }

    @Test
    void aStepThatComesTwiceIsRejectedAndChangesNothing() {
        SeriesVerdict verdict = open(ONE);
        healthy(verdict, 0, 3);
        healthy(verdict, 2, 3);
        assertThat(said.last().get("status").textValue()).isEqualTo("rejected");
        assertThat(said.last().get("reason").textValue()).isEqualTo("step-repeated: step 2 came after step 2");
        healthy(verdict, 3, 4);
        assertThat(said.last().get("samples_seen").intValue()).isEqualTo(4);
    }

    @Test
    void aStepOfOtherFeaturesIsRejected() {
        step(open(ONE), 0, new double[] {1, 2}, i -> {});
        assertThat(said.last().get("reason").textValue()).isEqualTo("features: the step has 2, the stream declares 1");
    }

    @Test
    void aDeviationInTheOtherDirectionNeverAlerts() {
        SeriesVerdict verdict = open(Pumps.spec("[flow]", "verdict: {direction: below}"));
        healthy(verdict, 0, 300);
        for (long s = 300; s < 303; s++) faulty(verdict, s, 60);
        assertThat(said.alerts).isEmpty();
        assertThat(said.last().get("alert_score").doubleValue()).isZero();
        assertThat(said.last().get("score").doubleValue()).isGreaterThan(0.5);
        healthy(verdict, 303, 400);
        faulty(verdict, 400, -80);
        assertThat(said.alerts).hasSize(1);
    }

    @Test
    void aDeviationBelowTheDeclaredMinimumNeverAlerts() {
        SeriesVerdict verdict = open(Pumps.spec("[flow]", "verdict: {minimum-deviation: 35}"));
        healthy(verdict, 0, 300);
        faulty(verdict, 300, 60);
        assertThat(said.alerts).isEmpty();
        healthy(verdict, 301, 400);
        faulty(verdict, 400, 90);
        assertThat(said.alerts).hasSize(1);
    }

    @Test
    void aFeatureMayHaveMinimaInItsOwnUnitAndAsAShareOfWhatWasExpected() {
        for (String minimum : List.of("minimum-absolute: 75", "minimum-relative: 0.75")) {
            said.alerts.clear();
            SeriesVerdict verdict = open(Pumps.spec("[flow]", "verdict: {features: {flow: {" + minimum + "}}}"));
            healthy(verdict, 0, 300);
            faulty(verdict, 300, 60);
            assertThat(said.alerts).as(minimum).isEmpty();
            assertThat(said.last().get("alert_score").doubleValue()).isZero();
            healthy(verdict, 301, 400);
            faulty(verdict, 400, 90);
            assertThat(said.alerts).as(minimum).hasSize(1);
        }
    }

    @Test
    void whatAFeatureSaysTakesThePlaceOfWhatTheStreamSays() {
        SeriesVerdict verdict = open(Pumps.spec("[flow]", """
                verdict:
                  direction: below
                  minimum-deviation: 1000
                  features: {flow: {direction: above, minimum-absolute: 1}}
                """));
        healthy(verdict, 0, 300);
        faulty(verdict, 300, -60);
        assertThat(said.alerts).isEmpty();
        healthy(verdict, 301, 400);
        faulty(verdict, 400, 60);
        assertThat(said.alerts).hasSize(1);
    }

    @Test
    void theStrongestFeatureDecidesNotTheNoiseOfAnother() {
        faultOfFlow("heat");
        assertThat(said.alerts).hasSize(1);
        said.alerts.clear();
        faultOfFlow("flow");
        assertThat(said.alerts).isEmpty();
    }

    /** A fault of the first of two features, one of which may hardly deviate enough. */
    private void faultOfFlow(String ruled) {
        SeriesVerdict verdict =
                open(Pumps.spec("[flow, heat]", "verdict: {features: {" + ruled + ": {minimum-absolute: 1000}}}"));
        for (long s = 0; s < 305; s++) {
            double[] values = Pumps.values(1, s, 2, s < 300 ? 0 : 60);
            step(verdict, s, values, Pumps.autoencoder(values));
        }
    }

    @Test
    void aValueThatStandsStillDeviatesFromNothingAndAlerts() {
        SeriesVerdict verdict = open(Pumps.spec("[flow]", "verdict: {features: {flow: {minimum-absolute: 1000}}}"));
        for (long s = 0; s < 1700; s++) {
            double[] values = s < 1500 ? Pumps.values(1, s, 1, 0) : new double[] {100};
            step(verdict, s, values, Pumps.silent("none", Inference.Status.NO_MODEL));
        }
        assertThat(said.alerts).hasSize(1);
        assertThat(said.alerts.get(0).get("kind").textValue()).isEqualTo("stillness");
    }

    @Test
    void withoutADeclarationNoStepIsHeldAgainstAnything() {
        assertThat(new VerdictPlan(ONE).deviations).isNull();
        assertThat(new VerdictPlan(Pumps.spec("[flow]", "verdict: {features: {flow: {}}}")).deviations)
                .isNotNull();
    }

    @Test
    void oldEventsNeverOpenAnAlert() {
        SeriesVerdict verdict = open(Pumps.spec("[flow]", "verdict: {alert-max-age: 1h}"));
        healthy(verdict, 0, 300);
        double[] values = Pumps.values(1, 300, 1, 60);
        byte[] record = Pumps.inference("p1", 300, values, Pumps.autoencoder(values));
        verdict.judge(inference.decode(record), Pumps.START_MS + 300 * Pumps.STEP_MS + 3_600_001, said);
        assertThat(said.alerts).isEmpty();
        healthy(verdict, 301, 400);
        values = Pumps.values(1, 400, 1, 90);
        record = Pumps.inference("p1", 400, values, Pumps.autoencoder(values));
        verdict.judge(inference.decode(record), Pumps.START_MS + 400 * Pumps.STEP_MS + 3_600_000, said);
        assertThat(said.alerts).hasSize(1);
    }

    @Test
    void aStoredStateOfOtherSettingsBeginsAnew() {
        SeriesVerdict verdict = open(ONE);
        healthy(verdict, 0, 100);
        Map<Integer, byte[]> store = new HashMap<>();
        verdict.drain(store::put);
        SeriesVerdict other = open(Pumps.spec("[flow]", "limits: {state: 32KiB}"));
        assertThat(other.restore(store::get)).isFalse();
        healthy(other, 100, 101);
        assertThat(said.last().get("samples_seen").intValue()).isEqualTo(1);
    }

    @Test
    void anAlertWhoseCalibrationIsLostIsResolvedByWhateverComesNextAndNeverHeldOpen() {
        SeriesVerdict verdict = open(ONE);
        healthy(verdict, 0, 300);
        faulty(verdict, 300, 60);
        Map<Integer, byte[]> store = new HashMap<>();
        verdict.drain(store::put);
        SeriesVerdict other = open(Pumps.spec("[flow]", "limits: {state: 32KiB}"));
        assertThat(other.restore(store::get)).isFalse();
        assertThat(other.isAlertOpen()).isTrue();
        healthy(other, 301, 302);
        assertThat(other.isAlertOpen()).isFalse();
        assertThat(said.calibrationsLost).isEqualTo(1);
        assertThat(said.alerts).hasSize(2);
        assertThat(said.alerts.get(1).get("id")).isEqualTo(said.alerts.get(0).get("id"));
        assertThat(said.alerts.get(1).get("reason").textValue()).isEqualTo("calibration-lost");
        healthy(other, 302, 600);
        assertThat(said.last().get("status").textValue()).isEqualTo("scored");
        assertThat(said.alerts).hasSize(2);
        faulty(other, 600, 60);
        assertThat(said.alerts).hasSize(3);
    }

    @Test
    void aSeriesWhoseCalibrationIsLostStillKnowsItsNewestStep() {
        SeriesVerdict verdict = open(ONE);
        healthy(verdict, 0, 100);
        Map<Integer, byte[]> store = new HashMap<>();
        verdict.drain(store::put);
        SeriesVerdict other = open(Pumps.spec("[flow]", "limits: {state: 32KiB}"));
        other.restore(store::get);
        healthy(other, 99, 100);
        assertThat(said.last().get("reason").textValue()).isEqualTo("step-repeated: step 99 came after step 99");
    }

    @Test
    void theDeclaredRulesOfAnAlertReachWhatOpensIt() {
        String rules = "verdict: {open: 0.8, close: 0.2, for: 3, close-after: 7, adapt-after: 90}";
        assertThat(new VerdictPlan(Pumps.spec("[flow]", rules)).alert)
                .isEqualTo(new AlertSpec(AlertSpec.OpensOn.SCORE, 0.8, 3, 0.2, 7, 90));
        String budget = "verdict: {for: 3, close-after: 7, adapt-after: 90}";
        assertThat(new VerdictPlan(Pumps.spec("[flow]", budget)).alert)
                .isEqualTo(new AlertSpec(AlertSpec.OpensOn.BUDGET, 1, 3, AlertSpec.RESOLVE_SHARE, 7, 90));
    }
}
