package io.tidemark.learn.fit;

/**
 * Rows of one series, oldest first, with what they are scaled by.
 *
 * <p>A row may stand alone (a value is missing, a step was skipped, it must not teach): examples then never reach over it.
 * Arrays are shared, not copied: treat them as immutable.
 */
public final class Series {
    private final String name;
    private final int features;
    private final float[] values;
    private final float[] location;
    private final float[] scale;
    private final int[] run;

    private Series(String name, int features, float[] values, float[] location, float[] scale, int[] run) {
        this.name = name;
        this.features = features;
        this.values = values;
        this.location = location;
        this.scale = scale;
        this.run = run;
    }

    /**
     * A series whose values are scaled already; a row that holds a NaN is used by no example.
     *
     * @param values {@code [row, feature]}
     */
    public static Series scaled(String name, int features, float[] values) {
        int rows = values.length / features;
        return new Series(
                name, features, values, new float[0], new float[0], runs(features, values, new boolean[rows]));
    }

    /**
     * A series in its own units with the scale that each row was judged on, as training records carry it. An example is scaled
     * as a whole by the location and scale of the row that it is about.
     *
     * @param values {@code [row, feature]}; a row that holds a NaN is used by no example
     * @param location {@code [row, feature]}
     * @param scale {@code [row, feature]}, above 0
     * @param broken whether each row does not follow the one before it
     */
    public static Series of(
            String name, int features, float[] values, float[] location, float[] scale, boolean[] broken) {
        if (location.length != values.length || scale.length != values.length) {
            throw new IllegalArgumentException("series " + name + " has " + values.length + " values, but "
                    + location.length + " locations and " + scale.length + " scales");
        }
        return new Series(name, features, values, location, scale, runs(features, values, broken));
    }

    private static int[] runs(int features, float[] values, boolean[] broken) {
        int[] run = new int[broken.length];
        int length = 0;
        for (int r = 0; r < run.length; r++) {
            float sum = 0;
            for (int f = 0; f < features; f++) sum += values[r * features + f] * 0f;
            length = Float.isNaN(sum) ? 0 : broken[r] ? 1 : length + 1;
            run[r] = length;
        }
        return run;
    }

    public String name() {
        return name;
    }

    public int features() {
        return features;
    }

    public int rows() {
        return run.length;
    }

    /** Consecutive usable rows that end with this one; 0 when it is not usable itself. */
    int run(int row) {
        return run[row];
    }

    /**
     * Copies rows, scaled by those of one row.
     *
     * @param base the row whose location and scale count
     */
    void copy(int fromRow, int rows, int base, float clip, float[] into, int at) {
        int from = fromRow * features;
        int count = rows * features;
        if (location.length == 0) {
            System.arraycopy(values, from, into, at, count);
            return;
        }
        int b = base * features;
        for (int i = 0; i < count; i++) {
            int f = i % features;
            float z = (values[from + i] - location[b + f]) / scale[b + f];
            into[at + i] = Math.max(-clip, Math.min(clip, z));
        }
    }
}
