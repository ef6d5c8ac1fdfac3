package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.image.detect.Heat;
import io.tidemark.learn.pixels.ImageShape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Good images and defects in folders, through the whole command line, with a bank alone. */
class ImageCommandTest {
    private static final ImageShape FRAME = new ImageShape(1, 48, 64);

    @TempDir
    private Path folder = Path.of("");

    private Path stream = Path.of("");

    @BeforeEach
    void drawImages() throws IOException {
        stream = Files.writeString(folder.resolve("parts.yaml"), """
                stream: parts
                input: {topic: parts, format: image, image: {width: 32, height: 24}}
                """);
        for (int i = 0; i < 40; i++) write("data/good/img_num_" + 5000 * i + ".png", frame(i), false, false);
        for (int i = 0; i < 4; i++) {
            write("data/dent/img_num_" + i + ".bmp", frame(100 + i), true, false);
            write("data/dent/img_num_" + i + ".png", new float[FRAME.size()], true, true);
        }
    }

    @Test
    void aTaughtDetectorNamesTheDentInTheFilesOwnPixelsAndDrawsIt() throws IOException {
        teach();
        Path maps = folder.resolve("maps");
        CommandLineSession session = CommandLineSession.of(
                "image",
                "score",
                folder.resolve("data/dent/img_num_1.bmp").toString(),
                folder.resolve("data/good").toString(),
                "--stream",
                stream.toString(),
                "--model",
                folder.resolve("model").toString(),
                "--map",
                maps.toString(),
                "--json");
        assertThat(session.err()).isEmpty();
        assertThat(session.exitCode()).isZero();
        String[] lines = session.out().strip().split("\n");
        assertThat(lines).hasSize(41);
        JsonNode dent = new ObjectMapper().readTree(lines[0]);
        for (int i = 1; i < lines.length; i++) {
            assertThat(new ObjectMapper().readTree(lines[i]).path("score").asDouble())
                    .isLessThan(dent.path("score").asDouble());
        }
        JsonNode region = dent.path("regions").path(0);
        assertThat(region.path("left").asInt()).isBetween(20, 42);
        assertThat(region.path("top").asInt()).isBetween(10, 28);
        BufferedImage map = ImageIO.read(maps.resolve("img_num_1.bmp.map.png").toFile());
        assertThat(map.getWidth()).isEqualTo(64);
        assertThat(map.getHeight()).isEqualTo(48);
    }

    @Test
    void aFileThatIsNoImageIsRejectedAndTheOthersGoOn() throws IOException {
        teach();
        Path text = Files.writeString(folder.resolve("notes.png"), "no image");
        CommandLineSession session = CommandLineSession.of(
                "image",
                "score",
                text.toString(),
                folder.resolve("data/good/img_num_0.png").toString(),
                "--stream",
                stream.toString(),
                "--model",
                folder.resolve("model").toString(),
                "--map",
                folder.resolve("maps").toString(),
                "--plot");
        assertThat(session.exitCode()).isEqualTo(1);
        assertThat(session.out()).contains("notes.png  rejected: image-unknown-format", "img_num_0.png");
        BufferedImage plot =
                ImageIO.read(folder.resolve("maps/img_num_0.png.map.png").toFile());
        assertThat(plot.getWidth()).isEqualTo(2 * 32 + 8);
    }

    @Test
    void evaluationShowsImagesPixelsAndTheLeakControl() {
        CommandLineSession session = CommandLineSession.of(
                "image",
                "evaluate",
                "--data",
                folder.resolve("data").toString(),
                "--good",
                "good",
                "--stream",
                stream.toString(),
                "--bank-anywhere",
                "--patch",
                "6",
                "--stride",
                "3",
                "--splits",
                "2");
        assertThat(session.err()).isEmpty();
        assertThat(session.exitCode()).isZero();
        assertThat(session.out()).contains("40 good images in 40 groups, 4 defects");
        String[] mean = session.out().strip().split("\n");
        String[] figures = mean[mean.length - 1].strip().split("\\s+");
        assertThat(figures[0]).isEqualTo("mean");
        assertThat(Double.parseDouble(figures[2])).isGreaterThan(0.95);
        assertThat(Double.parseDouble(figures[3])).isGreaterThan(0.85);
    }

    @Test
    void whatIsMissingIsSaid() {
        CommandLineSession noGood = CommandLineSession.of(
                "image",
                "evaluate",
                "--data",
                folder.resolve("data").toString(),
                "--bank",
                "--stream",
                stream.toString());
        assertThat(noGood.exitCode()).isEqualTo(2);
        assertThat(noGood.err()).contains("--good is missing");
        CommandLineSession noModel = CommandLineSession.of(
                "image", "score", "x.png", "--stream", stream.toString(), "--model", folder.toString());
        assertThat(noModel.exitCode()).isEqualTo(1);
        assertThat(noModel.err()).contains("holds no detector; make one with image fit");
        CommandLineSession noImages = CommandLineSession.of(
                "image", "fit", "--good", folder.toString(), "--bank", "--stream", "nab", "--model", "m");
        assertThat(noImages.exitCode()).isEqualTo(2);
        assertThat(noImages.err()).contains("stream nab has no images");
    }

    private void teach() {
        CommandLineSession session = CommandLineSession.of(
                "image",
                "fit",
                "--good",
                folder.resolve("data/good").toString(),
                "--stream",
                stream.toString(),
                "--bank-anywhere",
                "--patch",
                "6",
                "--stride",
                "3",
                "--model",
                folder.resolve("model").toString());
        assertThat(session.err()).isEmpty();
        assertThat(session.exitCode()).isZero();
        assertThat(session.out()).contains("40 images taught");
    }

    private static float[] frame(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] image = new float[FRAME.size()];
        for (int i = 0; i < image.length; i++) image[i] = (float) (0.4 + 0.1 * random.nextDouble());
        return image;
    }

    /** Writes an image, with a bright dent of 8 by 8 pixels at 32,20 when it is dented; a mask is white there and black elsewhere. */
    private void write(String name, float[] pixels, boolean dented, boolean mask) throws IOException {
        for (int row = 20; dented && row < 28; row++) {
            for (int column = 32; column < 40; column++) pixels[row * FRAME.columns() + column] = mask ? 1 : 0.75f;
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        BufferedImage picture = Heat.picture(FRAME, pixels, 0);
        ImageIO.write(picture, name.endsWith(".bmp") ? "bmp" : "png", file.toFile());
    }
}
