package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.network.Activation;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Encoder;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Transfer;
import io.tidemark.net.network.Zoo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every engine must do; a subclass opens one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EngineContract {
    private Engine engine;

    /** The engine under test, on the CPU. */
    protected abstract Engine open();

    @BeforeAll
    void openEngine() {
        engine = open();
    }

    @AfterAll
    void closeEngine() {
        engine.close();
    }

    private List<Network> networks() {
        List<Network> networks = new ArrayList<>(SmallNetworks.all());
        networks.add(SmallNetworks.normalised());
        networks.add(SmallNetworks.variational());
        for (Zoo.Entry entry : Zoo.load(Path.of("topology/zoo")).entries().values()) {
            networks.addAll(SmallNetworks.bound(entry.spec(), 1, 3));
        }
        networks.removeIf(network -> !engine.unsupported(network).isEmpty());
        assertThat(networks).hasSizeGreaterThan(SmallNetworks.all().size());
        return networks;
    }

    /** Fills with reproducible values in about [-2, 2]. */
    private static void fill(float[] values, String name) {
        CounterRandom random = CounterRandom.of(7, name, 0);
        for (int i = 0; i < values.length; i++) values[i] = random.normal(i);
    }

    /** A state whose biases are not zero, so that a lost bias shows. */
    private NetworkState stateOf(Network network, long seed) {
        NetworkState state = engine.initialState(network, seed);
        for (BoundLayer.Parameter parameter : network.parameters()) {
            float[] values = state.tensor(parameter.name()).values();
            CounterRandom random = CounterRandom.of(seed, "shake " + parameter.name(), 0);
            float scale = (float) (0.3 / Math.sqrt(parameter.fanIn()));
            for (int i = 0; i < values.length; i++) values[i] += scale * random.normal(i);
        }
        return state;
    }

    private float[] scores(Network network, NetworkState state, int capacity, int samples) {
        try (ScoringReplica replica = engine.scoring(network, capacity)) {
            replica.load(state);
            fill(replica.input(Network.WINDOW), "input");
            replica.forward(samples);
            String name = network.outputs().get(0).name();
            int size = network.outputs().get(0).size();
            return java.util.Arrays.copyOf(replica.output(name), samples * size);
        }
    }

    @Test
    void everyNetworkGivesWhatItsTextbookFormulaGives() {
        for (Network network : networks()) {
            NetworkState state = stateOf(network, 1);
            int samples = 5;
            float[] actual = scores(network, state, samples, samples);
            int in = network.inputs().get(0).size();
            int out = network.outputs().get(0).size();
            float[] input = new float[samples * in];
            fill(input, "input");
            ReferenceForward reference = new ReferenceForward(network, state);
            for (int s = 0; s < samples; s++) {
                double[] sample = new double[in];
                for (int i = 0; i < in; i++) sample[i] = input[s * in + i];
                float[] expected = new float[out];
                double[] exact = reference.output(sample);
                for (int i = 0; i < out; i++) expected[i] = (float) exact[i];
                int quantiles = network.spec().forecast().quantiles().size();
                if (network.reconstructsByLogistic()) Logistic.apply(expected, out);
                if (quantiles > 0) Quantiles.rearrange(expected, out / quantiles, quantiles);
                for (int i = 0; i < out; i++) {
                    assertThat(actual[s * out + i])
                            .as("%s sample %d element %d", network.spec().name(), s, i)
                            .isCloseTo(expected[i], within(1e-5f * Math.max(1, Math.abs(expected[i]))));
                }
            }
        }
    }

    @Test
    void aCodeIsWhatTheLayersUpToItGiveAndTheOutputStaysAsItIs() {
        for (Network network : networks()) {
            Network giving = Encoder.givingCode(network).orElse(null);
            if (giving == null) continue;
            NetworkState state = stateOf(network, 1);
            int samples = 5;
            int in = network.inputs().get(0).size();
            int size = Encoder.codeSize(giving);
            try (ScoringReplica replica = engine.scoring(giving, samples + 2)) {
                replica.load(state);
                float[] input = replica.input(Network.WINDOW);
                fill(input, "input");
                replica.forward(samples);
                float[] outputs = replica.output(network.outputs().get(0).name());
                assertThat(Arrays.copyOf(
                                outputs, samples * network.outputs().get(0).size()))
                        .isEqualTo(scores(network, state, samples + 2, samples));
                ReferenceForward reference = new ReferenceForward(giving, state);
                for (int s = 0; s < samples; s++) {
                    double[] sample = new double[in];
                    for (int i = 0; i < in; i++) sample[i] = input[s * in + i];
                    double[] expected = reference.code(sample);
                    assertThat(expected).hasSize(size);
                    for (int i = 0; i < size; i++) {
                        assertThat(replica.output(Network.CODE)[s * size + i])
                                .as("%s sample %d element %d", network.spec().name(), s, i)
                                .isCloseTo((float) expected[i], within((float)
                                        (1e-5 * Math.max(1, Math.abs(expected[i])))));
                    }
                }
            }
        }
    }

    @Test
    void predictedQuantilesNeverCross() {
        float[] values = scores(SmallNetworks.forecaster(2), stateOf(SmallNetworks.forecaster(2), 3), 16, 16);
        for (int i = 0; i < values.length; i += 3) {
            assertThat(values[i]).isLessThanOrEqualTo(values[i + 1]);
            assertThat(values[i + 1]).isLessThanOrEqualTo(values[i + 2]);
        }
    }

    @Test
    void aSampleScoresAlikeInAnyBatch() {
        for (Network network : networks()) {
            NetworkState state = stateOf(network, 2);
            float[] all = scores(network, state, 11, 11);
            for (int samples = 1; samples <= 10; samples += 3) {
                float[] few = scores(network, state, 11, samples);
                for (int i = 0; i < few.length; i++) {
                    assertThat(few[i]).isCloseTo(all[i], within(1e-5f * Math.max(1, Math.abs(all[i]))));
                }
            }
        }
    }

    @Test
    void theSameStateAndBatchGiveTheSameBits() {
        for (Network network : networks()) {
            NetworkState state = stateOf(network, 4);
            assertThat(scores(network, state, 7, 6)).isEqualTo(scores(network, state, 7, 6));
        }
    }

    private static void fill(Network network, TrainingReplica replica) {
        fill(replica.input(Network.WINDOW), "input");
        fill(replica.target(network.targets().get(0).name()), "target");
        SmallNetworks.keepInRange(network, replica);
        fill(replica.weight(network.targets().get(0).name()), "weight");
        float[] weight = replica.weight(network.targets().get(0).name());
        for (int i = 0; i < weight.length; i++) weight[i] = Math.abs(weight[i]);
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        List<Network> networks = new ArrayList<>(SmallNetworks.all());
        networks.add(SmallNetworks.normalised());
        networks.add(SmallNetworks.variational());
        for (Network network : networks) {
            if (!engine.unsupported(network).isEmpty()) continue;
            NetworkState state = stateOf(network, 5);
            ReferenceForward reference = new ReferenceForward(network, state);
            for (int samples : new int[] {3, network.training().optimisation().batch()}) {
                try (TrainingReplica replica = engine.training(network)) {
                    replica.load(state);
                    fill(network, replica);
                    String name = network.targets().get(0).name();
                    float[] input = replica.input(Network.WINDOW).clone();
                    float[] target = replica.target(name).clone();
                    float[] weight = replica.weight(name).clone();
                    double loss = replica.train(samples);
                    assertThat(loss)
                            .as(network.spec().name())
                            .isCloseTo(reference.loss(input, target, weight, samples), within(1e-5));
                    NetworkState after = replica.state();
                    for (BoundLayer.Parameter parameter : network.parameters()) {
                        checkGradient(network, parameter, after, reference, input, target, weight, samples);
                    }
                }
            }
        }
    }

    private static void checkGradient(
            Network network,
            BoundLayer.Parameter parameter,
            NetworkState after,
            ReferenceForward reference,
            float[] input,
            float[] target,
            float[] weight,
            int samples) {
        String moment = Weights.named("optimizer/first/", parameter);
        float[] first = after.tensor(moment).values();
        double[] values = reference.parameter(parameter.name());
        double step = 1e-6;
        for (int i = 0; i < values.length; i++) {
            double value = values[i];
            values[i] = value + step;
            double up = reference.objective(parameter, input, target, weight, samples);
            values[i] = value - step;
            double down = reference.objective(parameter, input, target, weight, samples);
            values[i] = value;
            double expected = (up - down) / (2 * step);
            assertThat(first[i] / 0.1)
                    .as("%s %s[%d]", network.spec().name(), parameter.name(), i)
                    .isCloseTo(expected, within(1e-4 * Math.max(0.1, Math.abs(expected))));
        }
    }

    @Test
    void anElementOfWeightZeroTeachesNothingEvenWhenItsTargetIsMissing() {
        Network network = SmallNetworks.noisy();
        String name = network.targets().get(0).name();
        List<NetworkState> states = new ArrayList<>();
        for (float missing : new float[] {1e6f, Float.NaN}) {
            try (TrainingReplica replica = engine.training(network)) {
                replica.load(engine.initialState(network, 1));
                fill(network, replica);
                replica.weight(name)[3] = 0;
                replica.target(name)[3] = missing;
                assertThat(replica.train(8)).isFinite();
                states.add(replica.state());
            }
        }
        assertSameBits(states.get(0), states.get(1));
    }

    @Test
    void aStateComesBackAsItWasLoaded() {
        for (Network network : networks()) {
            NetworkState state = stateOf(network, 6);
            try (TrainingReplica replica = engine.training(network)) {
                replica.load(state);
                NetworkState back = replica.state();
                assertThat(back.specHash()).isEqualTo(network.hash());
                assertSameBits(back.weights(), state.weights());
            }
        }
    }

    private static void assertSameBits(NetworkState actual, NetworkState expected) {
        assertThat(actual.tensors().keySet())
                .containsExactlyElementsOf(expected.tensors().keySet());
        actual.tensors()
                .forEach((name, tensor) -> assertThat(tensor.values())
                        .as(name)
                        .isEqualTo(expected.tensor(name).values()));
    }

    @Test
    void trainingThatResumesFromAStateGivesTheSameBitsAsTrainingThatWentOn() {
        for (Network network :
                List.of(SmallNetworks.noisy(), SmallNetworks.forecaster(2), SmallNetworks.normalised())) {
            NetworkState halfway;
            NetworkState straight;
            try (TrainingReplica replica = engine.training(network)) {
                replica.load(engine.initialState(network, 9));
                fill(network, replica);
                for (int i = 0; i < 5; i++) replica.train(8);
                halfway = replica.state();
                for (int i = 0; i < 5; i++) replica.train(i == 2 ? 3 : 8);
                straight = replica.state();
            }
            try (TrainingReplica replica = engine.training(network)) {
                fill(network, replica);
                replica.load(halfway);
                for (int i = 0; i < 5; i++) replica.train(i == 2 ? 3 : 8);
                assertSameBits(replica.state(), straight);
            }
            assertThat(Counter.read(straight, Counter.STEP)).isEqualTo(10);
            assertThat(Counter.read(straight, Counter.SEED)).isEqualTo(9);
        }
    }

    @Test
    void learningLowersTheLoss() {
        for (Network network : networks()) {
            try (TrainingReplica replica = engine.training(network)) {
                replica.load(engine.initialState(network, 10));
                fill(network, replica);
                java.util.Arrays.fill(replica.weight(network.targets().get(0).name()), 1f);
                int samples = Math.min(8, network.training().optimisation().batch());
                float before = replica.train(samples);
                float last = before;
                for (int i = 0; i < 30; i++) last = replica.train(samples);
                assertThat(last).as(network.spec().name()).isLessThan(0.98f * before);
            }
        }
    }

    @Test
    void whatWasTrainedIsWhatScores() {
        Network network = SmallNetworks.forecaster(1);
        try (TrainingReplica training = engine.training(network)) {
            training.load(engine.initialState(network, 11));
            fill(network, training);
            for (int i = 0; i < 3; i++) training.train(8);
            NetworkState state = training.state();
            double expected = new ReferenceForward(network, state)
                    .loss(
                            training.input(Network.WINDOW),
                            training.target(Network.QUANTILES),
                            training.weight(Network.QUANTILES),
                            8);
            assertThat((double) training.train(8)).isCloseTo(expected, within(1e-5));
        }
    }

    @Test
    void trainingThatDivergesChangesNothing() {
        Network network = SmallNetworks.noisy();
        try (TrainingReplica replica = engine.training(network)) {
            replica.load(engine.initialState(network, 12));
            fill(network, replica);
            replica.train(8);
            NetworkState before = replica.state();
            replica.input(Network.WINDOW)[2] = Float.NaN;
            assertThat(replica.train(8)).isNaN();
            assertSameBits(replica.state(), before);
        }
    }

    @Test
    void frozenParametersKeepTheirBitsUntilTheyAreThawed() {
        for (Network network : networks()) {
            String first = network.parameters().get(0).name();
            try (TrainingReplica replica = engine.training(network)) {
                replica.load(stateOf(network, 14));
                fill(network, replica);
                int samples = Math.min(8, network.training().optimisation().batch());
                NetworkState before = replica.state();
                replica.freeze(Set.of(first));
                for (int i = 0; i < 3; i++) replica.train(samples);
                NetworkState held = replica.state();
                assertThat(held.tensor(first).values())
                        .as(network.spec().name())
                        .isEqualTo(before.tensor(first).values());
                if (network.parameters().size() > 1) assertThat(weights(held)).isNotEqualTo(weights(before));
                replica.freeze(Set.of());
                replica.train(samples);
                assertThat(replica.state().tensor(first).values())
                        .as(network.spec().name())
                        .isNotEqualTo(held.tensor(first).values());
            }
        }
    }

    private static float[] weights(NetworkState state) {
        int size = 0;
        for (NetworkState.Tensor tensor : state.weights().tensors().values()) size += tensor.values().length;
        float[] all = new float[size];
        int at = 0;
        for (NetworkState.Tensor tensor : state.weights().tensors().values()) {
            System.arraycopy(tensor.values(), 0, all, at, tensor.values().length);
            at += tensor.values().length;
        }
        return all;
    }

    @Test
    void freezingWhatIsNotThereIsRefusedAndChangesNothing() {
        Network network = SmallNetworks.noisy();
        String first = network.parameters().get(0).name();
        try (TrainingReplica replica = engine.training(network)) {
            replica.load(engine.initialState(network, 15));
            fill(network, replica);
            replica.freeze(Set.of(first));
            assertThatThrownBy(() -> replica.freeze(Set.of("param/9.dense/weight")))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("has no parameter param/9.dense/weight to freeze");
            NetworkState before = replica.state();
            replica.train(8);
            assertThat(replica.state().tensor(first).values())
                    .isEqualTo(before.tensor(first).values());
        }
    }

    @Test
    void whatIsTakenOverFromATrainedNetworkOfOtherFeaturesIsHeldAndTheRestLearns() {
        Network there = SmallNetworks.forecaster(2);
        Network here = SmallNetworks.forecaster(3);
        Transfer transfer = Transfer.plan(there, here, Transfer.Part.ALL);
        NetworkState trained = stateOf(there, 16);
        NetworkState begun = Weights.carry(transfer.carried(), trained, engine.initialState(here, 17));
        assertThat(begun.specHash()).isEqualTo(here.hash());
        try (TrainingReplica replica = engine.training(here)) {
            replica.load(begun);
            replica.freeze(transfer.encoder());
            fill(here, replica);
            for (int i = 0; i < 3; i++) replica.train(8);
            NetworkState after = replica.state();
            for (String name : transfer.encoder())
                assertThat(after.tensor(name).values())
                        .isEqualTo(trained.tensor(name).values());
            for (String name : transfer.anew())
                assertThat(after.tensor(name).values())
                        .isNotEqualTo(begun.tensor(name).values());
        }
    }

    @Test
    void weightsOfAnotherNetworkAreRefused() {
        NetworkState other = engine.initialState(SmallNetworks.forecaster(1), 1);
        try (ScoringReplica scoring = engine.scoring(SmallNetworks.forecaster(2), 4);
                TrainingReplica training = engine.training(SmallNetworks.forecaster(2))) {
            assertThatThrownBy(() -> scoring.load(other))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("belong to another network");
            assertThatThrownBy(() -> training.load(other)).isInstanceOf(EngineException.class);
        }
    }

    @Test
    void callsOutOfBoundsAreRefused() {
        Network network = SmallNetworks.noisy();
        try (ScoringReplica scoring = engine.scoring(network, 4);
                TrainingReplica training = engine.training(network)) {
            assertThatThrownBy(() -> scoring.forward(0)).hasMessageContaining("samples must be in [1, 4], but was 0");
            assertThatThrownBy(() -> scoring.forward(5)).isInstanceOf(EngineException.class);
            assertThatThrownBy(() -> training.train(9)).hasMessageContaining("[1, 8], but was 9");
            assertThatThrownBy(() -> scoring.output("nothing")).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> engine.scoring(network, 0)).isInstanceOf(EngineException.class);
    }

    @Test
    void aClosedReplicaRefusesWorkAndMayBeClosedTwice() {
        Network network = SmallNetworks.noisy();
        ScoringReplica scoring = engine.scoring(network, 4);
        TrainingReplica training = engine.training(network);
        scoring.close();
        scoring.close();
        training.close();
        training.close();
        assertThatThrownBy(() -> scoring.forward(1)).isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> training.train(1)).isInstanceOf(EngineException.class);
    }

    /** Resident memory in MiB, or NaN where the system does not say. */
    private static double residentMib() throws java.io.IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) return Double.NaN;
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) return Double.parseDouble(line.replaceAll("\\D", "")) / 1024;
        }
        return Double.NaN;
    }

    /** The layer's output is above 32 MiB, from where on the C library always gives freed memory back to the system. */
    @Test
    void memoryComesBackWhenReplicasAreClosedAndNotOnlyWhenTheyAreCollected() throws java.io.IOException {
        Network network = SmallNetworks.autoencoder(
                        "wide",
                        4,
                        TrainingSpec.Loss.MSE,
                        new Layer.Flatten(),
                        SmallNetworks.dense(640, Activation.RELU),
                        SmallNetworks.output())
                .bind(1);
        NetworkState state = engine.initialState(network, 1);
        List<ScoringReplica> closed = new ArrayList<>();
        double before = 0;
        for (int i = 0; i < 14; i++) {
            if (i == 2) before = residentMib();
            try (ScoringReplica replica = engine.scoring(network, 16_384)) {
                replica.load(state);
                replica.forward(16_384);
                closed.add(replica);
            }
        }
        assertThat(closed).hasSize(14);
        // each holds 40 MiB between its layers: 12 that leak are 480 MiB
        if (!Double.isNaN(before)) assertThat(residentMib() - before).isLessThan(120);
    }

    @Test
    void replicasOnSeveralThreadsGiveWhatOneGives() throws Exception {
        Network network = SmallNetworks.forecaster(2);
        NetworkState state = stateOf(network, 13);
        float[] expected = scores(network, state, 32, 32);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Callable<float[]>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) calls.add(() -> scores(network, state, 32, 32));
            for (Future<float[]> future : threads.invokeAll(calls))
                assertThat(future.get()).isEqualTo(expected);
        } finally {
            threads.shutdownNow();
        }
    }
}
