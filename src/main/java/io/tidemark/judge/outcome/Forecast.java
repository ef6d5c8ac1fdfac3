package io.tidemark.judge.outcome;

/**
 * What a network expects of the next steps of a series.
 *
 * <p>Mutable and reused by one thread; quantiles are in the features' own units.
 */
public final class Forecast {
    /** Version of the record's format. */
    public static final int VERSION = 1;

    public String stream = "";
    public String series = "";
    public int generation;
    /** Event time of the newest step that the forecast knows; epoch milliseconds. */
    public long issuedMs;
    /** Length of a step; 0 when every event is a step, so that the horizon counts events. */
    public long stepMs;

    public String network = "";
    public int version;
    public String engine = "";
    /** Steps ahead; at least 1. */
    public int horizon;

    public FeatureNames features = FeatureNames.NONE;
    /** Levels of the quantiles, ascending; each in (0, 1). */
    public float[] levels = new float[0];
    /** {@code [horizon, feature, quantile]}; the array may be longer. */
    public double[] quantiles = new double[0];
}
