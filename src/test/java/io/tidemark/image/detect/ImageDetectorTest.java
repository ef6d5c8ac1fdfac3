package io.tidemark.image.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.learn.fit.Fit;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Safetensors;
import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ImageDetectorTest {
    static final ImageShape SHAPE = new ImageShape(1, 20, 24);
    static final PatchBank.Settings BANK = new PatchBank.Settings(6, 3, true, 2000, new MemoryBank.Settings(12, 400));

    private final FakeEngine engine = new FakeEngine();

    @Test
    void aSpotOfEitherSignStandsOutOfStripesAndIsBoxed() {
        try (ImageDetector detector = teach(Optional.empty(), Optional.of(BANK), 1)) {
            double worstGood = Double.NEGATIVE_INFINITY;
            for (ImageDetector.Finding good : detector.findings(stripes(500, 20))) {
                worstGood = Math.max(worstGood, good.score());
            }
            for (float change : new float[] {-0.5f, 0.5f}) {
                float[] image = spotted(stripes(600, 1).get(0), change);
                ImageDetector.Finding finding =
                        detector.findings(List.of(image)).get(0);
                assertThat(finding.score()).isGreaterThan(worstGood + 3);
                assertThat(finding.map().largest()).isGreaterThan(detector.usual());
                Box box = Region.of(finding.map(), 1).get(0).box();
                assertThat(box.left()).isLessThanOrEqualTo(11);
                assertThat(box.left() + box.width()).isGreaterThan(10);
                assertThat(box.top()).isLessThanOrEqualTo(8);
                assertThat(box.top() + box.height()).isGreaterThan(7);
            }
        }
    }

    @Test
    void aDetectorOfNetworkAndBankComesBackFromItsFile() {
        Network network = network();
        List<float[]> asked = new ArrayList<>(stripes(700, 11));
        asked.add(spotted(asked.get(0), 0.4f));
        try (ImageDetector detector = teach(Optional.of(network), Optional.of(BANK), 1)) {
            NetworkState file = Safetensors.read(Safetensors.write(detector.state()));
            try (ImageDetector back = ImageDetector.load(engine, SHAPE, Optional.of(network), file)) {
                List<ImageDetector.Finding> expected = detector.findings(asked);
                List<ImageDetector.Finding> actual = back.findings(asked);
                for (int i = 0; i < asked.size(); i++) {
                    assertThat(actual.get(i).score()).isCloseTo(expected.get(i).score(), offset());
                    assertThat(actual.get(i).reconstruction()).isPresent();
                }
                assertThat(back.usual()).isEqualTo(detector.usual());
            }
            assertThatThrownBy(() -> ImageDetector.load(engine, new ImageShape(1, 8, 8), Optional.empty(), file))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("1x8x8");
        }
    }

    private static org.assertj.core.data.Offset<Double> offset() {
        return org.assertj.core.data.Offset.offset(1e-4);
    }

    @Test
    void whatIsFoundInAnImageDoesNotDependOnItsNeighbours() {
        List<float[]> asked = stripes(800, 19);
        try (ImageDetector detector = teach(Optional.of(network()), Optional.empty(), 1)) {
            List<ImageDetector.Finding> together = detector.findings(asked);
            for (int i = 0; i < asked.size(); i++) {
                double alone = detector.findings(List.of(asked.get(i))).get(0).score();
                assertThat(alone).isEqualTo(together.get(i).score());
            }
        }
    }

    @Test
    void theSameSeedTeachesTheSame() {
        List<float[]> asked = List.of(spotted(stripes(900, 1).get(0), 0.2f));
        try (ImageDetector first = teach(Optional.of(network()), Optional.of(BANK), 1);
                ImageDetector second = teach(Optional.of(network()), Optional.of(BANK), 1);
                ImageDetector other = teach(Optional.of(network()), Optional.of(BANK), 2)) {
            double score = first.findings(asked).get(0).score();
            assertThat(second.findings(asked).get(0).score()).isEqualTo(score);
            assertThat(other.findings(asked).get(0).score()).isNotEqualTo(score);
        }
    }

    @Test
    void tooFewImagesAreRefusedWithTheirNumber() {
        assertThatThrownBy(() -> new ImageTeaching(Optional.of(BANK), 1, 0.1, 1)
                        .teach(engine, SHAPE, Optional.empty(), stripes(0, 5), Fit.Listener.NONE))
                .hasMessageContaining("at least 16 good images, but there are 5");
        assertThatThrownBy(() -> new ImageTeaching(Optional.empty(), 1, 0.1, 1)
                        .teach(engine, SHAPE, Optional.empty(), stripes(0, 20), Fit.Listener.NONE))
                .hasMessageContaining("a network, a bank, or both");
    }

    private ImageDetector teach(Optional<Network> network, Optional<PatchBank.Settings> bank, long seed) {
        return new ImageTeaching(bank, 5, 0.2, seed).teach(engine, SHAPE, network, stripes(0, 60), Fit.Listener.NONE);
    }

    private static Network network() {
        TrainingSpec training = new TrainingSpec(TrainingSpec.Loss.MSE, 0.01, 8);
        List<Layer> layers = List.of(new Layer.Flatten(), new Layer.Dense(new Units.Output(), Activation.IDENTITY));
        return new NetworkSpec(
                        "small",
                        NetworkSpec.Kind.AUTOENCODER,
                        NetworkSpec.Input.IMAGE,
                        1,
                        NetworkSpec.Forecast.NONE,
                        layers,
                        training)
                .bind(1, SHAPE.rows(), SHAPE.columns());
    }

    /** Soft stripes at any phase with a little noise. */
    static List<float[]> stripes(int seed, int count) {
        List<float[]> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            double phase = random.nextDouble() * 6;
            float[] image = new float[SHAPE.size()];
            for (int j = 0; j < image.length; j++) {
                double x = j % SHAPE.columns();
                image[j] = (float) (0.5 + 0.1 * Math.sin(x + phase) + 0.02 * (random.nextDouble() - 0.5));
            }
            images.add(image);
        }
        return images;
    }

    static float[] spotted(float[] good, float change) {
        float[] image = good.clone();
        for (int row = 7; row < 10; row++) {
            for (int column = 9; column < 13; column++) image[row * SHAPE.columns() + column] += change;
        }
        return image;
    }
}
