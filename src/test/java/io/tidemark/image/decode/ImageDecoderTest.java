package io.tidemark.image.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tidemark.config.ImageSpec;
import io.tidemark.config.InvalidConfigException;
import io.tidemark.config.StreamFile;
import io.tidemark.series.sample.Frame;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "tiff"})
    void losslessFormatsGiveTheStoredShades(String format) {
        byte[] image = TestImages.encode(TestImages.grey(4, 2, (x, y) -> 10 * x + 100 * y), format);

        assertThat(shades(decode("width: 4, height: 2", image))).containsExactly(0, 10, 20, 30, 100, 110, 120, 130);
    }

    @Test
    void jpegAndWebpAreRead() {
        byte[] jpeg = TestImages.encode(TestImages.grey(16, 16, (x, y) -> 77), "jpeg");

        assertThat(shades(decode("width: 1, height: 1", jpeg))[0]).isBetween(75, 79);
        assertThat(decode("width: 1, height: 1", TestImages.WEBP).source().width())
                .isEqualTo(1);
    }

    @Test
    void aPaletteWithoutTransparencyIsReadAsItsColours() {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED);
        image.setRGB(0, 0, 0xFF0000);
        image.setRGB(1, 0, 0x00FF00);

        assertThat(shades(decode("width: 2, height: 1, channels: 3", TestImages.encode(image, "bmp"))))
                .containsExactly(255, 0, 0, 255, 0, 0);
    }

    @Test
    void colourGoesToGreyByTheWeightsOfItsChannels() {
        byte[] image = TestImages.encode(TestImages.rgb(1, 1, (x, y) -> 0x6496C8), "png");

        assertThat(shades(decode("width: 1, height: 1", image))).containsExactly(141);
        assertThat(shades(decode("width: 1, height: 1, channels: 3", image))).containsExactly(100, 150, 200);
    }

    @Test
    void shrinkingTakesTheMeanOfTheAreaThatAPixelCovers() {
        byte[] image = TestImages.encode(TestImages.grey(3, 3, (x, y) -> x == 1 && y == 1 ? 90 : 0), "png");

        assertThat(shades(decode("width: 1, height: 1", image))).containsExactly(10);
        // the middle pixel lies in all four halves: 90 / 4 of 2.25 pixels each
        assertThat(shades(decode("width: 2, height: 2", image))).containsExactly(10, 10, 10, 10);
    }

    @Test
    void aCropIsCutInTheFramesOwnPixelsAndKept() {
        byte[] image = TestImages.encode(TestImages.grey(8, 8, (x, y) -> 10 * x + y), "png");

        Frame frame = decode("width: 2, height: 2, crop: {x: 4, y: 1, width: 2, height: 2}", image);

        assertThat(shades(frame)).containsExactly(41, 51, 42, 52);
        assertThat(frame.source()).isEqualTo(new Frame.Source(8, 8, 4, 1, 2, 2, "id-1"));
    }

    @Test
    void coverTakesTheCentredPartOfTheSamplesProportions() {
        byte[] image = TestImages.encode(TestImages.grey(6, 2, (x, y) -> 10 * x), "png");

        Frame frame = decode("width: 2, height: 2, fit: cover", image);

        assertThat(shades(frame)).containsExactly(20, 30, 20, 30);
        assertThat(frame.source().left()).isEqualTo(2);
    }

    /** Three shades in a frame of 48 x 16: which of them is at each corner tells how it was turned. */
    @ParameterizedTest
    @CsvSource({
        "1, 48, 16, 0 200 80 80",
        "2, 48, 16, 200 0 80 80",
        "3, 48, 16, 80 80 200 0",
        "4, 48, 16, 80 80 0 200",
        "5, 16, 48, 0 80 200 80",
        "6, 16, 48, 80 0 80 200",
        "7, 16, 48, 80 200 80 0",
        "8, 16, 48, 200 80 0 80"
    })
    void exifTurnsTheFrameUpright(int orientation, int width, int height, String corners) {
        byte[] jpeg = TestImages.encode(TestImages.grey(48, 16, (x, y) -> y >= 8 ? 80 : x < 24 ? 0 : 200), "jpeg");

        Frame frame = decode("width: 2, height: 2", TestImages.turned(jpeg, orientation));

        assertThat(frame.source().width()).isEqualTo(width);
        assertThat(frame.source().height()).isEqualTo(height);
        int[] wanted =
                Arrays.stream(corners.split(" ")).mapToInt(Integer::parseInt).toArray();
        for (int i = 0; i < 4; i++)
            assertThat(Math.abs(shades(frame)[i] - wanted[i])).isLessThan(6);
    }

    @Test
    void anOpaqueAlphaChannelIsLeftOut() {
        byte[] opaque = TestImages.opaquePng(2, 0x6496C8);

        assertThat(shades(decode("width: 1, height: 1, channels: 3", opaque))).containsExactly(100, 150, 200);
    }

    @Test
    void sixteenBitsAreScaledToEight() {
        BufferedImage deep = TestImages.deep(4, 200 * 257);

        assertThat(shades(decode("width: 1, height: 1", TestImages.encode(deep, "png"))))
                .containsExactly(200);
        assertThat(shades(decode("width: 1, height: 1", TestImages.tiff(deep)))).containsExactly(200);
        BufferedImage brightest = TestImages.deep(4, 65_535);
        assertThat(shades(decode("width: 1, height: 1, channels: 3", TestImages.encode(brightest, "png"))))
                .containsExactly(255, 255, 255);
    }

    @Test
    void everyKindOfBadImageHasItsReason() {
        byte[] jpeg = TestImages.encode(TestImages.grey(64, 64, (x, y) -> x * y & 0xFF), "jpeg");
        byte[] png = TestImages.encode(TestImages.grey(64, 64, (x, y) -> x * y & 0xFF), "png");
        byte[] bmp = TestImages.encode(TestImages.grey(64, 64, (x, y) -> x), "bmp");
        BufferedImage page = TestImages.grey(8, 8, (x, y) -> x);

        assertThat(refusal(Arrays.copyOf(jpeg, jpeg.length / 2))).isEqualTo("image-malformed");
        assertThat(refusal(Arrays.copyOf(png, png.length / 2))).isEqualTo("image-malformed");
        assertThat(refusal(Arrays.copyOf(bmp, bmp.length / 2))).isEqualTo("image-malformed");
        assertThat(refusal(Arrays.copyOf(TestImages.WEBP, 40))).isEqualTo("image-malformed");
        assertThat(refusal("just some text, no picture".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("image-unknown-format");
        assertThat(refusal(TestImages.gif())).isEqualTo("image-unknown-format");
        assertThat(refusal(new byte[0])).isEqualTo("image-unknown-format");
        assertThat(refusal(TestImages.pngHeader(0, 0))).isEqualTo("image-empty");
        assertThat(refusal(TestImages.pngHeader(30_000, 30_000))).isEqualTo("image-too-many-pixels");
        assertThat(refusal(TestImages.pngHeader(-1, -1))).isEqualTo("image-too-many-pixels");
        assertThat(refusal(TestImages.animatedPng())).isEqualTo("image-animated");
        assertThat(refusal(TestImages.tiff(page, page))).isEqualTo("image-animated");
        assertThat(refusal(TestImages.alphaPng())).isEqualTo("image-alpha");
        assertThat(refusal(TestImages.deepJpeg())).isEqualTo("image-deep");
        assertThat(refusal(TestImages.cmykJpeg())).isEqualTo("image-cmyk");
        assertThat(refusal(TestImages.pngHeader(8, 8, TestImages.chunk("IDAT", new byte[] {1, 2, 3}))))
                .isEqualTo("image-malformed");
        assertThat(refusal(new byte[2 << 20])).isEqualTo("too-large");
    }

    @Test
    void aCropThatLeavesTheFrameIsRefused() {
        ImageDecoder decoder = decoder("width: 2, height: 2, crop: {x: 7, y: 0, width: 2, height: 2}");

        assertThat(label(decoder.decode(TestImages.plain(8, 1), ""))).isEqualTo("image-too-small");
    }

    @Test
    void aDecompressionBombCostsNothing() {
        ImageDecoder decoder = decoder("width: 8, height: 8");
        byte[] bomb = TestImages.pngHeader(30_000, 30_000, TestImages.chunk("IDAT", new byte[1000]));
        decoder.decode(bomb, "");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        decoder.decode(bomb, "");

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16 << 10);
    }

    @Test
    void damageAnywhereGivesAFrameOrAReasonAndNeverAnException() {
        byte[][] good = {
            TestImages.encode(TestImages.grey(24, 24, (x, y) -> x * y & 0xFF), "jpeg"),
            TestImages.encode(TestImages.grey(24, 24, (x, y) -> x * y & 0xFF), "png"),
            TestImages.encode(TestImages.rgb(24, 24, (x, y) -> x * y), "bmp"),
            TestImages.tiff(TestImages.rgb(24, 24, (x, y) -> x * y)),
            TestImages.WEBP
        };
        Random random = new Random(7);
        ImageDecoder decoder = decoder("width: 8, height: 8, max-pixels: 100000");
        for (int i = 0; i < 1500; i++) {
            byte[] damaged = good[i % good.length].clone();
            for (int k = 0; k <= i % 4; k++) damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            if (i % 7 == 0) damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));

            assertThat(decoder.decode(damaged, "")).isNotNull();
        }
        assertThat(decoder.decode(good[0], "")).isInstanceOf(ImageDecoder.Decoded.class);
    }

    private Frame decode(String image, byte[] encoded) {
        ImageDecoder.Outcome outcome = decoder(image).decode(encoded, "id-1");
        assertThat(outcome).isInstanceOf(ImageDecoder.Decoded.class);
        return ((ImageDecoder.Decoded) outcome).frame();
    }

    private String refusal(byte[] encoded) {
        return label(decoder("width: 8, height: 8").decode(encoded, ""));
    }

    private static String label(ImageDecoder.Outcome outcome) {
        return outcome instanceof Refusal refusal ? refusal.reason().label() : "decoded";
    }

    private static int[] shades(Frame frame) {
        int[] shades = new int[frame.values()];
        for (int i = 0; i < shades.length; i++) shades[i] = frame.pixels()[i] & 0xFF;
        return shades;
    }

    private ImageDecoder decoder(String image) {
        return new ImageDecoder(spec(image));
    }

    private ImageSpec spec(String image) {
        try {
            Path file = Files.writeString(folder.resolve("stream.yaml"), """
                    stream: camera
                    input: {topic: frames, format: image, image: {%s}}
                    """.formatted(image));
            return StreamFile.read(file).input().image().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InvalidConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }
}
