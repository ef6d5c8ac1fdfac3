package io.tidemark.model.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.calibration.Observation;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProbesTest {
    private static final int FEATURES = 6;
    private static final int ROWS = 24;

    private final Probes probes = new Probes();

    @Test
    void everySeriesHasAProbeEachThirtyTwoStepsAndSeriesTakeTurns() {
        List<Integer> turns = new ArrayList<>();
        for (String series : List.of("a", "b", "c")) {
            List<Integer> due = new ArrayList<>();
            for (int step = 0; step < 320; step++) if (Probes.isDue(sample(series, step))) due.add(step);
            assertThat(due).hasSize(10);
            for (int i = 1; i < due.size(); i++)
                assertThat(due.get(i) - due.get(i - 1)).isEqualTo(Observation.PROBE_EVERY);
            turns.add(due.get(0));
        }
        assertThat(turns).doesNotHaveDuplicates();
    }

    @Test
    void aProbeChangesTheNewestRowsOfAtMostHalfTheFeaturesOrTheOneDrawn() {
        for (int step = 0; step < 400; step++) {
            float[] before = window(sample("a", step));
            float[] after = window(probes.of(sample("a", step), 0));
            int features = 0;
            for (int f = 0; f < FEATURES; f++) {
                boolean changed = false;
                for (int r = 0; r < ROWS; r++) {
                    float change = Math.abs(after[r * FEATURES + f] - before[r * FEATURES + f]);
                    if (change == 0) continue;
                    changed = true;
                    assertThat(r).isGreaterThanOrEqualTo(ROWS - 16);
                    assertThat(change).isLessThan(40);
                }
                if (changed) features++;
            }
            assertThat(features).as("step %d", step).isBetween(1, FEATURES);
        }
    }

    @Test
    void theSameSampleHasTheSameProbeWhereverItStandsInABatch() {
        float[] first = window(probes.of(sample("a", 77), 0));
        Probes others = new Probes();
        others.of(sample("b", 3), 0);
        assertThat(window(others.of(sample("a", 77), 1))).isEqualTo(first);
        assertThat(window(others.of(sample("a", 78), 2))).isNotEqualTo(first);
    }

    @Test
    void filledAndFailedSamplesHaveNone() {
        int due = 0;
        while (!Probes.isDue(sample("a", due))) due++;
        PendingSample filled = sample("a", due);
        filled.step.filledShare = 0.1f;
        PendingSample failed = sample("a", due);
        failed.failure = "poison";
        assertThat(Probes.isDue(filled)).isFalse();
        assertThat(Probes.isDue(failed)).isFalse();
    }

    @Test
    void severalNetworksAreAskedAboutProbesAndSayTheSameAboutTheSamplesThemselves() {
        List<Network> networks = TestNetworks.both(FEATURES);
        FakeEngine engine = new FakeEngine();
        try (BatchScorer both = scorer(engine, networks);
                BatchScorer alone = scorer(engine, networks.subList(0, 1))) {
            int probed = 0;
            for (int step = 0; step < 64; step++) {
                Inference of = score(both, sample("a", step));
                Inference ofOne = score(alone, sample("a", step));
                assertThat(of.member(0).error).isEqualTo(ofOne.member(0).error);
                assertThat(ofOne.member(0).probe).as("alone").isNaN();
                boolean due = Probes.isDue(sample("a", step));
                assertThat(Float.isNaN(of.member(0).probe)).isEqualTo(!due);
                assertThat(Float.isNaN(of.member(1).probe)).isEqualTo(!due);
                if (!due) continue;
                probed++;
                assertThat(of.member(1).probe)
                        .as("a forecaster sees the changed row come")
                        .isGreaterThan(0);
            }
            assertThat(probed).isEqualTo(2);
            assertThat(both.count("ae", Inference.Status.SCORED))
                    .as("probes are in no count")
                    .isEqualTo(64);
        }
    }

    @Test
    void anInferenceWithoutProbesIsWrittenAsBeforeThereWereAny() {
        List<Network> networks = TestNetworks.both(FEATURES);
        try (BatchScorer both = scorer(new FakeEngine(), networks)) {
            for (int step = 0; step < 64; step++) {
                PendingSample sample = sample("a", step);
                both.score(List.of(sample));
                int version = Probes.isDue(sample) ? Inference.VERSION_WITH_PROBES : Inference.VERSION;
                assertThat(sample.inference[0]).isEqualTo((byte) version);
            }
        }
    }

    private static BatchScorer scorer(FakeEngine engine, List<Network> networks) {
        BatchScorer scorer = new BatchScorer(engine, networks, FEATURES, 8);
        for (Network network : networks) scorer.swap(network.spec().name(), 1, FakeEngine.state(network, 0.5f));
        return scorer;
    }

    private static Inference score(BatchScorer scorer, PendingSample sample) {
        scorer.score(List.of(sample));
        return new Inference().decode(sample.inference);
    }

    private static float[] window(PendingSample sample) {
        float[] window = new float[ROWS * FEATURES];
        sample.sample.copyRows(ROWS, 0, window, 0);
        return window;
    }

    private static PendingSample sample(String series, int number) {
        Step step = new Step();
        step.stream = "test";
        step.series = series;
        step.step = number;
        step.features(FEATURES);
        java.util.Arrays.fill(step.scale(), 1);
        float[] window = new float[ROWS * FEATURES];
        Random random = new Random(number);
        for (int i = 0; i < window.length; i++) window[i] = (float) random.nextGaussian();
        return new PendingSample().read(Sample.encode(Wire.writer(64), step, window, ROWS));
    }
}
