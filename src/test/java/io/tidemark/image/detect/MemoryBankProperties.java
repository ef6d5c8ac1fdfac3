package io.tidemark.image.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.learn.pixels.ErrorMap;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Safetensors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Banks against a search through every vector; fixed seeds. */
class MemoryBankProperties {
    private static final MemoryBank.Settings ROOMY = new MemoryBank.Settings(6, 4096);

    @Test
    void withAllDirectionsAndAllVectorsTheDistanceIsThatToTheNearest() {
        float[] vectors = random(1, 1500, 6);
        MemoryBank bank = MemoryBank.of(ROOMY, vectors, 1500, 6, 7);
        float[] asked = random(2, 50, 6);
        for (int q = 0; q < 50; q++) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int v = 0; v < 1500; v++) nearest = Math.min(nearest, distance(asked, q, vectors, v, 6));
            assertThat((double) bank.distance(asked, q * 6)).isCloseTo(nearest, within(1e-4));
        }
    }

    @Test
    void aLearntVectorIsAtHomeAndAnUnseenDirectionIsNot() {
        float[] vectors = random(3, 200, 3);
        float[] flat = new float[200 * 8];
        for (int v = 0; v < 200; v++) System.arraycopy(vectors, v * 3, flat, v * 8, 3);
        MemoryBank bank = MemoryBank.of(new MemoryBank.Settings(3, 4096), flat, 200, 8, 7);
        assertThat(bank.distance(flat, 40)).isLessThan(1e-3f);
        flat[40 + 6] = 2;
        assertThat(bank.distance(flat, 40)).isCloseTo(2, within(1e-3f));
    }

    @Test
    void aBankNeverHoldsMoreThanItsCapacity() {
        MemoryBank bank = MemoryBank.of(new MemoryBank.Settings(2, 32), random(4, 500, 5), 500, 5, 7);
        assertThat(bank.count()).isEqualTo(32);
        assertThat(bank.dimensions()).isEqualTo(5);
    }

    @Test
    void theCoresetCoversWithinTwiceWhatAnyChoiceOfItsSizeLeaves() {
        float[] points = random(5, 400, 3);
        int[] chosen = Coreset.of(points, 400, 3, 20, 9);
        Set<Integer> different = new HashSet<>();
        for (int i : chosen) different.add(i);
        assertThat(different).hasSize(20);
        double radius = farthest(points, 400, 3, chosen);
        // Any 20 centres leave two of the 21 farthest-first points in one cell; those are at least the radius apart.
        int[] further = Coreset.of(points, 400, 3, 21, 9);
        double apart = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 21; i++) {
            for (int j = 0; j < i; j++) apart = Math.min(apart, distance(points, further[i], points, further[j], 3));
        }
        assertThat(radius).isLessThanOrEqualTo(apart + 1e-6);
    }

    @Test
    void theSameSeedChoosesTheSamePoints() {
        float[] points = random(6, 300, 4);
        assertThat(Coreset.of(points, 300, 4, 30, 1)).containsExactly(Coreset.of(points, 300, 4, 30, 1));
        assertThat(Coreset.of(points, 300, 4, 30, 1)).isNotEqualTo(Coreset.of(points, 300, 4, 30, 2));
    }

    @Test
    void theProjectionLeavesTheLeastVarianceOut() {
        SplittableRandom random = new SplittableRandom(8);
        float[] vectors = new float[2000 * 10];
        double[] scales = {5, 3, 2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
        for (int i = 0; i < vectors.length; i++) vectors[i] = (float) (scales[i % 10] * random.nextGaussian());
        Projection projection = Projection.of(vectors, 2000, 10, 3);
        double left = 0;
        float[] coordinates = new float[3];
        for (int v = 0; v < 2000; v++) left += projection.project(vectors, v * 10, coordinates, 0);
        assertThat(left / 2000).isBetween(0.05, 0.08);
        for (int k = 0; k < 3; k++)
            assertThat(Math.abs(projection.directions()[k * 10 + k])).isGreaterThan(0.95f);
    }

    @Test
    void equalVectorsStillGiveABank() {
        float[] vectors = new float[12 * 4];
        java.util.Arrays.fill(vectors, 0.5f);
        MemoryBank bank = MemoryBank.of(new MemoryBank.Settings(3, 4), vectors, 12, 4, 1);
        assertThat(bank.distance(vectors, 0)).isLessThan(1e-4f);
        vectors[0] = 1.5f;
        assertThat(bank.distance(vectors, 0)).isCloseTo(1, within(1e-4f));
    }

    @Test
    void aPatchBankComesBackFromAFileAsItWas() {
        ImageShape shape = new ImageShape(1, 9, 12);
        List<float[]> images = images(shape, 30);
        for (boolean everywhere : new boolean[] {true, false}) {
            PatchBank bank = PatchBank.of(
                    new PatchBank.Settings(4, 3, everywhere, 100, new MemoryBank.Settings(5, 20)), shape, images, 3);
            Map<String, NetworkState.Tensor> tensors = new LinkedHashMap<>();
            bank.save(tensors);
            NetworkState state = Safetensors.read(Safetensors.write(new NetworkState("none", tensors)));
            float[] asked = images(shape, 31).get(30);
            assertThat(PatchBank.load(state).orElseThrow().distances(asked)).containsExactly(bank.distances(asked));
            assertThat(PatchBank.load(new NetworkState("none", Map.of()))).isEmpty();
        }
    }

    @Test
    void aDamagedBankIsRefusedAndSoAreTooManyPlaces() {
        ImageShape shape = new ImageShape(1, 9, 12);
        PatchBank bank = PatchBank.of(
                new PatchBank.Settings(4, 3, true, 100, new MemoryBank.Settings(5, 20)), shape, images(shape, 30), 3);
        Map<String, NetworkState.Tensor> tensors = new LinkedHashMap<>();
        bank.save(tensors);
        for (String name : List.of("bank/tops", "bank/shape", "bank/0/mean")) {
            Map<String, NetworkState.Tensor> damaged = new LinkedHashMap<>(tensors);
            damaged.put(name, new NetworkState.Tensor(new int[] {1}, new float[] {900}));
            assertThatThrownBy(() -> PatchBank.load(new NetworkState("none", damaged)))
                    .as(name)
                    .isInstanceOf(EngineException.class);
        }
        ImageShape large = new ImageShape(1, 80, 80);
        assertThatThrownBy(() -> PatchBank.of(
                        new PatchBank.Settings(4, 2, false, 100, new MemoryBank.Settings(5, 20)),
                        large,
                        images(large, 2),
                        3))
                .hasMessageContaining("make 1521; take one bank for all places");
    }

    @Test
    void patchesCoverTheImageFromEdgeToEdge() {
        assertThat(PatchBank.starts(28, 10, 5)).containsExactly(0, 5, 9, 14, 18);
        assertThat(PatchBank.starts(10, 10, 5)).containsExactly(0);
    }

    @Test
    void aStrangePatchShowsWhereItIs() {
        ImageShape shape = new ImageShape(1, 16, 16);
        List<float[]> images = images(shape, 60);
        PatchBank bank = PatchBank.of(
                new PatchBank.Settings(4, 2, true, 3000, new MemoryBank.Settings(16, 500)), shape, images, 3);
        float[] strange = images.get(0).clone();
        for (int row = 10; row < 13; row++) for (int column = 3; column < 6; column++) strange[row * 16 + column] = 3;
        ErrorMap map = bank.map(bank.distances(strange));
        Box box = Region.of(map, 1).get(0).box();
        assertThat(box.left()).isLessThanOrEqualTo(4);
        assertThat(box.left() + box.width()).isGreaterThanOrEqualTo(5);
        assertThat(box.top()).isLessThanOrEqualTo(11);
        assertThat(box.top() + box.height()).isGreaterThanOrEqualTo(12);
    }

    private static List<float[]> images(ImageShape shape, int count) {
        List<float[]> images = new ArrayList<>();
        for (int i = 0; i < count; i++) images.add(random(100 + i, 1, shape.size()));
        return images;
    }

    private static double farthest(float[] points, int count, int dimensions, int[] chosen) {
        double farthest = 0;
        for (int p = 0; p < count; p++) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int c : chosen) nearest = Math.min(nearest, distance(points, p, points, c, dimensions));
            farthest = Math.max(farthest, nearest);
        }
        return farthest;
    }

    private static double distance(float[] a, int i, float[] b, int j, int dimensions) {
        double sum = 0;
        for (int d = 0; d < dimensions; d++) sum += Math.pow((double) a[i * dimensions + d] - b[j * dimensions + d], 2);
        return Math.sqrt(sum);
    }

    private static float[] random(int seed, int count, int dimensions) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count * dimensions];
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextDouble();
        return values;
    }
}
