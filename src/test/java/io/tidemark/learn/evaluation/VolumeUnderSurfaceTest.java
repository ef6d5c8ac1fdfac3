package io.tidemark.learn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VolumeUnderSurfaceTest {
    @Test
    void scoresThatAreTheLabelsHaveAVolumeOfOneWithoutABuffer() {
        boolean[] labels = labels(400, 100, 120, 300, 310);
        double[] scores = new double[400];
        for (int i = 0; i < 400; i++) scores[i] = labels[i] ? 1 : 0;

        assertThat(VolumeUnderSurface.pr(scores, labels, 0)).isCloseTo(1, within(1e-12));
    }

    @Test
    void anIncidentThatIsMissedCountsBesideItsRows() {
        boolean[] labels = labels(400, 100, 109, 300, 309);
        double[] scores = new double[400];
        Arrays.fill(scores, 100, 110, 1);

        // half of the rows of half of the incidents at precision 1, the rest at 20 of 400
        assertThat(VolumeUnderSurface.pr(scores, labels, 0)).isCloseTo(0.25 + 0.75 * 20 / 400, within(1e-12));
    }

    @Test
    void aRowBesideAnIncidentCountsForMoreThanOneFarAway() {
        boolean[] labels = labels(400, 100, 110);
        double[] near = new double[400];
        double[] far = new double[400];
        Arrays.fill(near, 111, 115, 1);
        Arrays.fill(far, 300, 304, 1);

        assertThat(VolumeUnderSurface.pr(near, labels, 20)).isGreaterThan(3 * VolumeUnderSurface.pr(far, labels, 20));
    }

    @Test
    void theVolumeIsWhatThePlainDefinitionGives() {
        Random random = new Random(11);
        boolean[] labels = labels(500, 40, 60, 64, 70, 490, 499);
        double[] scores = new double[500];
        for (int i = 0; i < 500; i++) scores[i] = Math.round(20 * (random.nextDouble() + (labels[i] ? 0.4 : 0))) / 20.0;

        double sum = 0;
        for (int width = 0; width <= 12; width++) sum += plain(scores, labels, width);

        assertThat(VolumeUnderSurface.pr(scores, labels, 12)).isCloseTo(sum / 13, within(1e-9));
    }

    @Test
    void withoutAnomaliesNothingIsKnown() {
        assertThat(VolumeUnderSurface.pr(new double[5], new boolean[5], 3)).isNaN();
    }

    /** The definition, written down row by row. */
    private static double plain(double[] scores, boolean[] labels, int width) {
        int rows = scores.length;
        double[] soft = new double[rows];
        double hard = 0;
        for (int i = 0; i < rows; i++) {
            if (labels[i]) hard++;
            for (int j = 0; j < rows; j++) {
                boolean edge = labels[j] && (j == 0 || !labels[j - 1] || j == rows - 1 || !labels[j + 1]);
                int d = Math.abs(i - j);
                boolean outward = edge && d > 0 && (i < j ? j == 0 || !labels[j - 1] : j == rows - 1 || !labels[j + 1]);
                if (outward && d <= width / 2) soft[i] += Math.sqrt(1 - (double) d / width);
            }
            soft[i] = labels[i] ? 1 : Math.min(1, soft[i]);
        }
        double positives = (hard + Arrays.stream(soft).sum()) / 2;
        double[] sorted = Arrays.stream(scores).sorted().toArray();
        double area = 0;
        double before = 0;
        for (int t = 0; t < 250; t++) {
            double threshold = sorted[rows - 1 - (int) ((long) t * (rows - 1) / 249)];
            double hits = 0;
            int above = 0;
            int runs = 0;
            int met = 0;
            boolean hit = false;
            for (int i = 0; i < rows; i++) {
                if (soft[i] > 0 && (i == 0 || soft[i - 1] == 0)) {
                    runs++;
                    hit = false;
                }
                if (scores[i] < threshold) continue;
                above++;
                hits += soft[i];
                if (soft[i] > 0 && !hit) {
                    hit = true;
                    met++;
                }
            }
            double recall = Math.min(1, hits / positives) * met / runs;
            area += (recall - before) * hits / above;
            before = recall;
        }
        return area;
    }

    private static boolean[] labels(int rows, int... edges) {
        boolean[] labels = new boolean[rows];
        for (int i = 0; i < edges.length; i += 2) Arrays.fill(labels, edges[i], edges[i + 1] + 1, true);
        return labels;
    }
}
