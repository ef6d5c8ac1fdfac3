package io.tidemark.model.promotion;

import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.TrainingReplica;
import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Units;
import java.util.List;
import java.util.Random;

/** Series with two seasons and a feature that follows another, and a small network that learns them. */
public final class SeasonalRows {
    public static final int FEATURES = 3;
    private static final int WINDOW = 12;

    public static final NetworkSpec SPEC = new NetworkSpec(
            "ae",
            NetworkSpec.Kind.AUTOENCODER,
            WINDOW,
            NetworkSpec.Forecast.NONE,
            List.of(
                    new Layer.Flatten(),
                    new Layer.Dense(new Units.Count(6), Activation.TANH),
                    new Layer.Dense(new Units.Output(), Activation.IDENTITY),
                    new Layer.Reshape(List.of(WINDOW, FEATURES))),
            new TrainingSpec(TrainingSpec.Loss.MSE, 0.01, 32));
    public static final Network NETWORK = SPEC.bind(FEATURES);

    private SeasonalRows() {}

    /** Trains a state for so many steps on windows of the values. */
    public static NetworkState trained(Engine engine, NetworkState from, float[][] values, int steps) {
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

    /** Rows of a series, in scaled units. */
    public static ReplayedSeries series(String name, long seed, int rows) {
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
