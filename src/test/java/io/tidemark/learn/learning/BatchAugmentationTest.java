package io.tidemark.learn.learning;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BatchAugmentationTest {
    private static final int SIZE = 64 * 64;

    @Test
    void aSegmentersBatchGetsDefectsAndTheirMasksTheSameForTheSameStep() {
        Network network =
                Zoo.load(Path.of("topology/zoo")).spec("image-segmenter").bind(1, 64, 64);
        BatchAugmentation augmentation = new BatchAugmentation(network, 5);
        float[] first = frames(4);
        float[] masks = new float[4 * SIZE];
        augmentation.apply(first, masks, 4, 17);
        float marked = 0;
        for (float mask : masks) marked += mask;
        assertThat(marked).isPositive();
        float[] again = frames(4);
        new BatchAugmentation(network, 5).apply(again, new float[4 * SIZE], 4, 17);
        assertThat(again).containsExactly(first).isNotEqualTo(frames(4));
        float[] later = frames(4);
        augmentation.apply(later, new float[4 * SIZE], 4, 18);
        assertThat(later).isNotEqualTo(first);
    }

    @Test
    void aNetworkThatDeclaresNoneIsTaughtWhatCame() {
        Network network = Zoo.load(Path.of("topology/zoo")).spec("dense-ae").bind(1);
        float[] input = frames(1);
        float[] target = frames(1);
        new BatchAugmentation(network, 5).apply(input, target, 2, 1);
        assertThat(input).containsExactly(frames(1));
        assertThat(target).containsExactly(frames(1));
    }

    private static float[] frames(int count) {
        float[] frames = new float[count * SIZE];
        Arrays.fill(frames, 0.5f);
        for (int i = 0; i < frames.length; i += 7) frames[i] = 0.4f;
        return frames;
    }
}
