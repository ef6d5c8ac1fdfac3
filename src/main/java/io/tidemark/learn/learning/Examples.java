package io.tidemark.learn.learning;

import io.tidemark.config.ImageSpec;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.series.sample.Step;
import java.util.Arrays;

/**
 * Training examples of one network: windows and targets cut from taught rows, scaled as a sample would be.
 *
 * <p>An autoencoder's window ends with row i and is scaled with row i's location and scale. A forecaster's window is followed by
 * its target rows, and both are scaled with those of the first target row, which is the row that scoring asks about.
 *
 * <p>An example never spans a gap: its rows are consecutive steps. At least half of them teach, and so does the row that scoring
 * asks about. The others are context: the input shows them as they were, as a sample would, and their targets weigh nothing.
 * A network so learns to look past an anomaly to its neighbours, and never what the anomaly was.
 */
final class Examples {
    private static final int TRIES = 32;

    private final TaughtRows rows;
    private final int features;
    private final int window;
    private final int horizon;
    private final float clip;
    private final int span;
    private final int tiles;
    private final boolean segments;
    private final int targetSize;

    /** The example last drawn or set: its series, and the index of its last row. */
    private int series;

    private int last;
    /** The part of the frame that the example is; 0 for values. */
    private int tile;

    Examples(TaughtRows rows, Network network, double clip) {
        NetworkSpec spec = network.spec();
        this.rows = rows;
        this.features = network.features();
        this.window = spec.window();
        this.horizon = spec.forecast().horizon();
        this.clip = (float) clip;
        this.span = spec.rowsToTrain();
        this.tiles = rows.image == null ? 1 : rows.image.tileCount();
        this.targetSize = network.targets().get(0).size();
        this.segments = spec.kind() == NetworkSpec.Kind.SEGMENTER;
    }

    /** Whether rows that end with this one make an example. */
    boolean at(int seriesIndex, int lastIndex) {
        SeriesRows s = rows.all.get(seriesIndex);
        if (lastIndex < span - 1 || lastIndex >= s.size() || s.row(lastIndex).run < span) return false;
        int asked = horizon == 0 ? lastIndex : lastIndex - horizon + 1;
        if (!s.row(asked).teaches || 2 * s.lessons(lastIndex, span) < span) return false;
        series = seriesIndex;
        last = lastIndex;
        tile = tiles == 1 ? 0 : Math.floorMod(Long.hashCode(s.row(lastIndex).step * 0x9E3779B97F4A7C15L), tiles);
        return true;
    }

    /**
     * Draws an example whose rows were all kept before an arrival: every series is as likely, and within it every row.
     *
     * @return false when there is none
     */
    boolean draw(Draws draws, long before) {
        int count = rows.all.size();
        if (count == 0) return false;
        for (int t = 0; t < TRIES; t++) {
            int s = draws.below(count);
            int end = rows.all.get(s).before(before);
            if (end >= span && at(s, span - 1 + draws.below(end - span + 1))) {
                if (tiles > 1) tile = draws.below(tiles);
                return true;
            }
        }
        int first = draws.below(count);
        for (int k = 0; k < count; k++) {
            int s = (first + k) % count;
            int end = rows.all.get(s).before(before);
            if (end < span) continue;
            int from = draws.below(end - span + 1);
            for (int i = 0; i <= end - span; i++) {
                if (at(s, span - 1 + (from + i) % (end - span + 1))) return true;
            }
        }
        return false;
    }

    /** Arrival of the example's newest row. */
    long arrival() {
        return rows.all.get(series).row(last).arrival;
    }

    /**
     * Writes the example.
     *
     * @param slot its place in the batch
     */
    void fill(float[] input, float[] target, int slot) {
        SeriesRows s = rows.all.get(series);
        if (rows.image != null) {
            frame(rows.image, s.row(last).pixels, input, slot * features);
            if (!segments) System.arraycopy(input, slot * features, target, slot * features, features);
            return;
        }
        int first = last - span + 1;
        float[] base = s.row(horizon == 0 ? last : first + window).data;
        int at = slot * window * features;
        for (int r = 0; r < window; r++) at = scaled(s.row(first + r).data, base, input, at);
        if (horizon == 0) {
            System.arraycopy(input, slot * window * features, target, slot * window * features, window * features);
            return;
        }
        at = slot * horizon * features;
        for (int r = 0; r < horizon; r++) at = scaled(s.row(first + window + r).data, base, target, at);
    }

    private void frame(ImageSpec image, byte[] pixels, float[] input, int to) {
        int at = to;
        for (int channel = 0; channel < image.size().channels(); channel++) {
            for (int row = 0; row < image.networkHeight(); row++) {
                int from = (channel * image.size().height() + image.tileY(tile) + row)
                                * image.size().width()
                        + image.tileX(tile);
                for (int i = 0; i < image.networkWidth(); i++) input[at++] = image.scaled(pixels[from + i]);
            }
        }
    }

    /** Writes the weights of the example's target, which frames always have in full. */
    void weigh(float[] weight, int slot) {
        if (rows.image != null) {
            Arrays.fill(weight, slot * targetSize, (slot + 1) * targetSize, 1f);
            return;
        }
        SeriesRows s = rows.all.get(series);
        int length = horizon == 0 ? window : horizon;
        int at = slot * length * features;
        for (int r = 0; r < length; r++, at += features) {
            Arrays.fill(weight, at, at + features, s.row(last - length + 1 + r).teaches ? 1f : 0f);
        }
    }

    private int scaled(float[] row, float[] base, float[] into, int at) {
        for (int f = 0; f < features; f++) {
            into[at + f] = Step.scaled(row[f], base[features + f], base[2 * features + f], clip);
        }
        return at + features;
    }
}
