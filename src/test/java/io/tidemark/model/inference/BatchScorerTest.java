package io.tidemark.model.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Inference.Status;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchScorerTest {
    private static final int FEATURES = 2;

    private final FakeEngine engine = new FakeEngine();
    private final List<Network> networks = TestNetworks.both(FEATURES);
    private final BatchScorer scorer = new BatchScorer(engine, networks, FEATURES, 16);

    @Test
    void autoencoderErrsByTheLastRowOnly() {
        scorer.swap("ae", 3, FakeEngine.state(networks.get(0), 0.5f));
        Inference.Member ae =
                score(sample(5, 1, 1, 1, 1, 1, 1, 1, 1, 4, -2)).get(0).member(0);
        assertThat(ae.status).isEqualTo(Status.SCORED);
        assertThat(ae.version).isEqualTo(3);
        assertThat(ae.engine).isEqualTo("fake/cpu");
        assertThat(ae.expected).startsWith(2, -1);
        assertThat(ae.error).startsWith(2, 1);
        assertThat(ae.bands).isFalse();
    }

    @Test
    void forecasterReadsTheRowsBeforeTheLastAndForecastsFromTheLast() {
        scorer.swap("fc", 1, FakeEngine.state(networks.get(1), 1));
        PendingSample due = sample(5, 0, 0, 0, 0, 0, 0, 1, 2, 4, -2);
        due.step.forecastDue = true;
        PendingSample plain = sample(5, 0, 0, 0, 0, 0, 0, 1, 2, 4, -2);
        List<Inference> inferences = score(plain, due);
        Inference.Member fc = inferences.get(1).member(1);
        assertThat(fc.expected).startsWith(1, 2);
        assertThat(fc.error).startsWith(3, 4);
        assertThat(fc.lower[0]).isCloseTo(0.6f, within(1e-6f));
        assertThat(fc.upper[0]).isCloseTo(1.4f, within(1e-6f));
        assertThat(fc.horizon).isEqualTo(TestNetworks.HORIZON);
        assertThat(fc.levels).containsExactly(0.1f, 0.5f, 0.9f);
        assertThat(fc.forecast[1]).as("median of the first step ahead").isCloseTo(4f, within(1e-6f));
        assertThat(inferences.get(0).member(1).horizon).isZero();
    }

    @Test
    void memberWithoutANumberSaysWhy() {
        scorer.swap("ae", 1, FakeEngine.state(networks.get(0), 1));
        PendingSample gap = sample(5, 1, 2);
        gap.step.filledShare = Float.NaN;
        List<Inference> inferences = score(sample(5, 1, 1), sample(4, 1, 1), sample(3, 1, 1), gap);
        assertThat(statuses(inferences.get(0))).containsExactly(Status.SCORED, Status.NO_MODEL);
        assertThat(statuses(inferences.get(1))).containsExactly(Status.SCORED, Status.SHORT_WINDOW);
        assertThat(statuses(inferences.get(2))).containsExactly(Status.SHORT_WINDOW, Status.SHORT_WINDOW);
        assertThat(statuses(inferences.get(3))).containsExactly(Status.UNUSABLE_WINDOW, Status.UNUSABLE_WINDOW);
    }

    @Test
    void challengersScoreTheMarkedSamplesAndChangeNothingOfWhatChampionsSay() {
        scorer.swap("ae", 3, FakeEngine.state(networks.get(0), 0.5f));
        List<byte[]> alone = new ArrayList<>();
        for (Inference i : score(sample(5, 1), sample(5, 2), sample(5, 3))) alone.add(champions(i));
        scorer.challengers().add("ae", 4, FakeEngine.state(networks.get(0), 1f));
        List<Double> ratios = new ArrayList<>();
        scorer.challengers().listener((member, challenger, error, championError) -> {
            if (challenger) ratios.add(error - championError);
        });
        PendingSample marked = sample(5, 2, 2, 2, 2, 2, 2, 2, 2, 2, 4);
        PendingSample poison = sample(5, 1, 1, 1, 1, 1, 1, 1, 1, 1, FakeEngine.POISON);
        List<PendingSample> batch = List.of(sample(5, 1), marked, poison);
        batch.forEach(sample -> sample.challenged = sample != batch.get(0));
        scorer.score(batch);
        List<Inference> inferences = new ArrayList<>();
        for (PendingSample sample : batch) inferences.add(new Inference().decode(sample.inference));
        assertThat(champions(inferences.get(0))).isEqualTo(alone.get(0));
        assertThat(inferences).extracting(Inference::challengers).containsExactly(0, 1, 0);
        Inference.Member challenger = inferences.get(1).challenger(0);
        assertThat(challenger.version).isEqualTo(4);
        assertThat(challenger.error).startsWith(0, 0);
        assertThat(inferences.get(1).member(0).version).isEqualTo(3);
        assertThat(ratios).containsExactly(-1.5);
        scorer.challengers().retain((network, version) -> false);
        assertThat(scorer.challengers().size()).isZero();
    }

    @Test
    void aBrokenChallengerIsSuspendedAloneAndPoisonsNoSample() {
        scorer.swap("ae", 3, FakeEngine.state(networks.get(0), 0.5f));
        scorer.challengers().add("ae", 4, FakeEngine.state(networks.get(0), Float.NaN));
        PendingSample sample = sample(5, 1);
        sample.challenged = true;
        scorer.score(List.of(sample));
        Inference inference = new Inference().decode(sample.inference);
        assertThat(inference.failure).isEmpty();
        assertThat(inference.member(0).status).isEqualTo(Status.SCORED);
        assertThat(inference.challenger(0).status).isEqualTo(Status.FAILED);
    }

    @Test
    void shadowComparesErrorsOfTheSameSamples() {
        Shadow shadow = new Shadow();
        for (int i = 1; i <= 1000; i++) shadow.add(0.5 * i, i);
        assertThat(shadow.samples()).isEqualTo(1000);
        assertThat(shadow.ratio()).isEqualTo(0.5);
        assertThat(shadow.agreement()).isCloseTo(1, within(1e-9));
        for (int i = 1; i <= 512; i++) shadow.add(2.0 * (513 - i), i);
        assertThat(shadow.ratio()).isCloseTo(2, within(0.02));
        assertThat(shadow.agreement()).isCloseTo(-1, within(1e-9));
    }

    private static byte[] champions(Inference inference) {
        return (inference.members() + " " + java.util.Arrays.toString(inference.member(0).error)
                        + inference.member(0).version + inference.member(0).status)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void blocksOfAnySizeGiveTheSameInferencesInOrder() {
        Random random = new Random(5);
        List<PendingSample> samples = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            float[] values = new float[12];
            for (int v = 0; v < values.length; v++) values[v] = random.nextFloat() * 4 - 2;
            PendingSample sample = sample(3 + i % 4, values);
            sample.step.forecastDue = i % 3 == 0;
            samples.add(sample);
        }
        List<byte[]> whole = new ArrayList<>();
        try (BatchScorer large = new BatchScorer(engine, networks, FEATURES, 64)) {
            for (Network n : networks) large.swap(n.spec().name(), 1, FakeEngine.state(n, 0.75f));
            large.score(samples);
            for (PendingSample sample : samples) whole.add(sample.inference);
        }
        try (BatchScorer small = new BatchScorer(engine, networks, FEATURES, 7)) {
            for (Network n : networks) small.swap(n.spec().name(), 1, FakeEngine.state(n, 0.75f));
            small.score(samples);
        }
        for (int i = 0; i < samples.size(); i++) {
            assertThat(samples.get(i).inference).as("sample %d", i).isEqualTo(whole.get(i));
        }
    }

    @Test
    void poisonSampleIsFoundAndTheOthersAreScored() {
        for (Network n : networks) scorer.swap(n.spec().name(), 1, FakeEngine.state(n, 1));
        PendingSample[] samples = new PendingSample[11];
        for (int i = 0; i < samples.length; i++) samples[i] = sample(5, i, 1);
        samples[6] = sample(5, 1, 1, 1, 1, FakeEngine.POISON, 1, 1, 1, 1, 1);
        List<Inference> inferences = score(samples);
        for (int i = 0; i < samples.length; i++) {
            if (i == 6) {
                assertThat(inferences.get(i).failure).contains("network ae").contains("poisonous");
                assertThat(inferences.get(i).members()).isZero();
            } else {
                assertThat(statuses(inferences.get(i))).as("sample %d", i).containsOnly(Status.SCORED);
            }
        }
        assertThat(scorer.ready()).isEqualTo(2);
    }

    @Test
    void modelOfNaNsIsSuspendedUntilTheNextVersion() {
        scorer.swap("ae", 4, FakeEngine.state(networks.get(0), Float.NaN));
        scorer.swap("fc", 1, FakeEngine.state(networks.get(1), 1));
        assertThat(statuses(score(sample(5, 1, 1)).get(0))).containsExactly(Status.FAILED, Status.SCORED);
        assertThat(scorer.suspended("ae")).contains("ae@4").contains("not finite");
        int before = engine.forwards;
        score(sample(5, 1, 1));
        assertThat(engine.forwards - before).as("a suspended model is not run").isEqualTo(1);
        scorer.swap("ae", 5, FakeEngine.state(networks.get(0), 1));
        assertThat(statuses(score(sample(5, 1, 1)).get(0))).containsExactly(Status.SCORED, Status.SCORED);
    }

    @Test
    void engineThatFailsOnAnUntrainedNetworkStopsTheCaller() {
        scorer.swap("ae", 1, FakeEngine.state(networks.get(0), 1));
        engine.broken = true;
        assertThatThrownBy(() -> score(sample(5, 1, 1)))
                .isInstanceOf(BrokenEngineException.class)
                .hasMessageContaining("fake/cpu");
    }

    @Test
    void sampleOfOtherFeaturesFailsAlone() {
        scorer.swap("ae", 1, FakeEngine.state(networks.get(0), 1));
        Step step = new Step();
        step.stream = "s";
        step.series = "odd";
        step.features(3);
        Arrays.fill(step.scale(), 1);
        PendingSample odd = new PendingSample().read(Sample.encode(Wire.writer(64), step, new float[15], 5));
        List<Inference> inferences = score(odd, sample(5, 1, 1));
        assertThat(inferences.get(0).failure).contains("3 features").contains("declares 2");
        assertThat(inferences.get(1).failure).isEmpty();
    }

    @Test
    void weightsOfAnotherNetworkAreRefused() {
        assertThatThrownBy(() -> scorer.swap("ae", 1, FakeEngine.state(networks.get(1), 1)))
                .hasMessageContaining("ae@1");
    }

    private List<Inference> score(PendingSample... samples) {
        scorer.score(List.of(samples));
        List<Inference> inferences = new ArrayList<>();
        for (PendingSample sample : samples) inferences.add(new Inference().decode(sample.inference));
        return inferences;
    }

    private static List<Status> statuses(Inference inference) {
        List<Status> statuses = new ArrayList<>();
        for (int m = 0; m < inference.members(); m++) statuses.add(inference.member(m).status);
        return statuses;
    }

    /** A sample of so many rows; values beyond those given are 0. */
    private static PendingSample sample(int rows, float... values) {
        Step step = new Step();
        step.stream = "test";
        step.series = "s";
        step.features(FEATURES);
        java.util.Arrays.fill(step.scale(), 1);
        float[] window = java.util.Arrays.copyOf(values, rows * FEATURES);
        return new PendingSample().read(Sample.encode(Wire.writer(64), step, window, rows));
    }
}
