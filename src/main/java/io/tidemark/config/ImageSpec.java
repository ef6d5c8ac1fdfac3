package io.tidemark.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is made of the frames of an image stream before a network sees them, and what a frame may cost.
 *
 * @param root folder that {@code file:} claim checks may name; empty: claim checks are rejected
 * @param outputs what the worker writes besides scores
 */
public record ImageSpec(
        Size size, Framing framing, Scaling scaling, Limits limits, Optional<Path> root, Outputs outputs) {

    /**
     * The shape of a sample.
     *
     * @param channels 1 for grey (0.299 R + 0.587 G + 0.114 B), 3 for red, green, blue
     * @param width columns of a sample after cropping and resizing; in [1, 4096]
     * @param height rows of a sample; in [1, 4096]; width x height x channels is at most {@link #VALUES_MAX}
     */
    public record Size(int channels, int width, int height) {
        /** @throws IllegalArgumentException when a value is out of its range */
        public Size {
            ImageSettings.WIDTH.require(width);
            ImageSettings.HEIGHT.require(height);
            if (channels != 1 && channels != 3) {
                throw new IllegalArgumentException("input.image.channels must be 1 or 3, but was " + channels);
            }
        }
    }

    /**
     * How samples are cut from a frame.
     *
     * @param crop the part of the upright frame that counts; empty: all of it
     * @param fit how that part fills the sample
     * @param tiles how a sample is cut for networks that are smaller than it; empty: networks see it whole
     */
    public record Framing(Optional<Crop> crop, Fit fit, Optional<Tiles> tiles) {}

    /**
     * How values are scaled.
     *
     * @param mean what is subtracted from v / 255 before a network sees a value; in [-10, 10]
     * @param deviation what the difference is divided by; in [0.001, 1000]
     */
    public record Scaling(float mean, float deviation) {
        /** @throws IllegalArgumentException when a value is out of its range */
        public Scaling {
            ImageSettings.MEAN.require(mean);
            ImageSettings.DEVIATION.require(deviation);
        }
    }

    /**
     * What frames may cost.
     *
     * @param maxBytes the largest encoded image, in the record or by claim check; in [64 B, 64 MiB]
     * @param maxPixels the most pixels of a frame as its header declares them, checked before anything is decoded; in
     *     [1, 268,435,456]
     * @param keepBytes pixels that a learner keeps to draw from, and that a trial of a challenger replays at most; in
     *     [64 KiB, 1 GiB]
     */
    public record Limits(int maxBytes, int maxPixels, int keepBytes) {
        /** @throws IllegalArgumentException when a value is out of its range */
        public Limits {
            ImageSettings.MAX_BYTES.require(maxBytes);
            ImageSettings.MAX_PIXELS.require(maxPixels);
            ImageSettings.KEEP.require(keepBytes);
        }
    }

    /** Values of one sample at most: what a network may read. */
    public static final int VALUES_MAX = 1 << 22;

    /** The largest side of a sample. */
    public static final int SIDE_MAX = 4096;

    /** Tiles that one sample may have. */
    public static final int TILES_MAX = 1024;

    /** A rectangle of the upright frame, in its own pixels; frames that do not hold it are rejected. */
    public record Crop(int x, int y, int width, int height) {}

    /** How a rectangle fills the sample. */
    public enum Fit {
        /** All of it; its sides may scale differently. */
        STRETCH,
        /** Its largest centred part of the sample's proportions. */
        COVER
    }

    /**
     * Tiles of a sample, rows of them from the top left; the last of a row and of a column end with the sample.
     *
     * @param width columns of a tile; in [1, the sample's]
     * @param height rows of a tile; in [1, the sample's]
     * @param overlap columns and rows that neighbours share at least; less than a side
     */
    public record Tiles(int width, int height, int overlap) {}

    /**
     * @param maps whether a heat map of every scored frame goes to {@code anomaly-maps}
     * @param reconstructions whether what an autoencoder made of every scored frame goes to {@code reconstructions}
     * @param sideMax the largest side of such an image, in pixels; in [16, 4096]
     */
    public record Outputs(boolean maps, boolean reconstructions, int sideMax) {
        /** Nothing. */
        public static final Outputs NONE = new Outputs(false, false, OutputSettings.SIZE.fallback());

        /** @throws IllegalArgumentException when a value is out of its range */
        public Outputs {
            OutputSettings.SIZE.require(sideMax);
        }
    }

    /** The same with nothing written besides scores. */
    public ImageSpec withoutOutputs() {
        return new ImageSpec(size, framing, scaling, limits, root, Outputs.NONE);
    }

    /** Columns of what a network reads: a tile's, or the sample's. */
    public int networkWidth() {
        return framing.tiles().map(Tiles::width).orElse(size.width());
    }

    /** Rows of what a network reads. */
    public int networkHeight() {
        return framing.tiles().map(Tiles::height).orElse(size.height());
    }

    /** Values of a sample. */
    public int values() {
        return size.channels() * size.width() * size.height();
    }

    /** Values that a network reads. */
    public int networkValues() {
        return size.channels() * networkWidth() * networkHeight();
    }

    /** Tiles in a row of them; 1 without tiles. */
    public int tileColumns() {
        return framing.tiles()
                .map(t -> places(size.width(), t.width(), t.overlap()))
                .orElse(1);
    }

    /** Tiles in a column of them; 1 without tiles. */
    public int tileRows() {
        return framing.tiles()
                .map(t -> places(size.height(), t.height(), t.overlap()))
                .orElse(1);
    }

    /** Tiles of a sample; 1 without tiles. */
    public int tileCount() {
        return tileColumns() * tileRows();
    }

    /** The first column of a tile. */
    public int tileX(int tile) {
        int column = tile % tileColumns();
        return framing.tiles()
                .map(t -> Math.min(column * (t.width() - t.overlap()), size.width() - t.width()))
                .orElse(0);
    }

    /** The first row of a tile. */
    public int tileY(int tile) {
        int row = tile / tileColumns();
        return framing.tiles()
                .map(t -> Math.min(row * (t.height() - t.overlap()), size.height() - t.height()))
                .orElse(0);
    }

    private static int places(int length, int tile, int overlap) {
        int stride = tile - overlap;
        return 1 + (length - tile + stride - 1) / stride;
    }

    /** Whether a network sees v / 255. */
    public boolean isPlain() {
        return scaling.mean() == 0 && scaling.deviation() == 1;
    }

    /** The value that a network sees of a byte. */
    public float scaled(byte value) {
        return ((value & 0xFF) / 255f - scaling.mean()) / scaling.deviation();
    }

    /** The brightness in [0, 1] of a value that a network gave; the reverse of {@link #scaled}, clipped. */
    public float unscaled(float value) {
        return Math.max(0, Math.min(1, value * scaling.deviation() + scaling.mean()));
    }
}
