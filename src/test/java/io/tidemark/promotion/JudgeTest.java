package io.tidemark.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamSpec;
import io.tidemark.engine.DeviceSpec;
import io.tidemark.engine.Engine;
import io.tidemark.engine.Engines;
import io.tidemark.engine.NetworkState;
import io.tidemark.engine.TestNetworks;
import io.tidemark.engine.TrainingReplica;
import io.tidemark.network.Activation;
import io.tidemark.network.Layer;
import io.tidemark.network.Network;
import io.tidemark.network.NetworkSpec;
import io.tidemark.network.TrainingSpec;
import io.tidemark.network.Units;
import io.tidemark.sample.Step;
import io.tidemark.sample.TrainingRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The shipped criteria on a small network, on series with two seasons and a feature that follows another. */
class JudgeTest {
    private static final int FEATURES = 3;
    private static final int WINDOW = 12;

    @SuppressWarnings("NullAway.Init")
    private static Engine engine;

    @SuppressWarnings("NullAway.Init")
    private static Judge judge;

    @SuppressWarnings("NullAway.Init")
    private static NetworkState champion;

    private static final Network NETWORK = new NetworkSpec(
                    "ae",
                    NetworkSpec.Kind.AUTOENCODER,
                    WINDOW,
                    0,
                    List.of(),
                    List.of(
                            new Layer.Flatten(),
                            new Layer.Dense(new Units.Count(6), Activation.TANH),
                            new Layer.Dense(new Units.Output(), Activation.IDENTITY),
                            new Layer.Reshape(List.of(WINDOW, FEATURES))),
                    new TrainingSpec(TrainingSpec.Loss.MSE, 0.01, 32))
            .bind(FEATURES);

    /** Recorded later than anything that taught. */
    private static final List<ReplayedSeries> RECENT = List.of(series("a", 1, 1500), series("b", 2, 1500));

    @BeforeAll
    static void train() {
        engine = Engines.open("dl4j", new DeviceSpec.Cpu());
        StreamSpec stream = TestNetworks.stream(FEATURES);
        judge = new Judge(stream, NETWORK, engine, Criteria.SHIPPED, 7);
        champion = trained(engine.initialState(NETWORK, 1), series("a", 3, 2000).values(), 60);
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
        NetworkState poisoned = trained(state, taught.toArray(new float[0][]), 600);
        Decision decision = judge.judge(RECENT, champion, poisoned);
        assertThat(decision).as(decision.toString()).isInstanceOf(Decision.Keep.class);
    }

    @Test
    void aChallengerThatLearntMoreOfTheNormalIsPromotedWithItsNumbers() {
        NetworkState better = trained(champion, series("a", 3, 2000).values(), 1500);
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
            Injection.Injected injected = kind.into(series, 400, 9);
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

    private static NetworkState trained(NetworkState from, float[][] values, int steps) {
        try (TrainingReplica replica = engine.training(NETWORK)) {
            replica.load(from);
            Random random = new Random(4);
            float[] input = replica.input(Network.WINDOW);
            float[] target = replica.target(Network.RECONSTRUCTION);
            for (int s = 0; s < steps; s++) {
                for (int k = 0; k < 32; k++) {
                    int at = random.nextInt(values.length - WINDOW);
                    for (int r = 0; r < WINDOW; r++) {
                        System.arraycopy(values[at + r], 0, input, (k * WINDOW + r) * FEATURES, FEATURES);
                    }
                }
                System.arraycopy(input, 0, target, 0, 32 * WINDOW * FEATURES);
                replica.train(32);
            }
            return replica.state();
        }
    }

    private static ReplayedSeries series(String name, long seed, int rows) {
        Random random = new Random(seed);
        float[][] values = new float[rows][FEATURES];
        float[][] locations = new float[rows][FEATURES];
        float[][] scales = new float[rows][FEATURES];
        long[] times = new long[rows];
        double phase = random.nextDouble() * 20;
        for (int i = 0; i < rows; i++) {
            double slow = Math.sin((i + phase) * 0.13);
            double fast = Math.sin((i + phase) * 0.41);
            values[i][0] = (float) (slow + 0.1 * random.nextGaussian());
            values[i][1] = (float) (0.7 * fast + 0.5 * slow + 0.1 * random.nextGaussian());
            values[i][2] = (float) (0.8 * values[i][0] - 0.4 * values[i][1] + 0.1 * random.nextGaussian());
            java.util.Arrays.fill(scales[i], 1f);
            times[i] = i * 1000L;
        }
        return new ReplayedSeries(name, times, values, locations, scales);
    }
}
