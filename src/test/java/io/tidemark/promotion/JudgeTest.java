package io.tidemark.promotion;

import static io.tidemark.promotion.SeasonalRows.series;
import static io.tidemark.promotion.SeasonalRows.trained;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamSpec;
import io.tidemark.engine.DeviceSpec;
import io.tidemark.engine.Engine;
import io.tidemark.engine.Engines;
import io.tidemark.engine.NetworkState;
import io.tidemark.engine.TestNetworks;
import io.tidemark.network.Network;
import io.tidemark.sample.Step;
import io.tidemark.sample.TrainingRows;
import java.util.ArrayList;
import java.util.List;
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
