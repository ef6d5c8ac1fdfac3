package io.tidemark.image.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Poison;
import io.tidemark.config.ImageSpec;
import io.tidemark.config.StreamFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image is decoded or refused in one way, whatever its bytes are; {@code -Dtidemark.fuzz.images} says how many are tried. */
class ImageFuzzTest {
    private static final int IMAGES = Integer.getInteger("tidemark.fuzz.images", 2_000);

    private static Map<String, byte[]> good() {
        BufferedImage grey = TestImages.grey(24, 16, (x, y) -> 7 * x + y);
        BufferedImage rgb = TestImages.rgb(24, 16, (x, y) -> 70_000 * x + 300 * y);
        Map<String, byte[]> good = new LinkedHashMap<>();
        for (String format : List.of("png", "jpg", "bmp")) {
            good.put("grey " + format, TestImages.encode(grey, format));
            good.put("rgb " + format, TestImages.encode(rgb, format));
        }
        good.put("deep png", TestImages.encode(TestImages.deep(16, 300), "png"));
        good.put("alpha png", TestImages.alphaPng());
        good.put("tiff", TestImages.tiff(rgb));
        good.put("cmyk jpeg", TestImages.cmykJpeg());
        good.put("turned jpeg", TestImages.turned(TestImages.encode(rgb, "jpg"), 6));
        good.put("webp", TestImages.WEBP);
        good.put("gif", TestImages.gif());
        return good;
    }

    @Test
    void aMutatedImageIsDecodedOrRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("parts.yaml"), """
                stream: parts
                input: {topic: parts, format: image, image: {width: 8, height: 8, channels: 3}}
                """);
        ImageSpec spec = StreamFile.read(file).input().image().orElseThrow();
        Map<String, byte[]> good = good();
        Random random = new Random(20);
        int refused = 0;
        try (ImageDecoder decoder = new ImageDecoder(spec)) {
            List<Map.Entry<String, byte[]>> images = List.copyOf(good.entrySet());
            for (int i = 0; i < IMAGES; i++) {
                Map.Entry<String, byte[]> image = images.get(i % images.size());
                byte[] bytes = Poison.mutated(image.getValue(), random);
                try {
                    if (decoder.decode(bytes, "id") instanceof Refusal) refused++;
                } catch (RuntimeException | Error e) {
                    throw new AssertionError(image.getKey() + " number " + i, e);
                }
            }
            for (Map.Entry<String, byte[]> image : good.entrySet()) {
                for (byte[] bytes : Poison.kinds(image.getValue()).values()) {
                    if (bytes != null) assertThat(decoder.decode(bytes, "id")).isNotNull();
                }
            }
        }
        assertThat(refused).isBetween(IMAGES / 10, IMAGES);
    }
}
