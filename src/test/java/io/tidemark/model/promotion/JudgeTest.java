package io.tidemark.model.promotion;

import static io.tidemark.model.promotion.SeasonalRows.series;
import static io.tidemark.model.promotion.SeasonalRows.trained;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamSpec;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The shipped criteria on a small network. */
class JudgeTest {
    private static final int FEATURES = SeasonalRows.FEATURES;

    @SuppressWarnings("NullAway.Init")
    private static Engine engine;

    @SuppressWarnings("NullAway.Init")
    private static Judge judge;

    @SuppressWarnings("NullAway.Init")
    private static NetworkState champion;

    private static final Network NETWORK = SeasonalRows.NETWORK;

    /** Recorded later than anything that taught. */
    private static final List<ReplayedSeries> RECENT = List.of(series("a", 1, 1500), series("b", 2, 1500));

    @BeforeAll
    static void train() {
        engine = Engines.open("dl4j", new DeviceSpec.Cpu());
        StreamSpec stream = TestNetworks.stream(FEATURES);
        judge = new Judge(stream, NETWORK, engine, Criteria.SHIPPED, 7);
        champion = trained(
                engine, engine.initialState(NETWORK, 1), series("a", 3, 2000).values(), 60);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    @Test
    void randomWeightsAreNotPromoted() {
        Decision decision = judge.judge(RECENT, champion, engine.initialState(NETWORK, 5));
        assertThat(decision).isInstanceOf(Decision.Keep.class);
        assertThat(decision.why()).contains("ranks injected anomalies", "its usual error is");
    }

    @Test
    void aChallengerThatLearntAnomaliesIsNotPromoted() {
        ReplayedSeries rows = series("a", 3, 2000);
        NetworkState state = engine.initialState(NETWORK, 1);
        List<float[]> taught = new ArrayList<>();
        for (Injection kind : Injection.values()) {
            float[][] values = kind.into(rows, 0, 11).series().values();
            taught.addAll(List.of(values));
        }
        NetworkState poisoned = trained(engine, state, taught.toArray(new float[0][]), 600);
        Decision decision = judge.judge(RECENT, champion, poisoned);
        assertThat(decision).as(decision.toString()).isInstanceOf(Decision.Keep.class);
    }

    @Test
    void aChallengerThatLearntMoreOfTheNormalIsPromotedWithItsNumbers() {
        NetworkState better = trained(engine, champion, series("a", 3, 2000).values(), 1500);
        Decision decision = judge.judge(RECENT, champion, better);
        assertThat(decision).as(decision.toString()).isInstanceOf(Decision.Promote.class);
        assertThat(decision.figures())
                .containsKeys("champion-ranking", "challenger-ranking", "challenger-spike", "challenger-season-change");
        assertThat(decision.figures().get("challenger-ranking"))
                .isGreaterThan(decision.figures().get("champion-ranking"));
    }

    @Test
    void theSameRowsAndSeedGiveTheSameFigures() {
        Contender first = judge.contender(RECENT, champion);
        Contender second = judge.contender(RECENT, champion);
        assertThat(second.ranking()).isEqualTo(first.ranking());
        assertThat(second.alerts()).isEqualTo(first.alerts());
        assertThat(second.medianError()).isEqualTo(first.medianError());
    }

    @Test
    void labelledAnomaliesAreRankedAndNeitherTheirAlertsNorTheirTailsCount() {
        ReplayedSeries shifted = series("a", 1, 1500);
        for (int i = 900; i < 930; i++) shifted.values()[i][0] += 8;
        Label anomaly = new Label("test", "a", 900_000, 929_000, true);
        LabelledRows labels = new LabelledRows(List.of(anomaly));
        Judge knowing = judge.with(labels);
        Contender plain = judge.contender(List.of(shifted), champion);
        Contender judged = knowing.contender(List.of(shifted), champion);
        assertThat(plain.labelled()).isNaN();
        assertThat(plain.labelledRows()).isZero();
        assertThat(judged.labelledRows()).isEqualTo(30);
        assertThat(judged.labelled()).isGreaterThan(0.5);
        assertThat(plain.alerts()).isEqualTo(1);
        assertThat(judged.alerts()).isZero();
        assertThat(judged.steps()).isEqualTo(plain.steps() - 30);
        assertThat(judged.tails()).isLessThan(plain.tails());
    }

    @Test
    void ofTwoLabelsOfARowTheNewestHolds() {
        Label anomaly = new Label("test", "a", 0, 9_000, true);
        Label normal = new Label("test", "a", 5_000, 20_000, false);
        ReplayedSeries rows = series("a", 1, 30);
        assertThat(new LabelledRows(List.of(anomaly, normal)).anomalies(rows)).isEqualTo(5);
        assertThat(new LabelledRows(List.of(normal, anomaly)).anomalies(rows)).isEqualTo(10);
        assertThat(new LabelledRows(List.of(anomaly)).anomalies(series("b", 1, 30)))
                .isZero();
    }

    private static Contender contender(double labelled) {
        int rows = Double.isNaN(labelled) ? 0 : 40;
        return new Contender(1000, 0, 0.05, 1, Map.of("spike", 0.8), labelled, rows, 100);
    }

    @Test
    void aChallengerThatRanksLabelledRowsWorseIsNotPromoted() {
        Decision worse = Criteria.SHIPPED.decide(contender(0.9), contender(0.8));
        assertThat(worse).isInstanceOf(Decision.Keep.class);
        assertThat(worse.why()).isEqualTo("it ranks 40 labelled rows at 0.800, the champion at 0.900");
        assertThat(worse.figures())
                .containsEntry("challenger-labelled", 0.8)
                .containsEntry("champion-labelled-rows", 40.0);
        assertThat(Criteria.SHIPPED.decide(contender(0.9), contender(0.86))).isInstanceOf(Decision.Promote.class);
        Decision unlabelled = Criteria.SHIPPED.decide(contender(Double.NaN), contender(Double.NaN));
        assertThat(unlabelled).isInstanceOf(Decision.Promote.class);
        assertThat(unlabelled.figures()).doesNotContainKey("champion-labelled");
    }

    @Test
    void tooFewRowsDecideNothing() {
        Decision decision = judge.judge(List.of(series("a", 1, 60)), champion, champion);
        assertThat(decision.why()).contains("steps could be compared, 500 are needed");
    }

    @Test
    void injectionsChangeTheMarkedRowsOnly() {
        ReplayedSeries series = series("a", 1, 1000);
        for (Injection kind : Injection.values()) {
            Recording.Injected<ReplayedSeries> injected = kind.into(series, 400, 9);
            int anomalous = 0;
            for (int i = 0; i < series.rows(); i++) {
                boolean same = java.util.Arrays.equals(
                        series.values()[i], injected.series().values()[i]);
                if (!injected.anomalous()[i]) assertThat(same).isTrue();
                else anomalous++;
                if (i < 400) assertThat(injected.anomalous()[i]).isFalse();
            }
            assertThat(anomalous).as(kind.name()).isBetween(2, 400);
            assertThat(kind.into(series, 400, 9).anomalous()).isEqualTo(injected.anomalous());
        }
    }

    @Test
    void theLongestWholeStretchOfASeriesIsReplayed() {
        TrainingRows chunk = new TrainingRows();
        chunk.begin("test", "a", 4, 1);
        for (int step : new int[] {1, 2, 3, 7, 8, 9, 10, 10, 12}) {
            Step s = new Step();
            s.features(1);
            s.step = step;
            s.timeMs = step * 10L;
            s.values()[0] = step;
            s.scale()[0] = 1;
            chunk.add(s);
        }
        List<ReplayedSeries> found = ReplayedSeries.of(List.of(chunk), 4, 0);
        assertThat(found).hasSize(1);
        assertThat(found.get(0).timesMs()).containsExactly(70, 80, 90, 100);
        assertThat(ReplayedSeries.of(List.of(chunk), 5, 0)).isEmpty();
    }
}
