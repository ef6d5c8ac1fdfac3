package io.tidemark.model.promotion;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.TrainingReplica;
import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Units;
import io.tidemark.series.sample.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Frames of a ring that is a little elsewhere each time, and a small network that learns them. */
public final class DrawnFrames {
    public static final int SIDE = 16;

    public static final NetworkSpec SPEC = new NetworkSpec(
            "ring-ae",
            NetworkSpec.Kind.AUTOENCODER,
            NetworkSpec.Input.IMAGE,
            1,
            NetworkSpec.Forecast.NONE,
            List.of(
                    new Layer.Flatten(),
                    new Layer.Dense(new Units.Count(48), Activation.SWISH),
                    new Layer.Dense(new Units.Count(6), Activation.IDENTITY),
                    new Layer.Dense(new Units.Count(48), Activation.SWISH),
                    new Layer.Dense(new Units.Output(), Activation.IDENTITY)),
            new TrainingSpec(TrainingSpec.Loss.BINARY_CROSS_ENTROPY, 0.003, 32));
    public static final Network NETWORK = SPEC.bind(1, SIDE, SIDE);

    private static final long BEGIN_MS = 1_700_000_000_001L;

    private DrawnFrames() {}

    /** A stream named {@code camera} of such frames. @param image further settings of {@code input.image}, each after a comma */
    public static StreamSpec stream(Path folder, String image) throws IOException {
        return stream(folder, SIDE, image);
    }

    /** The same with frames of {@code width} columns. */
    public static StreamSpec stream(Path folder, int width, String image) throws IOException {
        return StreamFile.read(Files.writeString(folder.resolve("camera.yaml"), """
                stream: camera
                input: {topic: frames, format: image, image: {width: %d, height: %d%s}}
                networks: [ring-ae]
                """.formatted(width, SIDE, image)));
    }

    /** Frames of one series, a second apart. */
    public static ReplayedFrames recording(StreamSpec stream, String series, long seed, int count) {
        long[] timesMs = new long[count];
        for (int i = 0; i < count; i++) timesMs[i] = BEGIN_MS + 1000L * i;
        int width = stream.input().image().orElseThrow().size().width();
        return ReplayedFrames.of(series, timesMs, frames(seed, width, count), stream.scaling());
    }

    public static List<Frame> frames(long seed, int count) {
        return frames(seed, SIDE, count);
    }

    /** As many rings side by side as fit into the width. */
    private static List<Frame> frames(long seed, int width, int count) {
        Random random = new Random(seed);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] pixels = new byte[width * SIDE];
            for (int left = 0; left < width; left += SIDE) ring(pixels, width, left, random);
            Frame.Source source = new Frame.Source(width, SIDE, 0, 0, width, SIDE, "frame-" + i);
            frames.add(new Frame(1, SIDE, width, pixels, source));
        }
        return frames;
    }

    private static void ring(byte[] pixels, int width, int left, Random random) {
        double x = SIDE / 2.0 - 0.5 + 0.5 * random.nextGaussian();
        double y = SIDE / 2.0 - 0.5 + 0.5 * random.nextGaussian();
        double radius = 4.5 + 0.4 * random.nextGaussian();
        for (int row = 0; row < SIDE; row++) {
            for (int column = 0; column < SIDE; column++) {
                double away = Math.abs(Math.hypot(column - x, row - y) - radius);
                double value = 60 + 140 * Math.max(0, 1.8 - away) / 1.8 + 4 * random.nextGaussian();
                pixels[row * width + left + column] = (byte) Math.max(0, Math.min(255, value));
            }
        }
    }

    /** Trains a state for so many steps. */
    public static NetworkState trained(Engine engine, NetworkState from, List<Frame> frames, int steps) {
        int size = SIDE * SIDE;
        try (TrainingReplica replica = engine.training(NETWORK)) {
            replica.load(from);
            Random random = new Random(4);
            float[] input = replica.input(Network.WINDOW);
            float[] target = replica.target(Network.RECONSTRUCTION);
            for (int s = 0; s < steps; s++) {
                for (int k = 0; k < 32; k++) {
                    byte[] pixels = frames.get(random.nextInt(frames.size())).pixels();
                    for (int i = 0; i < size; i++) input[k * size + i] = (pixels[i] & 0xFF) / 255f;
                }
                System.arraycopy(input, 0, target, 0, 32 * size);
                replica.train(32);
            }
            return replica.state();
        }
    }
}
