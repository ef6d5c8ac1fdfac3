package io.tidemark.learn.evaluation;

/**
 * How honest tail probabilities are: of rows without anomalies a share of about p should have one below p.
 *
 * @param rows rows with a tail probability
 * @param tenth share of them below .1, in [0, 1]; NaN without rows, as below
 * @param hundredth share below .01
 * @param thousandth share below .001
 */
public record TailCalibration(long rows, double tenth, double hundredth, double thousandth) {
    /** @param tails tail probabilities; NaN ones are passed over */
    public static TailCalibration of(double[] tails) {
        long rows = 0;
        long[] below = new long[3];
        for (double tail : tails) {
            if (Double.isNaN(tail)) continue;
            rows++;
            if (tail < 0.1) below[0]++;
            if (tail < 0.01) below[1]++;
            if (tail < 0.001) below[2]++;
        }
        double all = rows == 0 ? Double.NaN : rows;
        return new TailCalibration(rows, below[0] / all, below[1] / all, below[2] / all);
    }
}
