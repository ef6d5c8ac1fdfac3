package io.tidemark.net.engine;

/**
 * Puts predicted quantiles into ascending order after every forward pass, in Java, so that no engine can give crossing bands.
 *
 * <p>Rearranging never raises the pinball loss (Chernozhukov et al., Quantile and probability curves without crossing, 2010);
 * training sees the values as the network gave them.
 */
public final class Quantiles {
    private Quantiles() {}

    /**
     * @param values {@code [group, quantile]} row-major
     * @param groups how many groups to sort, from the first
     * @param quantiles values of a group; a NaN leaves its group as it is
     */
    public static void rearrange(float[] values, int groups, int quantiles) {
        int end = groups * quantiles;
        for (int start = 0; start < end; start += quantiles) {
            for (int i = start + 1; i < start + quantiles; i++) {
                float value = values[i];
                int j = i - 1;
                while (j >= start && values[j] > value) {
                    values[j + 1] = values[j];
                    j--;
                }
                values[j + 1] = value;
            }
        }
    }
}
