package io.tidemark.image.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.learn.evaluation.Ranking;
import io.tidemark.learn.pixels.ImageShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Splits of made images; fixed seeds. */
class GroupedSplitProperties {
    private static final ImageShape SHAPE = new ImageShape(1, 40, 50);

    @Test
    void numbersNearEachOtherAndAlikeImagesAreOneGroup() {
        List<float[]> images = images(6);
        images.set(5, images.get(0));
        long[] numbers = {100, 9000, 1100, 20_000, 2101, 50_000};
        int[] groups = GroupedSplit.groups(SHAPE, images, numbers, 1000, 0.95);
        assertThat(groups).containsExactly(0, 1, 0, 2, 3, 0);
    }

    @Test
    void noGroupLiesOnBothSides() {
        SplittableRandom random = new SplittableRandom(1);
        for (int seed = 0; seed < 50; seed++) {
            int[] groups = new int[200];
            for (int i = 0; i < groups.length; i++) groups[i] = i < 30 ? i : random.nextInt(30);
            GroupedSplit split = GroupedSplit.of(groups, 0.8, seed);
            Set<Integer> learnt = new HashSet<>();
            for (int i : split.train()) learnt.add(groups[i]);
            for (int i : split.test()) assertThat(learnt).doesNotContain(groups[i]);
            assertThat(split.train().size() + split.test().size()).isEqualTo(200);
            assertThat(split.train().size()).isBetween(145, 175);
        }
    }

    @Test
    void theSeedDecidesTheSplit() {
        int[] groups = new int[40];
        for (int i = 0; i < 40; i++) groups[i] = i;
        assertThat(GroupedSplit.of(groups, 0.8, 1)).isEqualTo(GroupedSplit.of(groups, 0.8, 1));
        assertThat(GroupedSplit.of(groups, 0.8, 1)).isNotEqualTo(GroupedSplit.of(groups, 0.8, 2));
        assertThatThrownBy(() -> GroupedSplit.of(new int[5], 0.8, 1)).hasMessageContaining("at least 2 groups");
    }

    @Test
    void aCopyInAnotherLightIsNotNovel() {
        List<float[]> train = images(4);
        float[] brighter = train.get(2).clone();
        for (int i = 0; i < brighter.length; i++) brighter[i] = 0.5f * brighter[i] + 0.4f;
        double[] novelty =
                GroupedSplit.novelty(SHAPE, train, List.of(brighter, images(5).get(4)));
        assertThat(novelty[0]).isCloseTo(0, within(1e-5));
        assertThat(novelty[1]).isGreaterThan(0.5);
    }

    @Test
    void theRankingOfPixelsIsThatOfAllPairs() {
        SplittableRandom random = new SplittableRandom(2);
        for (int round = 0; round < 20; round++) {
            PixelRanking ranking = new PixelRanking();
            double[] all = new double[300];
            boolean[] labels = new boolean[300];
            for (int image = 0; image < 3; image++) {
                float[] values = new float[100];
                float[] mask = image == 1 ? new float[0] : new float[100];
                for (int i = 0; i < 100; i++) {
                    values[i] = (random.nextInt(9) - 4) / 3f;
                    if (mask.length > 0 && random.nextInt(5) == 0) mask[i] = 1;
                    all[image * 100 + i] = values[i];
                    labels[image * 100 + i] = mask.length > 0 && mask[i] == 1;
                }
                ranking.add(values, mask);
            }
            assertThat(ranking.aucRoc()).isCloseTo(Ranking.of(all, labels).aucRoc(), within(1e-9));
        }
    }

    private static List<float[]> images(int count) {
        List<float[]> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SplittableRandom random = new SplittableRandom(i);
            float[] image = new float[SHAPE.size()];
            for (int j = 0; j < image.length; j++) image[j] = (float) random.nextDouble();
            images.add(image);
        }
        return images;
    }
}
