package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.network.Hidden;
import org.junit.jupiter.api.Test;

class HiddenBlocksTest {
    @Test
    void itsShareOfAllValuesIsHiddenInWholeRows() {
        HiddenBlocks blocks = new HiddenBlocks(new Hidden(0.3, 4), new int[] {40, 3});
        CounterRandom random = CounterRandom.of(1, "hidden", 0);
        int samples = 2000;
        double hidden = 0;
        int changes = 0;
        for (int i = 0; i < samples * 120; i += 3) {
            float first = blocks.whileTraining(random, i);
            assertThat(blocks.whileTraining(random, i + 1)).isEqualTo(first);
            assertThat(blocks.whileTraining(random, i + 2)).isEqualTo(first);
            hidden += 1 - first;
            if (i % 120 != 0 && blocks.whileTraining(random, i - 3) != first) changes++;
        }
        assertThat(hidden / (samples * 40)).isCloseTo(0.3, within(0.01));
        // a quarter of the 39 borders between rows is one between blocks, and 2·0.3·0.7 of those part a hidden one from
        // another
        assertThat(changes / (double) samples).isCloseTo(39 / 4.0 * 0.42, within(0.15));
    }

    @Test
    void blocksOfAnImageAreSquaresOverAllChannels() {
        HiddenBlocks blocks = new HiddenBlocks(new Hidden(0.5, 3), new int[] {2, 6, 5});
        CounterRandom random = CounterRandom.of(1, "hidden", 0);
        double hidden = 0;
        for (int sample = 0; sample < 1000; sample++) {
            for (int at = 0; at < 30; at++) {
                float factor = blocks.whileTraining(random, sample * 60 + at);
                assertThat(blocks.whileTraining(random, sample * 60 + 30 + at)).isEqualTo(factor);
                hidden += 1 - factor;
            }
        }
        assertThat(hidden / 30_000).isCloseTo(0.5, within(0.02));
        for (int i = 0; i < 60; i++) assertThat(blocks.whileScoring(i)).isEqualTo(1f);
    }

    @Test
    void scoringHidesTheLastRowOnly() {
        HiddenBlocks blocks = new HiddenBlocks(new Hidden(0.3, 4), new int[] {4, 2});
        for (int i = 0; i < 8; i++) assertThat(blocks.whileScoring(i)).isEqualTo(i < 6 ? 1f : 0f);
    }
}
