package io.tidemark.app.bench;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Encoded images of several cameras in turn, over and over. */
public final class BenchImages implements Records {
    private static final int DRAWN = 64;
    private static final int WIDTH = 248;
    private static final int HEIGHT = 373;

    private final List<byte[]> images;
    private final byte[][] keys;

    /** @param images encoded; at least one */
    public BenchImages(List<byte[]> images, int series) {
        if (images.isEmpty()) throw new IllegalArgumentException("images to send must be at least 1, but were none");
        this.images = List.copyOf(images);
        keys = new byte[series][];
        for (int i = 0; i < series; i++) keys[i] = ("camera-" + i).getBytes(StandardCharsets.UTF_8);
    }

    /** Grey JPEG images of 248 x 373 pixels with stripes and grain, as many as repeat without a cache taking note. */
    public static List<byte[]> drawn() {
        List<byte[]> images = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < DRAWN; i++) {
            double phase = 6 * random.nextDouble();
            BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
            WritableRaster raster = image.getRaster();
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    double shade = 110 + 25 * Math.sin(y / 20.0 + phase) + 8 * random.nextGaussian();
                    raster.setSample(x, y, 0, (int) Math.max(0, Math.min(255, shade)));
                }
            }
            images.add(jpeg(image));
        }
        return images;
    }

    private static byte[] jpeg(BufferedImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, "jpeg", out)) throw new IllegalStateException("this Java writes no JPEG");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The JPEG files below a folder, by name. */
    public static List<byte[]> below(Path folder) throws IOException {
        List<byte[]> images = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().matches(".*\\.jpe?g"))
                    .sorted()
                    .toList()) {
                images.add(Files.readAllBytes(file));
            }
        }
        return images;
    }

    /** The encoded images. */
    public List<byte[]> images() {
        return images;
    }

    @Override
    public byte[] key(long number) {
        return keys[(int) (number % keys.length)];
    }

    @Override
    public byte[] value(long number) {
        return images.get((int) (number % images.size()));
    }
}
