package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.Zoo;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The network {@code graph-forecaster} on four features of noise of which the second says what the first said a row before. */
class GraphAttentionTest {
    private static final int FEATURES = 4;
    private static final int LEADER = 0;
    private static final int FOLLOWER = 1;
    private static final int BATCH = 64;

    private final Network network;
    private final Random random = new Random(1);

    GraphAttentionTest() {
        NetworkSpec spec = Zoo.load(Path.of("topology/zoo")).spec("graph-forecaster");
        network = spec.bind(FEATURES);
    }

    /** Draws a window and the row after it. */
    private void draw(float[] window, float[] target, int sample) {
        int rows = network.spec().window();
        float[] values = new float[(rows + 1) * FEATURES];
        for (int i = 0; i < values.length; i++) {
            boolean follows = i % FEATURES == FOLLOWER && i >= FEATURES;
            values[i] = follows ? values[i - FEATURES - FOLLOWER + LEADER] : (float) random.nextGaussian();
        }
        System.arraycopy(values, 0, window, sample * rows * FEATURES, rows * FEATURES);
        System.arraycopy(values, rows * FEATURES, target, sample * FEATURES, FEATURES);
    }

    private NetworkState trained(Engine engine) {
        try (TrainingReplica replica = engine.training(network)) {
            replica.load(engine.initialState(network, 1));
            for (int step = 0; step < 600; step++) {
                for (int i = 0; i < BATCH; i++) {
                    draw(replica.input(Network.WINDOW), replica.target(Network.QUANTILES), i);
                }
                replica.train(BATCH);
            }
            return replica.state();
        }
    }

    @Test
    void aFeatureIsForecastFromTheOneThatItFollows() {
        try (Engine engine = Engines.open("djl", new DeviceSpec.Cpu());
                ScoringReplica replica = engine.scoring(network, BATCH)) {
            replica.load(trained(engine));
            float[] target = new float[BATCH * FEATURES];
            for (int i = 0; i < BATCH; i++) draw(replica.input(Network.WINDOW), target, i);
            replica.forward(BATCH);
            double[] errors = new double[FEATURES];
            float[] output = replica.output(Network.QUANTILES);
            for (int i = 0; i < target.length; i++) {
                errors[i % FEATURES] += Math.abs(output[3 * i + 1] - target[i]) / BATCH;
            }
            // noise that nothing tells is missed by .8 on the average
            assertThat(errors[FOLLOWER]).isLessThan(0.3);
            assertThat(errors[LEADER]).isGreaterThan(0.6);
            assertThat(errors[FEATURES - 1]).isGreaterThan(0.6);
        }
    }
}
