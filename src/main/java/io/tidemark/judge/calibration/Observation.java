package io.tidemark.judge.calibration;

import java.util.Arrays;

/**
 * One closed step of one series: its values, and what the networks said of it. Filled, judged and cleared in turn by one owner thread.
 *
 * <p>A missing measurement is {@code NaN}. Scaled values are {@code (value − location) / scale}, clipped as the stream declares.
 */
public final class Observation {
    /** Most networks in one observation. */
    public static final int NETWORKS_MAX = 16;

    /** Of the steps of a series one in so many has a probe: a copy with a small anomaly in it that its networks are asked about. */
    public static final int PROBE_EVERY = 32;

    private static final float[] NO_ERRORS = {};

    final double[] values;
    final float[] scaled;
    final boolean[] imputed;
    final long[] networks = new long[NETWORKS_MAX];
    final int[] versions = new int[NETWORKS_MAX];
    final float[][] errors = new float[NETWORKS_MAX][];
    final float[] probes = new float[NETWORKS_MAX];
    long timeMs;
    int networkCount;

    /** An empty observation of series with this many features. */
    public Observation(int features) {
        if (features < 1) {
            throw new IllegalArgumentException("features must be at least 1, but was " + features);
        }
        values = new double[features];
        scaled = new float[features];
        imputed = new boolean[features];
        Arrays.fill(errors, NO_ERRORS);
        clear(0);
    }

    /** Begins a new step: all features missing, no networks. */
    public void clear(long timeMs) {
        this.timeMs = timeMs;
        Arrays.fill(values, Double.NaN);
        Arrays.fill(scaled, Float.NaN);
        Arrays.fill(imputed, false);
        Arrays.fill(errors, 0, networkCount, NO_ERRORS);
        networkCount = 0;
    }

    /** Sets a feature from its unscaled value and the location and scale in use at this step. */
    public void feature(int index, double value, double location, double scale, boolean imputed) {
        feature(index, value, (float) ((value - location) / scale), imputed);
    }

    /** Sets a feature from its unscaled and its scaled value. */
    public void feature(int index, double value, float scaledValue, boolean imputed) {
        values[index] = value;
        scaled[index] = scaledValue;
        this.imputed[index] = imputed;
    }

    /**
     * Adds what a network said.
     *
     * @param network name of the network, the same for all its versions
     * @param version version of the model
     * @param featureErrors error of each feature in scaled units, at least 0 (NaN: none for that feature); read until {@link #clear};
     *     longer than the features are is allowed
     * @param probe mean error over the features on a copy of the step with a small anomaly in it; NaN where there is none
     * @return false when {@link #NETWORKS_MAX} networks are there already
     */
    public boolean network(String network, int version, float[] featureErrors, float probe) {
        if (networkCount == NETWORKS_MAX) {
            return false;
        }
        networks[networkCount] = key(network);
        versions[networkCount] = version;
        probes[networkCount] = probe;
        errors[networkCount++] = featureErrors;
        return true;
    }

    /** Adds what a network said of a step without a probe. */
    public boolean network(String network, int version, float[] featureErrors) {
        return network(network, version, featureErrors, Float.NaN);
    }

    boolean has(long network) {
        for (int i = 0; i < networkCount; i++) {
            if (networks[i] == network) {
                return true;
            }
        }
        return false;
    }

    public int features() {
        return values.length;
    }

    public long timeMs() {
        return timeMs;
    }

    /** Never 0, which marks a free place. */
    private static long key(String name) {
        return ((long) name.length() << 32 | (name.hashCode() & 0xFFFF_FFFFL)) + 1;
    }
}
