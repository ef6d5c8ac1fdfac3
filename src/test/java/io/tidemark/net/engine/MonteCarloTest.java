package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The network {@code monte-carlo-forecaster} on a noisy wave. */
class MonteCarloTest {
    private static final int BATCH = 64;

    private final Network network =
            Zoo.load(Path.of("topology/zoo")).spec("monte-carlo-forecaster").bind(1);
    private final int window = network.spec().window();
    private final int horizon = network.spec().forecast().horizon();
    private final Random random = new Random(1);

    /** Draws a window and the rows behind it. */
    private void draw(float[] windows, float[] targets, int sample) {
        double phase = 2 * Math.PI * random.nextDouble();
        for (int t = 0; t < window + horizon; t++) {
            float value = (float) (1.3 * Math.sin(phase + 0.4 * t) + 0.2 * random.nextGaussian());
            if (t < window) windows[sample * window + t] = value;
            else targets[sample * horizon + t - window] = value;
        }
    }

    private NetworkState trained(Engine engine) {
        try (TrainingReplica replica = engine.training(network)) {
            replica.load(engine.initialState(network, 1));
            for (int step = 0; step < 1500; step++) {
                for (int i = 0; i < BATCH; i++) {
                    draw(replica.input(Network.WINDOW), replica.target(Network.QUANTILES), i);
                }
                replica.train(BATCH);
            }
            return replica.state();
        }
    }

    @Test
    void bandsHoldWhatTheyPromiseAndWidenFarFromWhatTaught() {
        try (Engine engine = Engines.open("djl", new DeviceSpec.Cpu());
                ScoringReplica replica = engine.scoring(network, BATCH)) {
            replica.load(trained(engine));
            float[] targets = new float[BATCH * horizon];
            for (int i = 0; i < BATCH; i++) draw(replica.input(Network.WINDOW), targets, i);
            replica.forward(BATCH);
            double usual = width(replica);
            assertThat(covered(replica, targets)).isBetween(0.7, 0.97);
            float[] windows = replica.input(Network.WINDOW);
            for (int i = 0; i < windows.length; i++) windows[i] = (float) (4 * random.nextGaussian());
            replica.forward(BATCH);
            assertThat(width(replica)).isGreaterThan(3 * usual);
        }
    }

    private double covered(ScoringReplica replica, float[] targets) {
        float[] quantiles = replica.output(Network.QUANTILES);
        double inside = 0;
        for (int i = 0; i < targets.length; i++) {
            if (targets[i] >= quantiles[3 * i] && targets[i] <= quantiles[3 * i + 2]) inside++;
        }
        return inside / targets.length;
    }

    private static double width(ScoringReplica replica) {
        float[] quantiles = replica.output(Network.QUANTILES);
        double sum = 0;
        for (int i = 0; i < quantiles.length; i += 3) sum += quantiles[i + 2] - quantiles[i];
        return 3 * sum / quantiles.length;
    }

    @Test
    void quantilesMoveByTheirOwnNormalDeviate() {
        float[] shifts = DroppedPasses.shifts(List.of(0.1, 0.5, 0.9));
        assertThat(shifts[0]).isCloseTo(-1.28155f, within(1e-4f));
        assertThat(shifts[1]).isZero();
        assertThat(shifts[2]).isCloseTo(1.28155f, within(1e-4f));
        assertThat(DroppedPasses.shifts(List.of())).containsExactly(0f);
    }
}
