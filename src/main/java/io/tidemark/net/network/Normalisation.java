package io.tidemark.net.network;

/**
 * What a window is made relative to before a network sees it, feature by feature, so that the network learns shapes instead of
 * levels; what it says is turned back (Kim et al., Reversible instance normalization, 2022). Only rows that are known before the
 * judged row count: all of a forecaster's window, all but the last of an autoencoder's.
 *
 * @param level what is subtracted
 * @param scale what the rest is divided by; of the series when level is none
 */
public record Normalisation(Level level, Scale scale) {

    /** Windows as the series' own scaling gives them. */
    public static final Normalisation NONE = new Normalisation(Level.NONE, Scale.SERIES);

    /** The least a window is divided by, in scale units of the series, so that a still window does not magnify its noise. */
    public static final float SCALE_MIN = 0.1f;

    /** What is subtracted from every row. */
    public enum Level {
        /** Nothing. */
        NONE,
        /** The newest row that counts. */
        LAST,
        /** The mean of the rows that count. */
        MEAN
    }

    /** What the difference is divided by. */
    public enum Scale {
        /** Nothing more: values stay in scale units of the series. */
        SERIES,
        /** The standard deviation of the rows that count, at least {@link #SCALE_MIN}. */
        WINDOW
    }

    /** @throws IllegalArgumentException when a window scale is asked for without a level */
    public Normalisation {
        if (level == Level.NONE && scale == Scale.WINDOW) {
            throw new IllegalArgumentException("normalise-scale must be left out for normalise: none, but was window");
        }
    }

    /** Whether windows are changed at all. */
    public boolean changes() {
        return level != Level.NONE;
    }
}
