package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.image.decode.TestImages;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Units;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stream of frames does when the frames become others and stay so. */
class FrameLearningIT {
    private static final int BEFORE = 600;
    private static final int AFTER = 400;
    private static final int ADAPT_AFTER = 60;
    private static final int PUBLISH_ROWS = 64;
    /** Frames after the change by which the score is as low as before. */
    private static final int ADAPTED_BY = ADAPT_AFTER + 2 * PUBLISH_ROWS + 32;

    private static final Path MNIST = Path.of("../shared/data/mnist");

    @TempDir
    Path folder;

    private interface Frames {
        byte[] next(boolean changed);
    }

    @Test
    void aNewNormalIsLearntOnceItsAlertMayTeach() throws IOException {
        List<Double> scores = scores(ADAPT_AFTER, 14, dense(14, 8), glyphs(5));

        assertThat(mean(scores, BEFORE - 100, BEFORE)).isLessThan(0.2);
        assertThat(mean(scores, BEFORE + 10, BEFORE + ADAPT_AFTER)).isGreaterThan(0.6);
        assertThat(mean(scores, BEFORE + ADAPTED_BY, BEFORE + AFTER)).isLessThan(0.2);
    }

    @Test
    void aNewNormalStaysStrangeWhenItMayNotTeach() throws IOException {
        List<Double> scores = scores(1_000_000, 14, dense(14, 8), glyphs(5));

        assertThat(mean(scores, BEFORE - 100, BEFORE)).isLessThan(0.2);
        assertThat(mean(scores, BEFORE + 10, BEFORE + AFTER)).isGreaterThan(0.6);
        assertThat(mean(scores, BEFORE + AFTER - 50, BEFORE + AFTER)).isGreaterThan(0.6);
    }

    @Test
    void digitsOfMnistDoTheSame() throws IOException {
        boolean there = Files.exists(MNIST);
        if (!there) System.err.println("digitsOfMnistDoTheSame is skipped: " + MNIST + " is not here");
        assumeTrue(there, MNIST + " is not here");
        for (int adaptAfter : new int[] {ADAPT_AFTER, 1_000_000}) {
            List<Double> scores = scores(adaptAfter, 28, dense(28, 16), digits());
            int fell = BEFORE;
            for (int i = BEFORE; i + 20 <= BEFORE + AFTER; i++) {
                if (mean(scores, i, i + 20) >= 0.3) fell = i + 1;
            }
            System.err.printf(
                    "MNIST 0 to 1, adapt-after %d: mean score %.3f before, %.3f in the first %d frames after, %.3f in the last 50;"
                            + " 20 frames below 0.3 on average for good from frame %d after the change%n",
                    adaptAfter,
                    mean(scores, BEFORE - 100, BEFORE),
                    mean(scores, BEFORE + 10, BEFORE + ADAPT_AFTER),
                    ADAPT_AFTER,
                    mean(scores, BEFORE + AFTER - 50, BEFORE + AFTER),
                    fell - BEFORE);
            double last = mean(scores, BEFORE + ADAPTED_BY, BEFORE + AFTER);
            if (adaptAfter == ADAPT_AFTER) assertThat(last).isLessThan(0.3);
            else assertThat(last).isGreaterThan(0.5);
        }
    }

    private List<Double> scores(int adaptAfter, int side, NetworkSpec network, Frames frames) throws IOException {
        Path file = Files.writeString(
                folder.resolve("camera.yaml"), """
                stream: camera
                input: {topic: frames, format: image, image: {width: %d, height: %d}}
                networks: [%s]
                learning: {first-rows: 256, first-steps: 300, rows-per-step: 2, publish-rows: %d}
                verdict: {for: 3, open: 0.5, close: 0.2, adapt-after: %d}
                """.formatted(side, side, network.name(), PUBLISH_ROWS, adaptAfter));
        StreamSpec stream = StreamFile.read(file);
        List<Double> scores = new ArrayList<>();
        try (Engine engine = Engines.open("dl4j", new DeviceSpec.Cpu());
                FrameFlow flow = new FrameFlow(stream, network.bind(stream), engine)) {
            for (int i = 0; i < BEFORE + AFTER; i++) scores.add(flow.next(frames.next(i >= BEFORE)));
        }
        return scores;
    }

    private static double mean(List<Double> scores, int from, int to) {
        return scores.subList(from, to).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
    }

    private static NetworkSpec dense(int side, int code) {
        return new NetworkSpec(
                "small-ae",
                NetworkSpec.Kind.AUTOENCODER,
                NetworkSpec.Input.IMAGE,
                1,
                NetworkSpec.Forecast.NONE,
                List.of(
                        new Layer.GaussianNoise(0.3),
                        new Layer.Flatten(),
                        new Layer.Dense(new Units.Count(16 * code), Activation.SWISH),
                        new Layer.Dense(new Units.Count(code), Activation.IDENTITY),
                        new Layer.Dense(new Units.Count(16 * code), Activation.SWISH),
                        new Layer.Dense(new Units.Output(), Activation.IDENTITY)),
                new TrainingSpec(TrainingSpec.Loss.BINARY_CROSS_ENTROPY, 0.002, 64));
    }

    /** A ring, and then a bar: each a little elsewhere and of another size every time. */
    private static Frames glyphs(long seed) {
        Random random = new Random(seed);
        return changed -> {
            double x0 = 6.5 + random.nextGaussian() * 0.5;
            double y0 = 6.5 + random.nextGaussian() * 0.5;
            double size = 4 + random.nextGaussian() * 0.4;
            return TestImages.encode(
                    TestImages.grey(14, 14, (x, y) -> {
                        double ring = Math.abs(Math.hypot(x - x0, y - y0) - size);
                        double bar = Math.hypot(x - x0, Math.max(0, Math.abs(y - y0) - size));
                        double ink = Math.max(0, 1.6 - (changed ? bar : ring)) / 1.6;
                        return (int) Math.max(0, Math.min(255, 230 * ink + 6 * random.nextGaussian()));
                    }),
                    "png");
        };
    }

    /** Zeros, and then ones, in the order of the training set. */
    private static Frames digits() throws IOException {
        List<byte[]> zeros = new ArrayList<>();
        List<byte[]> ones = new ArrayList<>();
        try (DataInputStream images = gzip("train-images-idx3-ubyte.gz");
                DataInputStream labels = gzip("train-labels-idx1-ubyte.gz")) {
            images.skipNBytes(16);
            labels.skipNBytes(8);
            while (zeros.size() < BEFORE || ones.size() < AFTER) {
                byte[] pixels = images.readNBytes(28 * 28);
                int label = labels.readUnsignedByte();
                if (label > 1) continue;
                (label == 0 ? zeros : ones)
                        .add(TestImages.encode(TestImages.grey(28, 28, (x, y) -> pixels[28 * y + x] & 0xFF), "png"));
            }
        }
        int[] next = {0, 0};
        return changed -> changed ? ones.get(next[1]++) : zeros.get(next[0]++);
    }

    private static DataInputStream gzip(String name) throws IOException {
        return new DataInputStream(
                new java.io.BufferedInputStream(new GZIPInputStream(Files.newInputStream(MNIST.resolve(name)))));
    }
}
