package io.tidemark.learn.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.image.detect.PooledError;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Maps against the slow, obvious computation; fixed seeds. */
public class ErrorMapProperties {
    @Test
    void aPooledPixelIsTheMeanOfItsNeighboursInsideTheMap() {
        for (int seed = 0; seed < 20; seed++) {
            ErrorMap map = random(seed, 1 + seed % 9, 1 + seed % 7);
            int side = 1 + 2 * (seed % 4);
            ErrorMap pooled = map.pooled(side);
            for (int row = 0; row < map.rows(); row++) {
                for (int column = 0; column < map.columns(); column++) {
                    assertThat((double) pooled.at(row, column))
                            .isCloseTo(mean(map, row, column, side / 2), within(1e-5));
                }
            }
        }
    }

    @Test
    void theMeanOfTheLargestIsThatOfTheSortedValues() {
        ErrorMap map = random(3, 6, 10);
        float[] sorted = map.values().clone();
        Arrays.sort(sorted);
        double sum = 0;
        for (int i = 48; i < 60; i++) sum += sorted[i];
        assertThat(map.meanOfLargest(0.2)).isCloseTo(sum / 12, within(1e-6));
        assertThat(map.meanOfLargest(1e-9)).isEqualTo(map.largest());
    }

    @Test
    void aStandardisedMapForgetsBrightnessAndContrast() {
        ErrorMap map = random(5, 8, 9);
        float[] changed = map.values().clone();
        for (int i = 0; i < changed.length; i++) changed[i] = 3 * changed[i] + 7;
        float[] expected = map.standardised().values();
        float[] actual = new ErrorMap(8, 9, changed).standardised().values();
        for (int i = 0; i < expected.length; i++) assertThat(actual[i]).isCloseTo(expected[i], within(1e-3f));
        assertThat(map.standardised().median()).isCloseTo(0, within(1e-5f));
    }

    @Test
    void aFlatMapStandsOutNowhere() {
        float[] flat = new float[30];
        Arrays.fill(flat, 0.25f);
        assertThat(new ErrorMap(5, 6, flat).standardised().largest()).isZero();
        assertThat(new ErrorMap(5, 6, flat).contrast()).isZero();
    }

    @Test
    void resizingKeepsAPlaneAPlane() {
        float[] plane = new float[20 * 30];
        for (int i = 0; i < plane.length; i++) plane[i] = i / 30 + 0.5f + 2 * (i % 30 + 0.5f);
        ErrorMap larger = new ErrorMap(20, 30, plane).resized(40, 60);
        for (int row = 2; row < 38; row++) {
            for (int column = 2; column < 58; column++) {
                assertThat(larger.at(row, column)).isCloseTo((row + 0.5f) / 2 + column + 0.5f, within(1e-3f));
            }
        }
    }

    @Test
    void errorsOfChannelsAreAveraged() {
        ImageShape shape = new ImageShape(2, 1, 2);
        float[] image = {9, 9, 0, 1, 1, 0};
        float[] other = {0, 0, 1, 1};
        ErrorMap map = ErrorMap.squared(shape, image, 2, other, 0);
        assertThat(map.values()).containsExactly(0f, 1f);
    }

    @Test
    void energyRelatesTheErrorToTheImage() {
        ImageShape shape = new ImageShape(1, 4, 4);
        float[] dim = new float[16];
        float[] bright = new float[16];
        Arrays.fill(dim, 0.1f);
        Arrays.fill(bright, 1f);
        float[] errors = new float[16];
        errors[5] = 0.5f;
        ErrorMap map = new ErrorMap(4, 4, errors);
        PooledError pooled = new PooledError(3, 0.1);
        assertThat(pooled.score(map, shape, dim, 0)).isGreaterThan(10 * pooled.score(map, shape, bright, 0));
    }

    @Test
    void settingsOutOfTheirIntervalAreNamed() {
        assertThatThrownBy(() -> new PooledError(4, 0.2)).hasMessageContaining("odd in [1, 255], but was 4");
        assertThatThrownBy(() -> new ErrorMap(2, 3, new float[5])).hasMessageContaining("2x3 does not fit 5");
        assertThatThrownBy(() -> new ImageShape(1, 0, 3)).hasMessageContaining("rows must be in [1, 4096], but was 0");
    }

    private static double mean(ErrorMap map, int row, int column, int half) {
        double sum = 0;
        int count = 0;
        for (int r = row - half; r <= row + half; r++) {
            for (int c = column - half; c <= column + half; c++) {
                if (r < 0 || c < 0 || r >= map.rows() || c >= map.columns()) continue;
                sum += map.at(r, c);
                count++;
            }
        }
        return sum / count;
    }

    public static ErrorMap random(int seed, int rows, int columns) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextDouble();
        return new ErrorMap(rows, columns, values);
    }
}
