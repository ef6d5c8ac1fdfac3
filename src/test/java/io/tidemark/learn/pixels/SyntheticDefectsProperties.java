package io.tidemark.learn.pixels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is drawn into good images; fixed seeds. */
class SyntheticDefectsProperties {
    private static final ImageShape SHAPE = new ImageShape(1, 48, 64);

    @Test
    void onlyMarkedPixelsChangeMuchAndAllStayInRange() {
        for (int seed = 0; seed < 200; seed++) {
            float[] image = grey();
            float[] mask = new float[SHAPE.pixels()];
            Arrays.fill(mask, 9);
            new SyntheticDefects(SHAPE, new SplittableRandom(seed)).draw(image, 0, textured(), mask, 0);
            for (int i = 0; i < mask.length; i++) {
                assertThat(mask[i]).isIn(0f, 1f);
                assertThat(image[i]).isBetween(0f, 1f);
                if (mask[i] == 0) assertThat(Math.abs(image[i] - 0.5f)).isLessThan(0.6f);
            }
        }
    }

    @Test
    void brighterAndDarkerDefectsAreAboutAsFrequent() {
        int brighter = 0;
        int darker = 0;
        for (int seed = 0; seed < 400; seed++) {
            float[] image = grey();
            float[] mask = new float[SHAPE.pixels()];
            new SyntheticDefects(SHAPE, new SplittableRandom(seed)).draw(image, 0, grey(), mask, 0);
            double change = 0;
            for (int i = 0; i < mask.length; i++) if (mask[i] == 1) change += image[i] - 0.5;
            if (change > 0) brighter++;
            if (change < 0) darker++;
        }
        assertThat(brighter).isBetween(150, 250);
        assertThat(darker).isBetween(150, 250);
    }

    @Test
    void theSameSeedDrawsTheSame() {
        float[] first = textured();
        float[] second = textured();
        float[] mask = new float[SHAPE.pixels()];
        new SyntheticDefects(SHAPE, new SplittableRandom(4)).draw(first, 0, textured(), mask, 0);
        new SyntheticDefects(SHAPE, new SplittableRandom(4)).draw(second, 0, textured(), new float[mask.length], 0);
        assertThat(first).containsExactly(second).isNotEqualTo(textured());
    }

    @Test
    void anImageInTheMiddleOfABatchLeavesItsNeighboursAlone() {
        int size = SHAPE.size();
        float[] batch = new float[3 * size];
        Arrays.fill(batch, 0.5f);
        float[] masks = new float[3 * size];
        new SyntheticDefects(SHAPE, new SplittableRandom(4)).draw(batch, size, textured(), masks, size);
        for (int i = 0; i < size; i++) {
            assertThat(batch[i]).isEqualTo(0.5f);
            assertThat(batch[2 * size + i]).isEqualTo(0.5f);
            assertThat(masks[i] + masks[2 * size + i]).isZero();
        }
    }

    private static float[] grey() {
        float[] image = new float[SHAPE.size()];
        Arrays.fill(image, 0.5f);
        return image;
    }

    private static float[] textured() {
        SplittableRandom random = new SplittableRandom(1);
        float[] image = new float[SHAPE.size()];
        for (int i = 0; i < image.length; i++) image[i] = (float) random.nextDouble();
        return image;
    }
}
