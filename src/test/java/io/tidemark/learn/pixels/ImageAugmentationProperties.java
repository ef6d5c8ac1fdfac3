package io.tidemark.learn.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.engine.CounterRandom;
import io.tidemark.net.network.AugmentationSpec;
import io.tidemark.net.network.AugmentationSpec.Kind;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.OptimiserSpec;
import io.tidemark.net.network.Regularisation;
import io.tidemark.net.network.Schedule;
import io.tidemark.net.network.TrainingMethod;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Units;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each declared change does to an image and to its target; fixed seeds. */
class ImageAugmentationProperties {
    private static final ImageShape SHAPE = new ImageShape(1, 24, 30);
    private static final int SIZE = SHAPE.size();

    @Test
    void noiseChangesTheInputAlone() {
        float[] input = ramp();
        float[] target = new float[SIZE];
        augmentation(false, new AugmentationSpec(Kind.NOISE, 0.1)).apply(input, 0, target, 0, draws(1));
        assertThat(target).containsExactly(ramp());
        double square = 0;
        for (int i = 0; i < SIZE; i++) square += Math.pow(input[i] - target[i], 2) / SIZE;
        assertThat(Math.sqrt(square)).isCloseTo(0.1, within(0.015));
    }

    @Test
    void lightAndGeometryChangeInputAndTargetAlike() {
        for (Kind kind : List.of(Kind.BRIGHTNESS, Kind.CONTRAST, Kind.CROP, Kind.FLIP)) {
            boolean changed = false;
            for (int seed = 0; seed < 10; seed++) {
                float[] input = ramp();
                float[] target = new float[SIZE];
                augmentation(false, new AugmentationSpec(kind, 0.5)).apply(input, 0, target, 0, draws(seed));
                assertThat(target).containsExactly(input);
                for (float value : input) assertThat(value).isBetween(0f, 1f);
                changed |= !java.util.Arrays.equals(input, ramp());
            }
            assertThat(changed).as(kind.name()).isTrue();
        }
    }

    @Test
    void aCertainFlipIsAMirror() {
        float[] input = ramp();
        augmentation(false, new AugmentationSpec(Kind.FLIP, 1)).apply(input, 0, new float[SIZE], 0, draws(1));
        float[] ramp = ramp();
        for (int row = 0; row < SHAPE.rows(); row++) {
            for (int column = 0; column < SHAPE.columns(); column++) {
                int mirrored = row * SHAPE.columns() + SHAPE.columns() - 1 - column;
                assertThat(input[row * SHAPE.columns() + column]).isEqualTo(ramp[mirrored]);
            }
        }
    }

    @Test
    void aSegmentersTargetIsWhereItsImageWasChanged() {
        for (int seed = 0; seed < 50; seed++) {
            float[] input = ramp();
            float[] mask = new float[SIZE];
            augmentation(true, new AugmentationSpec(Kind.SYNTHETIC_DEFECTS, 1)).apply(input, 0, mask, 0, draws(seed));
            float[] ramp = ramp();
            for (int i = 0; i < SIZE; i++) {
                assertThat(mask[i]).isIn(0f, 1f);
                if (Math.abs(input[i] - ramp[i]) > 0.25f) assertThat(mask[i]).isEqualTo(1);
            }
        }
        float[] untouched = ramp();
        float[] mask = ramp();
        augmentation(true).apply(untouched, 0, mask, 0, draws(1));
        assertThat(untouched).containsExactly(ramp());
        assertThat(mask).containsOnly(0f);
    }

    @Test
    void theSameNumbersGiveTheSameImageAndNeighboursAreLeftAlone() {
        float[] batch = new float[3 * SIZE];
        System.arraycopy(ramp(), 0, batch, SIZE, SIZE);
        ImageAugmentation all = augmentation(
                true,
                new AugmentationSpec(Kind.NOISE, 0.1),
                new AugmentationSpec(Kind.CROP, 0.2),
                new AugmentationSpec(Kind.SYNTHETIC_DEFECTS, 1));
        float[] targets = new float[3 * SIZE];
        all.apply(batch, SIZE, targets, SIZE, draws(7));
        float[] alone = ramp();
        all.apply(alone, 0, new float[SIZE], 0, draws(7));
        for (int i = 0; i < SIZE; i++) {
            assertThat(batch[SIZE + i]).isEqualTo(alone[i]);
            assertThat(batch[i] + batch[2 * SIZE + i] + targets[i] + targets[2 * SIZE + i])
                    .isZero();
        }
    }

    private static CounterRandom draws(long step) {
        return CounterRandom.of(3, "augmentation", step);
    }

    private static float[] ramp() {
        float[] image = new float[SIZE];
        for (int i = 0; i < SIZE; i++) image[i] = 0.2f + 0.6f * (i % SHAPE.columns()) / SHAPE.columns();
        return image;
    }

    private static ImageAugmentation augmentation(boolean segments, AugmentationSpec... augmentations) {
        TrainingSpec training = new TrainingSpec(
                TrainingMethod.GRADIENT,
                new TrainingSpec.Objective(
                        segments ? TrainingSpec.Loss.BINARY_CROSS_ENTROPY : TrainingSpec.Loss.MSE, 1, 1),
                new TrainingSpec.Optimisation(new OptimiserSpec.Adam(0), 0.001, Schedule.CONSTANT, 4),
                TrainingSpec.Start.BY_ACTIVATION,
                Regularisation.NONE,
                0,
                TrainingSpec.Pretraining.NONE,
                List.of(augmentations));
        Network network = new NetworkSpec(
                        "small",
                        segments ? NetworkSpec.Kind.SEGMENTER : NetworkSpec.Kind.AUTOENCODER,
                        NetworkSpec.Input.IMAGE,
                        1,
                        NetworkSpec.Forecast.NONE,
                        List.of(new Layer.Conv2d(
                                new Units.Count(1), 1, 1, 0, io.tidemark.net.network.Activation.IDENTITY)),
                        training)
                .bind(1, SHAPE.rows(), SHAPE.columns());
        return new ImageAugmentation(network, new ImageAugmentation.Donors() {
            @Override
            public int count() {
                return 1;
            }

            @Override
            public void copy(int index, float[] into) {
                System.arraycopy(ramp(), 0, into, 0, SIZE);
            }
        });
    }
}
