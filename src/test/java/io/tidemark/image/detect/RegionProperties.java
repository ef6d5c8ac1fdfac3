package io.tidemark.image.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.learn.pixels.ErrorMap;
import io.tidemark.learn.pixels.ErrorMapProperties;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Regions of random and of made maps; fixed seeds. */
class RegionProperties {
    @Test
    void regionsLieInsideTheMapShareAtMostTheWholeAndComeHighestFirst() {
        for (int seed = 0; seed < 40; seed++) {
            ErrorMap map =
                    ErrorMapProperties.random(seed, 3 + seed % 11, 4 + seed % 5).pooled(3);
            List<Region> regions = Region.of(map, 1 + seed % 6);
            assertThat(regions).isNotEmpty().hasSizeLessThanOrEqualTo(1 + seed % 6);
            assertThat(regions.get(0).peak()).isEqualTo(map.largest());
            double shares = 0;
            float last = Float.POSITIVE_INFINITY;
            for (Region region : regions) {
                Box box = region.box();
                assertThat(box.left() + box.width()).isLessThanOrEqualTo(map.columns());
                assertThat(box.top() + box.height()).isLessThanOrEqualTo(map.rows());
                assertThat(region.peak()).isLessThanOrEqualTo(last);
                last = region.peak();
                shares += region.share();
            }
            assertThat(shares).isLessThanOrEqualTo(1 + 1e-6);
        }
    }

    @Test
    void twoSpotsGiveTheirTwoBoxes() {
        float[] values = new float[20 * 30];
        for (int row = 3; row < 6; row++) for (int column = 4; column < 9; column++) values[row * 30 + column] = 2;
        for (int row = 12; row < 14; row++) for (int column = 20; column < 24; column++) values[row * 30 + column] = 1;
        List<Region> regions = Region.of(new ErrorMap(20, 30, values), 5);
        assertThat(regions).hasSize(2);
        assertThat(regions.get(0).box()).isEqualTo(new Box(4, 3, 5, 3));
        assertThat(regions.get(0).share()).isEqualTo(30.0 / 38);
        assertThat(regions.get(1).box()).isEqualTo(new Box(20, 12, 4, 2));
    }

    @Test
    void aHillWithASlopeIsOneRegionAndItsNeighbourAnother() {
        float[] values = new float[40 * 60];
        for (int i = 0; i < values.length; i++) {
            double first = Math.hypot(i / 60 - 12, i % 60 - 15) / 6;
            double second = Math.hypot(i / 60 - 25, i % 60 - 40) / 4;
            values[i] = (float) (Math.exp(-first * first) + 0.6 * Math.exp(-second * second));
        }
        List<Region> regions = Region.of(new ErrorMap(40, 60, values), 8);
        assertThat(regions).hasSize(2);
        assertThat(regions.get(0).box().left()).isBetween(8, 12);
        assertThat(regions.get(1).box().left()).isBetween(36, 38);
    }

    @Test
    void aFlatMapHasNoRegions() {
        assertThat(Region.of(new ErrorMap(4, 4, new float[16]), 3)).isEmpty();
    }

    @Test
    void aBoxOfAResizedCropCoversItsPixelsInTheFrame() {
        Box crop = new Box(100, 50, 300, 200);
        assertThat(new Box(0, 0, 30, 20).within(20, 30, crop)).isEqualTo(crop);
        assertThat(new Box(3, 4, 2, 1).within(20, 30, crop)).isEqualTo(new Box(130, 90, 20, 10));
        for (int i = 0; i < 7; i++) {
            Box tiny = new Box(i, i, 1, 1).within(7, 7, new Box(0, 0, 10, 3));
            assertThat(tiny.left() * 7).isLessThanOrEqualTo(i * 10);
            assertThat((tiny.left() + tiny.width()) * 7).isGreaterThanOrEqualTo((i + 1) * 10);
            assertThat(tiny.top() + tiny.height()).isLessThanOrEqualTo(3);
        }
    }
}
