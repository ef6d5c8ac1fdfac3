package io.tidemark.learn.fit;

import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Windows of series with their targets: an autoencoder's target is its window, a forecaster's the rows behind it. One example for
 * each row at which a window can end; none spans a gap, a missing value, or the border of its part.
 */
public final class SeriesExamples implements ExampleSet {
    private final Network network;
    private final List<Part> parts;
    private final float clip;
    private final int features;
    private final int window;
    private final int horizon;
    /** Of each example: its part, and the row its window begins with. */
    private final int[] part;

    private final int[] first;

    /**
     * Rows of a series that make examples.
     *
     * @param from first row
     * @param to row behind the last; in [from, rows]
     */
    public record Part(Series series, int from, int to) {
        public Part {
            if (from < 0 || to < from || to > series.rows()) {
                throw new IllegalArgumentException("rows of series " + series.name() + " must lie in [0, "
                        + series.rows() + "], but were asked for from " + from + " to " + to);
            }
        }

        /** All rows. */
        public static Part all(Series series) {
            return new Part(series, 0, series.rows());
        }
    }

    /** @param clip the largest |z| of series that are not scaled yet; above 0 */
    public SeriesExamples(Network network, List<Part> parts, double clip) {
        NetworkSpec spec = network.spec();
        this.network = network;
        this.parts = List.copyOf(parts);
        this.clip = (float) clip;
        this.features = network.features();
        this.window = spec.window();
        this.horizon = spec.forecast().horizon();
        int span = spec.rowsToTrain();
        int[] parted = new int[16];
        int[] begins = new int[16];
        int count = 0;
        for (int p = 0; p < parts.size(); p++) {
            Part rows = parts.get(p);
            if (rows.series().features() != features) {
                throw new IllegalArgumentException("series " + rows.series().name() + " has "
                        + rows.series().features() + " features, but network " + spec.name() + " is bound to "
                        + features);
            }
            for (int last = rows.from() + span - 1; last < rows.to(); last++) {
                if (rows.series().run(last) < span) continue;
                if (count == parted.length) {
                    parted = Arrays.copyOf(parted, 2 * count);
                    begins = Arrays.copyOf(begins, 2 * count);
                }
                parted[count] = p;
                begins[count++] = last - span + 1;
            }
        }
        part = Arrays.copyOf(parted, count);
        first = Arrays.copyOf(begins, count);
    }

    /**
     * Cuts every series by time: its first rows train, then come validation and test. No row is in two parts.
     *
     * @param validation share of each series' rows; in [0, 0.9]
     * @param test share of each series' rows; in [0, 0.9], and both together below 1
     */
    public static Parts split(Network network, List<Series> series, double clip, double validation, double test) {
        HoldoutShares.check(validation, test);
        List<Part> train = new ArrayList<>();
        List<Part> middle = new ArrayList<>();
        List<Part> last = new ArrayList<>();
        for (Series one : series) {
            int rows = one.rows();
            int testFrom = rows - (int) Math.round(rows * test);
            int validationFrom = Math.max(0, testFrom - (int) Math.round(rows * validation));
            train.add(new Part(one, 0, validationFrom));
            middle.add(new Part(one, validationFrom, testFrom));
            last.add(new Part(one, testFrom, rows));
        }
        return new Parts(
                new SeriesExamples(network, train, clip),
                new SeriesExamples(network, middle, clip),
                new SeriesExamples(network, last, clip));
    }

    @Override
    public int size() {
        return part.length;
    }

    @Override
    public int inputSize() {
        return window * features;
    }

    @Override
    public int targetSize() {
        return network.targets().get(0).size();
    }

    /** The series of an example. */
    public Series series(int index) {
        return parts.get(part[index]).series();
    }

    /** The row that an example is about: an autoencoder's last, a forecaster's first behind the window. */
    public int row(int index) {
        return horizon == 0 ? first[index] + window - 1 : first[index] + window;
    }

    @Override
    public void copy(int index, float[] input, float[] target, int slot) {
        Series series = series(index);
        int from = first[index];
        int base = row(index);
        int at = slot * window * features;
        series.copy(from, window, base, clip, input, at);
        if (horizon == 0) System.arraycopy(input, at, target, at, window * features);
        else series.copy(from + window, horizon, base, clip, target, slot * horizon * features);
    }
}
