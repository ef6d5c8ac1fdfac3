package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The network {@code adversarial-ae} on windows of noise, which its code is too narrow to reconstruct. */
class DiscriminatorTest {
    private static final int BATCH = 64;

    private final Network network =
            Zoo.load(Path.of("topology/zoo")).spec("adversarial-ae").bind(1);
    private final BoundLayer last = network.layers().get(network.layers().size() - 1);
    private final Random random = new Random(1);

    private float[] drawn() {
        float[] windows = new float[BATCH * network.inputs().get(0).size()];
        for (int i = 0; i < windows.length; i++) windows[i] = (float) random.nextGaussian();
        return windows;
    }

    private NetworkState trained(Engine engine, int steps) {
        try (TrainingReplica replica = engine.training(network)) {
            replica.load(engine.initialState(network, 1));
            for (int step = 0; step < steps; step++) {
                float[] windows = drawn();
                System.arraycopy(windows, 0, replica.input(Network.WINDOW), 0, windows.length);
                System.arraycopy(windows, 0, replica.target(Network.RECONSTRUCTION), 0, windows.length);
                replica.train(BATCH);
            }
            return replica.state();
        }
    }

    /** Cross entropy of a discriminator that tells samples from their reconstructions; 2·ln 2 = 1.39 by guessing. */
    private double crossEntropy(NetworkState state) {
        float[] windows = drawn();
        float[] weight = new float[windows.length];
        Arrays.fill(weight, 1f);
        return new ReferenceForward(network, state)
                .objective(last.parameter("judge_bias"), windows, windows, weight, BATCH);
    }

    @Test
    void itLearnsToTellReconstructionsFromSamples() {
        try (Engine engine = Engines.open("djl", new DeviceSpec.Cpu())) {
            assertThat(crossEntropy(trained(engine, 0))).isGreaterThan(1.2);
            assertThat(crossEntropy(trained(engine, 1500))).isLessThan(0.9);
        }
    }

    @Test
    void aScoreIsTheErrorOfTheReconstructionAndTheSameDistanceForEveryValue() {
        try (Engine engine = Engines.open("djl", new DeviceSpec.Cpu());
                ScoringReplica replica = engine.scoring(network, 1)) {
            NetworkState state = trained(engine, 50);
            int size = network.inputs().get(0).size();
            float[] window = Arrays.copyOf(drawn(), size);
            float[] whole = errors(replica, state, window);
            float[] alone = errors(replica, undiscriminating(state), window);
            float distance = whole[0] - alone[0];
            assertThat(distance).isGreaterThan(0.01f);
            for (int i = 0; i < size; i++) {
                assertThat(whole[i] - alone[i]).isCloseTo(distance, within(1e-5f));
            }
        }
    }

    private static float[] errors(ScoringReplica replica, NetworkState state, float[] window) {
        replica.load(state);
        System.arraycopy(window, 0, replica.input(Network.WINDOW), 0, window.length);
        replica.forward(1);
        float[] errors = new float[window.length];
        for (int i = 0; i < errors.length; i++) {
            errors[i] = Math.abs(replica.output(Network.RECONSTRUCTION)[i] - window[i]);
        }
        return errors;
    }

    /** The same with a discriminator whose features are all 0. */
    private NetworkState undiscriminating(NetworkState state) {
        Map<String, NetworkState.Tensor> tensors = new LinkedHashMap<>(state.tensors());
        for (String suffix : new String[] {"weight", "bias"}) {
            NetworkState.Tensor old = state.tensor(last.parameter(suffix).name());
            tensors.put(
                    last.parameter(suffix).name(),
                    new NetworkState.Tensor(old.shape(), new float[old.values().length]));
        }
        return new NetworkState(state.specHash(), tensors);
    }
}
