package io.tidemark.learn.learning;

import io.tidemark.config.StreamSpec;
import io.tidemark.learn.fit.SizedExamples;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.TrainingRows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The rows of a stream that may teach, and those between them, read as a whole and in the past, for training that is not
 * continuous. Bounded like {@link TaughtRows}: beyond {@code rowsMax} the oldest rows go. A label counts whether it comes
 * before or after its rows and gates. Owned by one thread until it is only read.
 */
public final class History {
    /** The most labels of one series; beyond, the oldest hold only for rows that came before. */
    static final int LABELS_MAX = 1 << 14;

    private final TaughtRows rows;
    private final double clip;

    /**
     * @param features values in a row
     * @param generation rows and gates of another one are dropped
     * @param rowsMax rows kept; at least 64
     * @param clip the largest |z|
     */
    public History(int features, int generation, int rowsMax, double clip) {
        this.rows = TaughtRows.whole(features, generation, rowsMax, LABELS_MAX);
        this.clip = clip;
    }

    /**
     * The history of a stream; of frames as many as {@code image.keep} bytes hold.
     *
     * @param rowsMax rows kept; at least 64
     */
    public History(StreamSpec stream, int rowsMax) {
        this.rows = TaughtRows.whole(stream, rowsMax, LABELS_MAX);
        this.clip = stream.scaling().clip();
    }

    /** Takes rows; they count once their gates are known. */
    public void rows(TrainingRows chunk) {
        rows.add(chunk, () -> {});
    }

    /** Takes a gate. */
    public void gate(Gate gate) {
        rows.add(gate, () -> {});
    }

    /** Takes what a person said of rows. */
    public void label(Label label) {
        rows.label(label);
    }

    /** Takes rows that are known to be good, without a gate. */
    public void remember(TrainingRows chunk) {
        rows.remember(chunk);
    }

    /** Rows that may teach. */
    public int kept() {
        return rows.teaching();
    }

    /** Rows that may not, and those that came and could not be kept. */
    public long withheld() {
        return rows.taught() + rows.withheld() - rows.placed + rows.kept() - rows.teaching();
    }

    /** Rows that no gate has said anything about yet. */
    public int waiting() {
        return rows.waiting();
    }

    /** Series with a row that may teach. */
    public int series() {
        return (int) rows.all.stream().filter(series -> series.teaching() > 0).count();
    }

    /** Examples of one network, ordered by the time of their last row. */
    public Windows windows(Network network) {
        Examples examples = new Examples(rows, network, clip);
        int span = network.spec().rowsToTrain();
        List<Window> found = new ArrayList<>();
        for (int s = 0; s < rows.all.size(); s++) {
            SeriesRows series = rows.all.get(s);
            for (int i = span - 1; i < series.size(); i++) {
                if (!examples.at(s, i)) continue;
                found.add(new Window(s, i, series.row(i - span + 1).timeMs, series.row(i).timeMs));
            }
        }
        found.sort(Comparator.comparingLong(Window::toMs).thenComparingInt(Window::series));
        return new Windows(network, examples, found);
    }

    private record Window(int series, int last, long fromMs, long toMs) {}

    /** Examples by index, in order of time. Owned by one thread. */
    public static final class Windows extends SizedExamples {
        private final Examples examples;
        private final List<Window> windows;

        private Windows(Network network, Examples examples, List<Window> windows) {
            super(network, windows.size());
            this.examples = examples;
            this.windows = windows;
        }

        /** Event time of the first row of an example. */
        public long fromMs(int index) {
            return windows.get(index).fromMs();
        }

        /** Event time of the last row of an example. */
        public long toMs(int index) {
            return windows.get(index).toMs();
        }

        /** The series an example is of; counts from 0. */
        public int series(int index) {
            return windows.get(index).series();
        }

        @Override
        public void copy(int index, float[] input, float[] target, int slot) {
            Window window = windows.get(index);
            examples.at(window.series(), window.last());
            examples.fill(input, target, slot);
        }

        @Override
        public void weigh(int index, float[] weight, int slot) {
            Window window = windows.get(index);
            examples.at(window.series(), window.last());
            examples.weigh(weight, slot);
        }
    }
}
