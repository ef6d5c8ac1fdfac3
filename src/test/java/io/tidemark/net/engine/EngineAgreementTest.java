package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Encoder;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Zoo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same weights and batches give the same outputs and the same training on every engine, but for rounding. */
class EngineAgreementTest {
    private static final int SAMPLES = 6;
    private static final int STEPS = 5;

    private static Engine dl4j;
    private static Engine djl;

    @BeforeAll
    static void open() {
        dl4j = Engines.open("dl4j", new DeviceSpec.Cpu());
        djl = Engines.open("djl", new DeviceSpec.Cpu());
    }

    @AfterAll
    static void close() {
        djl.close();
        dl4j.close();
    }

    /** Networks that both engines run: small ones of every layer, and the zoo. */
    private static List<Network> networks() {
        List<Network> networks = new ArrayList<>(SmallNetworks.all());
        networks.add(SmallNetworks.noisy());
        networks.add(SmallNetworks.normalised());
        networks.add(SmallNetworks.variational());
        for (Zoo.Entry entry : Zoo.load(Path.of("topology/zoo")).entries().values()) {
            networks.addAll(SmallNetworks.bound(entry.spec(), 2));
        }
        networks.removeIf(network -> !dl4j.unsupported(network).isEmpty()
                || !djl.unsupported(network).isEmpty());
        assertThat(networks).hasSizeGreaterThan(5);
        return networks;
    }

    @Test
    void autoTakesTheFasterEngine() {
        try (Engine engine = Engines.open(Engines.AUTO, new DeviceSpec.Cpu())) {
            assertThat(engine.info().name()).isEqualTo("djl");
        }
    }

    @Test
    void bothEnginesStartFromTheSameBits() {
        for (Network network : networks()) {
            NetworkState one = dl4j.initialState(network, 3);
            NetworkState other = djl.initialState(network, 3);
            assertThat(other.tensors().keySet()).isEqualTo(one.tensors().keySet());
            one.tensors()
                    .forEach((name, tensor) ->
                            assertThat(other.tensor(name).values()).isEqualTo(tensor.values()));
        }
    }

    @Test
    void theSameWeightsGiveTheSameOutputs() {
        for (Network network : networks()) {
            NetworkState state = djl.initialState(network, 3);
            float[] one = scores(dl4j, network, state);
            float[] other = scores(djl, network, state);
            assertThat(spread(one))
                    .as("%s is not trivial", network.spec().name())
                    .isGreaterThan(0.01f);
            for (int i = 0; i < one.length; i++) {
                assertThat(other[i])
                        .as("%s element %d", network.spec().name(), i)
                        .isCloseTo(one[i], within(1e-4f));
            }
        }
    }

    @Test
    void theSameWeightsGiveTheSameCodes() {
        int coded = 0;
        for (Network network : networks()) {
            Network giving = Encoder.givingCode(network).orElse(null);
            if (giving == null) continue;
            coded++;
            NetworkState state = djl.initialState(network, 3);
            float[] one = output(dl4j, giving, state, Network.CODE);
            float[] other = output(djl, giving, state, Network.CODE);
            assertThat(one).hasSize(SAMPLES * Encoder.codeSize(giving));
            assertThat(spread(one))
                    .as("%s is not trivial", network.spec().name())
                    .isGreaterThan(0.01f);
            for (int i = 0; i < one.length; i++) {
                assertThat(other[i])
                        .as("%s element %d", network.spec().name(), i)
                        .isCloseTo(one[i], within(1e-4f));
            }
        }
        assertThat(coded).isGreaterThan(20);
    }

    @Test
    void theFirstTrainingStepsAgree() {
        for (Network network : networks()) {
            NetworkState state = djl.initialState(network, 4);
            List<Float> one = losses(dl4j, network, state);
            List<Float> other = losses(djl, network, state);
            assertThat(one.get(STEPS - 1)).isNotEqualTo(one.get(0));
            for (int i = 0; i < STEPS; i++) {
                assertThat(other.get(i))
                        .as("%s step %d", network.spec().name(), i)
                        .isCloseTo(one.get(i), within(1e-3f));
            }
        }
    }

    @Test
    void aStateTrainedOnOneEngineGoesOnOnTheOther() {
        Network network = SmallNetworks.forecaster(2);
        NetworkState trained;
        float expected;
        try (TrainingReplica replica = dl4j.training(network)) {
            replica.load(dl4j.initialState(network, 5));
            fill(network, replica);
            for (int i = 0; i < STEPS; i++) replica.train(SAMPLES);
            trained = replica.state();
            replica.train(SAMPLES);
            expected = replica.train(SAMPLES);
        }
        try (TrainingReplica replica = djl.training(network)) {
            replica.load(trained);
            fill(network, replica);
            replica.train(SAMPLES);
            assertThat(replica.train(SAMPLES)).isCloseTo(expected, within(1e-4f));
            assertThat(Counter.read(replica.state(), Counter.STEP)).isEqualTo(STEPS + 2);
        }
    }

    @Test
    void runningStatisticsAgreeAndScore() {
        Network network = SmallNetworks.normalised();
        List<float[]> scored = new ArrayList<>();
        for (Engine engine : List.of(dl4j, djl)) {
            try (TrainingReplica replica = engine.training(network)) {
                replica.load(engine.initialState(network, 6));
                fill(network, replica);
                for (int i = 0; i < STEPS; i++) replica.train(SAMPLES);
                NetworkState state = replica.state();
                assertThat(state.tensor("running/0.batch-norm/mean").values()[0])
                        .isNotZero();
                assertThat(state.tensor("running/6.batch-norm/variance").values()[0])
                        .isNotEqualTo(1f);
                scored.add(scores(engine, network, state));
            }
        }
        for (int i = 0; i < scored.get(0).length; i++) {
            assertThat(scored.get(1)[i]).isCloseTo(scored.get(0)[i], within(1e-4f));
        }
    }

    @Test
    void aBatchNormOverVectorsRefusesASingleSample() {
        for (Engine engine : List.of(dl4j, djl)) {
            try (TrainingReplica replica = engine.training(SmallNetworks.normalised())) {
                replica.load(engine.initialState(SmallNetworks.normalised(), 6));
                assertThatThrownBy(() -> replica.train(1))
                        .isInstanceOf(EngineException.class)
                        .hasMessageContaining("at least 2 samples");
            }
        }
    }

    @Test
    void softplusOfALargeValueIsTheValue() {
        Network network = SmallNetworks.autoencoder(
                        "softplus", 2, TrainingSpec.Loss.MSE, new Layer.Activate(Activation.SOFTPLUS))
                .bind(1);
        for (Engine engine : List.of(dl4j, djl)) {
            try (ScoringReplica replica = engine.scoring(network, 1)) {
                replica.load(engine.initialState(network, 1));
                replica.input(Network.WINDOW)[0] = 500;
                replica.input(Network.WINDOW)[1] = -500;
                replica.forward(1);
                assertThat(replica.output(Network.RECONSTRUCTION)).startsWith(500f, 0f);
            }
        }
    }

    private static float[] scores(Engine engine, Network network, NetworkState state) {
        return output(engine, network, state, network.outputs().get(0).name());
    }

    private static float[] output(Engine engine, Network network, NetworkState state, String name) {
        try (ScoringReplica replica = engine.scoring(network, SAMPLES)) {
            replica.load(state);
            fill(replica.input(Network.WINDOW), "input");
            replica.forward(SAMPLES);
            return replica.output(name).clone();
        }
    }

    private static List<Float> losses(Engine engine, Network network, NetworkState state) {
        List<Float> losses = new ArrayList<>();
        try (TrainingReplica replica = engine.training(network)) {
            replica.load(state);
            fill(network, replica);
            for (int i = 0; i < STEPS; i++)
                losses.add(replica.train(
                        Math.min(SAMPLES, network.training().optimisation().batch())));
        }
        return losses;
    }

    private static void fill(Network network, TrainingReplica replica) {
        fill(replica.input(Network.WINDOW), "input");
        fill(replica.target(network.targets().get(0).name()), "target");
        SmallNetworks.keepInRange(network, replica);
    }

    private static void fill(float[] values, String name) {
        CounterRandom random = CounterRandom.of(11, name, 0);
        for (int i = 0; i < values.length; i++) values[i] = random.normal(i);
    }

    private static float spread(float[] values) {
        float least = Float.MAX_VALUE;
        float most = -Float.MAX_VALUE;
        for (float value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        return most - least;
    }
}
