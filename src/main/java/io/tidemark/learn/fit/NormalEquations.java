package io.tidemark.learn.fit;

/**
 * Sums of products from which a linear map of one window to its targets follows, example by example; the window has a constant 1
 * behind its last row. Owned by one thread.
 */
final class NormalEquations {
    private final int window;
    private final int targets;
    private final int width;
    /** {@code [width, width]}, the lower triangle. */
    private final double[] inputs;
    /** {@code [width, target]}. */
    private final double[] products;

    private final double[] x;
    private final double[] y;

    NormalEquations(int window, int targets) {
        this.window = window;
        this.targets = targets;
        this.width = window + 1;
        this.inputs = new double[width * width];
        this.products = new double[width * targets];
        this.x = new double[width];
        this.y = new double[targets];
    }

    /**
     * Adds one example.
     *
     * @param input {@code [step, feature]}
     * @param target {@code [step, feature]}
     * @param feature the one that counts
     */
    void add(float[] input, float[] target, int feature, int features) {
        for (int i = 0; i < window; i++) x[i] = input[i * features + feature];
        x[window] = 1;
        for (int t = 0; t < targets; t++) y[t] = target[t * features + feature];
        for (int i = 0; i < width; i++) {
            double v = x[i];
            if (v == 0) continue;
            int row = i * width;
            for (int j = 0; j <= i; j++) inputs[row + j] += v * x[j];
            int at = i * targets;
            for (int t = 0; t < targets; t++) products[at + t] += v * y[t];
        }
    }

    /** Adds the examples of others. */
    void add(NormalEquations other) {
        for (int i = 0; i < inputs.length; i++) inputs[i] += other.inputs[i];
        for (int i = 0; i < products.length; i++) products[i] += other.products[i];
    }

    /**
     * Adds a share of the map of the newest rows to a sum of maps.
     *
     * @param rows newest rows of the window that the map reads; in [1, window]
     * @param ridge penalty of every squared weight, as a share of the mean of the squared inputs; above 0
     * @param into {@code [target, width]}, the offset last
     */
    void solve(int rows, double ridge, double share, double[][] into) {
        int first = window - rows;
        int size = rows + 1;
        double[] factor = new double[size * size];
        double trace = 0;
        for (int i = 0; i < size; i++) {
            int from = (first + i) * width + first;
            for (int j = 0; j <= i; j++) factor[i * size + j] = inputs[from + j];
            trace += factor[i * size + i];
        }
        double penalty = Math.max(1e-9, ridge * trace / size);
        for (int i = 0; i < size; i++) factor[i * size + i] += penalty;
        decompose(factor, size);
        double[] column = new double[size];
        for (int t = 0; t < targets; t++) {
            for (int i = 0; i < size; i++) column[i] = products[(first + i) * targets + t];
            substitute(factor, size, column);
            for (int i = 0; i < size; i++) into[t][first + i] += share * column[i];
        }
    }

    /** Cholesky's lower triangle, in place. */
    private static void decompose(double[] a, int n) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[i * n + j];
                for (int k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
                a[i * n + j] = i == j ? Math.sqrt(sum) : sum / a[j * n + j];
            }
        }
    }

    private static void substitute(double[] lower, int n, double[] b) {
        for (int i = 0; i < n; i++) {
            double sum = b[i];
            for (int k = 0; k < i; k++) sum -= lower[i * n + k] * b[k];
            b[i] = sum / lower[i * n + i];
        }
        for (int i = n - 1; i >= 0; i--) {
            double sum = b[i];
            for (int k = i + 1; k < n; k++) sum -= lower[k * n + i] * b[k];
            b[i] = sum / lower[i * n + i];
        }
    }
}
