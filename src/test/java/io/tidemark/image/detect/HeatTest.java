package io.tidemark.image.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.learn.pixels.ErrorMap;
import io.tidemark.learn.pixels.ErrorMapProperties;
import io.tidemark.learn.pixels.ImageShape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class HeatTest {
    @Test
    void theStrangestPlaceIsRedAndTheUsualOneBlue() {
        float[] values = new float[100];
        for (int row = 6; row < 9; row++) for (int column = 1; column < 4; column++) values[row * 10 + column] = 1;
        ErrorMap map = new ErrorMap(10, 10, values);
        BufferedImage frame = new BufferedImage(200, 100, BufferedImage.TYPE_INT_RGB);
        BufferedImage picture = Heat.of(map, 0).over(frame, 400, 200, map, new Box(200, 0, 200, 200), List.of());
        assertThat(picture.getWidth()).isEqualTo(200);
        int strange = picture.getRGB(125, 75);
        int usual = picture.getRGB(180, 20);
        assertThat(strange >> 16 & 255).isGreaterThan(100 + (strange & 255));
        assertThat(usual & 255).isGreaterThan(usual >> 16 & 255);
        assertThat(picture.getRGB(50, 50) & 0xFFFFFF).as("outside of the crop").isZero();
    }

    @Test
    void aGoodImageStaysCool() {
        ErrorMap map = ErrorMapProperties.random(1, 8, 8);
        Heat heat = Heat.of(map, 100);
        assertThat(heat.high()).isEqualTo(100);
        assertThat(heat.low()).isEqualTo(map.median());
        assertThat(Heat.of(new ErrorMap(2, 2, new float[4]), 0).high()).isPositive();
    }

    @Test
    void aLargeFrameIsDrawnAtTheDeclaredSize() throws IOException {
        double shrink = Heat.shrink(1000, 300, 100);
        assertThat(shrink).isEqualTo(0.1);
        assertThat(Heat.shrink(10, 20, 100)).isEqualTo(1);
        BufferedImage small = new BufferedImage(100, 30, BufferedImage.TYPE_BYTE_GRAY);
        ErrorMap map = ErrorMapProperties.random(2, 8, 8);
        BufferedImage picture = new Heat(0, 1).over(small, 1000, 300, map, new Box(0, 0, 1000, 300), Region.of(map, 2));
        BufferedImage both = Heat.sideBySide(List.of(picture, Heat.picture(new ImageShape(3, 4, 4), new float[48], 0)));
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(Heat.png(both)));
        assertThat(read.getWidth()).isEqualTo(100 + 8 + 4);
        assertThat(read.getHeight()).isEqualTo(30);
    }
}
