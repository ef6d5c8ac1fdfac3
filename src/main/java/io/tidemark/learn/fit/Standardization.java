package io.tidemark.learn.fit;

/**
 * How the values of a series become comparable: {@code clip((x − mean) / max(sd, floor))}, with mean and standard deviation of the
 * rows that train.
 */
@SuppressWarnings("ArrayRecordComponent")
public record Standardization(double[] mean, double[] scale, double clip) {
    /**
     * Learns from rows; NaN values are passed over.
     *
     * @param values {@code [row, feature]}
     * @param rows how many count, from the first
     * @param floor the smallest scale, in the values' own units; above 0
     * @param clip the largest |z|; above 0
     */
    public static Standardization of(int features, double[] values, int rows, double floor, double clip) {
        if (!(floor > 0)) throw new IllegalArgumentException("floor must be above 0, but was " + floor);
        if (!(clip > 0)) throw new IllegalArgumentException("clip must be above 0, but was " + clip);
        double[] mean = new double[features];
        double[] scale = new double[features];
        for (int f = 0; f < features; f++) {
            double sum = 0;
            long count = 0;
            for (int r = 0; r < rows; r++) {
                double v = values[r * features + f];
                if (Double.isFinite(v)) {
                    sum += v;
                    count++;
                }
            }
            double m = count == 0 ? 0 : sum / count;
            double squares = 0;
            for (int r = 0; r < rows; r++) {
                double d = values[r * features + f] - m;
                if (Double.isFinite(d)) squares += d * d;
            }
            mean[f] = m;
            scale[f] = Math.max(floor, count == 0 ? floor : Math.sqrt(squares / count));
        }
        return new Standardization(mean, scale, clip);
    }

    /** The values of a series, scaled; what is not finite becomes NaN. */
    public float[] apply(double[] values) {
        float[] scaled = new float[values.length];
        int features = mean.length;
        for (int i = 0; i < scaled.length; i++) {
            double z = (values[i] - mean[i % features]) / scale[i % features];
            scaled[i] = Double.isFinite(z) ? (float) Math.max(-clip, Math.min(clip, z)) : Float.NaN;
        }
        return scaled;
    }
}
