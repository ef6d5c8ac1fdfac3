package io.tidemark.judge.evidence;

import io.tidemark.judge.slots.SlotMemory;

/**
 * A linear forecast that learns by recursive least squares with forgetting (Haykin, Adaptive Filter Theory, chapter 10).
 *
 * <pre>
 *   weights f8 × p | covariance f8 × p(p+1)/2, the upper triangle row by row
 * </pre>
 */
final class RecursiveLeastSquares {
    private static final double TRACE_MAX_OF_WEIGHT = 50;

    private final SlotMemory memory;
    private final int at;
    private final int covariance;
    private final int length;
    private final double forgetting;
    private final double[] gain;

    /**
     * @param length number of regressors
     * @param forgetting weight of what was known before, at each step; in (0.9, 1]
     */
    RecursiveLeastSquares(SlotMemory memory, int length, double forgetting) {
        this.memory = memory;
        this.length = length;
        this.forgetting = forgetting;
        at = memory.allocate(bytes(length));
        covariance = at + 8 * length;
        gain = new double[length];
    }

    static int bytes(int length) {
        return 8 * length + 4 * length * (length + 1);
    }

    double predict(double[] regressors) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += memory.getDouble(at + 8 * i) * regressors[i];
        }
        return sum;
    }

    /** @param error what the value was beyond the forecast from these regressors, already bounded by the caller */
    void learn(double[] regressors, double error) {
        if (memory.getDouble(covariance) == 0) {
            begin();
        }
        double sum = forgetting;
        for (int i = 0; i < length; i++) {
            double product = 0;
            for (int j = 0; j < length; j++) {
                product += memory.getDouble(cell(i, j)) * regressors[j];
            }
            gain[i] = product;
            sum += product * regressors[i];
        }
        double scale = 1 / sum;
        double trace = 0;
        for (int i = 0; i < length; i++) {
            memory.putDouble(at + 8 * i, memory.getDouble(at + 8 * i) + gain[i] * scale * error);
            for (int j = i; j < length; j++) {
                int cell = cell(i, j);
                memory.putDouble(cell, (memory.getDouble(cell) - gain[i] * scale * gain[j]) / forgetting);
            }
            double diagonal = memory.getDouble(cell(i, i));
            trace = diagonal > 0 ? trace + diagonal : Double.POSITIVE_INFINITY;
        }
        double traceMax = TRACE_MAX_OF_WEIGHT * length;
        if (!(trace < 1e9)) {
            begin();
        } else if (trace > traceMax) {
            for (int at = covariance; at < covariance + 4 * length * (length + 1); at += 8) {
                memory.putDouble(at, memory.getDouble(at) * (traceMax / trace));
            }
        }
    }

    private void begin() {
        memory.clear(covariance, 4 * length * (length + 1));
        for (int i = 0; i < length; i++) {
            memory.putDouble(cell(i, i), 1);
        }
    }

    private int cell(int i, int j) {
        int row = Math.min(i, j);
        int column = Math.max(i, j);
        return covariance + 8 * (row * length - row * (row - 1) / 2 + column - row);
    }
}
