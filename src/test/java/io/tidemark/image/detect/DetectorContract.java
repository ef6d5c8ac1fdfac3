package io.tidemark.image.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.NetworkState.Tensor;
import io.tidemark.net.engine.Safetensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every {@link Detector} holds to. */
abstract class DetectorContract {
    static final ImageShape SHAPE = ImageDetectorTest.SHAPE;

    /** Fitted by good images. */
    abstract Detector fit(List<float[]> good, long seed);

    /** From what {@link Detector#save} wrote. */
    abstract Detector load(NetworkState state);

    private Detector fitted() {
        return fit(ImageDetectorTest.stripes(0, 60), 1);
    }

    @Test
    void aSpotIsStrangerThanEveryGoodImage() {
        List<float[]> asked = ImageDetectorTest.stripes(500, 20);
        asked.add(ImageDetectorTest.spotted(ImageDetectorTest.stripes(600, 1).get(0), 0.5f));
        try (Detector detector = fitted()) {
            List<Double> values = values(detector, asked);
            double spot = values.remove(20);
            assertThat(values).allMatch(value -> value < spot);
        }
    }

    @Test
    void theSameImagesAndSeedFitTheSame() {
        List<float[]> asked = asked();
        try (Detector first = fitted();
                Detector second = fitted()) {
            assertThat(values(second, asked)).isEqualTo(values(first, asked));
        }
    }

    @Test
    void scoringChangesNeitherImagesNorDetectorAndLooksAtOneImageAtATime() {
        List<float[]> asked = asked();
        List<float[]> before = asked.stream().map(float[]::clone).toList();
        try (Detector detector = fitted()) {
            List<Double> together = values(detector, asked);
            for (int i = 0; i < asked.size(); i++) {
                assertThat(asked.get(i)).isEqualTo(before.get(i));
                double alone = values(detector, List.of(asked.get(i))).get(0);
                assertThat(alone).isCloseTo(together.get(i), within(1e-5));
            }
            assertThat(values(detector, asked)).isEqualTo(together);
        }
    }

    @Test
    void aLoadedDetectorScoresAsTheOneThatWasSaved() {
        List<float[]> asked = asked();
        try (Detector detector = fitted();
                Detector back = load(file(detector))) {
            assertThat(values(back, asked)).isEqualTo(values(detector, asked));
            assertThat(back.name()).isEqualTo(detector.name());
            assertThat(back.identity()).isEqualTo(detector.identity());
        }
    }

    /** Through the bytes of a file. */
    private static NetworkState file(Detector detector) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        detector.save(tensors);
        return Safetensors.read(Safetensors.write(new NetworkState(detector.identity(), tensors)));
    }

    private static List<float[]> asked() {
        List<float[]> asked = new ArrayList<>(ImageDetectorTest.stripes(700, 10));
        asked.add(ImageDetectorTest.spotted(asked.get(0), 0.4f));
        return asked;
    }

    private static List<Double> values(Detector detector, List<float[]> images) {
        return new ArrayList<>(
                detector.score(images).stream().map(Detector.Measure::value).toList());
    }
}
