package io.tidemark.learn.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.config.StreamSpec;
import io.tidemark.model.inference.BatchScorer;
import io.tidemark.model.inference.PendingSample;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.engine.dl4j.Dl4jEngine;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.sample.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Learning and scoring on a real engine agree with themselves: run twice, resumed, and in blocks of another size. */
class LearnerAgreementTest {
    private static final Engine ENGINE = Dl4jEngine.open(new DeviceSpec.Cpu());

    private final StreamSpec stream = TestNetworks.stream(2);
    private final List<Network> networks = TestNetworks.both(2);

    @AfterAll
    static void closeEngine() {
        ENGINE.close();
    }

    @Test
    void resumedLearnerHasTheBitsOfOneThatNeverStopped() {
        StreamLearner whole = run(0, 400, null);
        StreamLearner first = run(0, 212, null);
        StreamLearner resumed = run(212, 400, first.checkpoint());
        assertThat(bits(resumed)).isEqualTo(bits(whole)).isNotEqualTo(bits(first));
        for (StreamLearner learner : List.of(whole, first, resumed)) learner.close();
    }

    @Test
    void blocksOfAnySizeAgreeWithinATolerance() {
        StreamLearner learner = run(0, 300, null);
        Checkpoint checkpoint = learner.checkpoint();
        List<PendingSample> samples = samples();
        List<Inference> large = score(samples, 256, checkpoint);
        List<Inference> small = score(samples, 7, checkpoint);
        boolean moved = false;
        for (int i = 0; i < samples.size(); i++) {
            for (int m = 0; m < 2; m++) {
                Inference.Member a = large.get(i).member(m);
                Inference.Member b = small.get(i).member(m);
                assertThat(a.status).isEqualTo(Inference.Status.SCORED);
                for (int f = 0; f < 2; f++) {
                    assertThat(a.error[f]).isCloseTo(b.error[f], within(1e-5f));
                    moved |= a.error[f] > 0.1f;
                }
                for (int h = 0; h < a.horizon * 6; h++) {
                    assertThat(a.forecast[h]).isCloseTo(b.forecast[h], within(1e-5f));
                }
            }
        }
        assertThat(moved).as("the errors are not all 0").isTrue();
        learner.close();
    }

    private List<Inference> score(List<PendingSample> samples, int capacity, Checkpoint checkpoint) {
        try (BatchScorer scorer = new BatchScorer(ENGINE, networks, 2, capacity)) {
            for (Network network : networks) {
                String name = network.spec().name();
                NetworkState state = checkpoint.states().get(name + "/current");
                scorer.swap(name, 1, java.util.Objects.requireNonNull(state));
            }
            scorer.score(samples);
        }
        List<Inference> inferences = new ArrayList<>();
        for (PendingSample sample : samples) inferences.add(new Inference().decode(sample.inference));
        return inferences;
    }

    private static List<PendingSample> samples() {
        Random random = new Random(11);
        List<PendingSample> samples = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Step step = new Step();
            step.stream = "s";
            step.series = "a";
            step.features(2);
            Arrays.fill(step.scale(), 1);
            step.forecastDue = i % 5 == 0;
            float[] window = new float[10];
            for (int v = 0; v < window.length; v++) window[v] = random.nextFloat() * 2 - 1;
            samples.add(new PendingSample().read(Sample.encode(Wire.writer(64), step, window, 5)));
        }
        return samples;
    }

    private StreamLearner run(int from, int to, @Nullable Checkpoint checkpoint) {
        StreamLearner learner = new StreamLearner(stream, networks, ENGINE);
        if (checkpoint != null) assertThat(learner.restore(checkpoint)).isTrue();
        for (int i = from; i < to; i += 4) {
            learner.rows(chunk(i));
            learner.gate(new Gate("test", "a", stream.generation(), i, i + 3, i % 100 != 0, ""));
        }
        return learner;
    }

    private TrainingRows chunk(int from) {
        TrainingRows chunk = new TrainingRows();
        chunk.begin("test", "a", stream.generation(), 2);
        for (int i = from; i < from + 4; i++) {
            Step step = new Step();
            step.features(2);
            Arrays.fill(step.scale(), 1);
            step.step = i;
            step.timeMs = i * 1000L;
            step.values()[0] = Math.sin(i * 0.3);
            step.values()[1] = Math.cos(i * 0.2);
            chunk.add(step);
        }
        return chunk;
    }

    private static List<String> bits(StreamLearner learner) {
        List<String> bits = new ArrayList<>();
        learner.checkpoint()
                .states()
                .forEach((name, state) -> state.tensors()
                        .forEach((tensor, t) -> bits.add(name + " " + tensor + Arrays.toString(t.values()))));
        return bits;
    }
}
