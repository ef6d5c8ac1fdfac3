package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The network {@code diffusion-denoiser} on windows of a wave at any phase. */
class DiffusionTest {
    private static final int BATCH = 64;

    private final Network network =
            Zoo.load(Path.of("topology/zoo")).spec("diffusion-denoiser").bind(1);
    private final Random random = new Random(1);

    /** Draws a window whose last row is off by so much. */
    private void draw(float[] windows, int sample, float off) {
        int rows = network.spec().window();
        double phase = 2 * Math.PI * random.nextDouble();
        for (int t = 0; t < rows; t++) {
            windows[sample * rows + t] = (float) (1.4 * Math.sin(phase + 0.5 * t)) + (t == rows - 1 ? off : 0);
        }
    }

    private NetworkState trained(Engine engine) {
        try (TrainingReplica replica = engine.training(network)) {
            replica.load(engine.initialState(network, 1));
            float[] windows = replica.input(Network.WINDOW);
            float[] targets = replica.target(Network.RECONSTRUCTION);
            for (int step = 0; step < 600; step++) {
                for (int i = 0; i < BATCH; i++) draw(windows, i, 0);
                System.arraycopy(windows, 0, targets, 0, targets.length);
                replica.train(BATCH);
            }
            return replica.state();
        }
    }

    /** Mean error of the last row over windows that are off by so much in it. */
    private double error(ScoringReplica replica, float off) {
        int rows = network.spec().window();
        float[] windows = replica.input(Network.WINDOW);
        for (int i = 0; i < BATCH; i++) draw(windows, i, off);
        replica.forward(BATCH);
        double sum = 0;
        for (int i = 1; i <= BATCH; i++) {
            sum += Math.abs(replica.output(Network.RECONSTRUCTION)[i * rows - 1] - windows[i * rows - 1]);
        }
        return sum / BATCH;
    }

    @Test
    void aRowThatDoesNotBelongIsMissedByMoreThanOneThatDoes() {
        try (Engine engine = Engines.open("djl", new DeviceSpec.Cpu());
                ScoringReplica replica = engine.scoring(network, BATCH)) {
            replica.load(trained(engine));
            double usual = error(replica, 0);
            assertThat(usual).isLessThan(0.3);
            assertThat(error(replica, 1.5f)).isGreaterThan(3 * usual).isGreaterThan(0.6);
        }
    }
}
