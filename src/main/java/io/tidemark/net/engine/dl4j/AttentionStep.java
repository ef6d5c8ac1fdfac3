package io.tidemark.net.engine.dl4j;

/**
 * Attention of every step to every step of a sample, in several heads, from queries, keys and values to the heads' sums. Runs in
 * Java, with keys and values transposed so that the inner loops run along the steps: products as small as a head's cost ND4J more
 * in overhead than in arithmetic.
 */
final class AttentionStep implements TapeStep {
    private final boolean trains;
    private final TapeSlot in;
    private final TapeSlot out;
    private final int heads;
    private final int steps;
    private final int size;
    private final int features;
    private final float scale;
    private final float[] inputs;
    private final float[] outputs;
    private final float[] keys;
    private final float[] values;
    private final float[] shares;
    private final float[] dKeys;
    private final float[] dValues;
    private final float[] dShares;

    /**
     * @param in queries, keys and values, one after another in each column of a sample-major sequence
     * @param out a third as many features
     */
    AttentionStep(Tape tape, int heads, TapeSlot in, TapeSlot out) {
        this.trains = tape.trains();
        this.in = in;
        this.out = out;
        this.heads = heads;
        this.steps = in.places();
        this.features = out.features();
        this.size = features / heads;
        this.scale = (float) (1 / Math.sqrt(size));
        inputs = new float[in.length()];
        outputs = new float[out.length()];
        keys = new float[size * steps];
        values = new float[size * steps];
        dKeys = new float[trains ? size * steps : 0];
        dValues = new float[trains ? size * steps : 0];
        dShares = new float[trains ? steps : 0];
        shares = new float[trains ? Math.multiplyExact(in.samples() * heads, steps * steps) : steps];
    }

    /** Where the part (0 query, 1 key, 2 value) of a head begins in the column of a sample's first step. */
    private int start(int sample, int head, int part) {
        return sample * steps * 3 * features + part * features + head * size;
    }

    private void transpose(int from, float[] to) {
        for (int t = 0; t < steps; t++) {
            for (int c = 0; c < size; c++) to[c * steps + t] = inputs[from + t * 3 * features + c];
        }
    }

    @Override
    public void forward() {
        in.values().get(inputs, 0, 0, inputs.length);
        java.util.Arrays.fill(outputs, 0f);
        for (int sample = 0; sample < in.samples(); sample++) {
            for (int head = 0; head < heads; head++) {
                transpose(start(sample, head, 1), keys);
                for (int t = 0; t < steps; t++) attend(sample, head, t);
            }
        }
        out.values().put(outputs, 0, 0, outputs.length);
    }

    private int sharesOf(int sample, int head, int step) {
        return trains ? ((sample * heads + head) * steps + step) * steps : 0;
    }

    private void attend(int sample, int head, int step) {
        int row = sharesOf(sample, head, step);
        int query = start(sample, head, 0) + step * 3 * features;
        float[] a = shares;
        java.util.Arrays.fill(a, row, row + steps, 0f);
        for (int c = 0; c < size; c++) addTimes(scale * inputs[query + c], keys, c * steps, a, row, steps);
        softmax(row);
        int to = (sample * steps + step) * features + head * size;
        int value = start(sample, head, 2);
        for (int u = 0; u < steps; u++) {
            addTimes(a[row + u], inputs, value + u * 3 * features, outputs, to, size);
        }
    }

    private void softmax(int row) {
        float most = Float.NEGATIVE_INFINITY;
        for (int u = 0; u < steps; u++) most = Math.max(most, shares[row + u]);
        double sum = 0;
        for (int u = 0; u < steps; u++) {
            double e = Math.exp(shares[row + u] - most);
            shares[row + u] = (float) e;
            sum += e;
        }
        float whole = (float) (1 / sum);
        for (int u = 0; u < steps; u++) shares[row + u] *= whole;
    }

    /** {@code to += factor · from} over so many floats. */
    private static void addTimes(float factor, float[] from, int fromOffset, float[] to, int toOffset, int count) {
        for (int i = 0; i < count; i++) to[toOffset + i] += factor * from[fromOffset + i];
    }

    @Override
    public void backward() {
        out.trained().get(outputs, 0, 0, outputs.length);
        float[] gradient = new float[inputs.length];
        for (int sample = 0; sample < in.samples(); sample++) {
            for (int head = 0; head < heads; head++) through(sample, head, gradient);
        }
        in.trained().put(gradient, 0, 0, gradient.length);
    }

    private void through(int sample, int head, float[] gradient) {
        transpose(start(sample, head, 2), values);
        java.util.Arrays.fill(dKeys, 0f);
        java.util.Arrays.fill(dValues, 0f);
        for (int t = 0; t < steps; t++) {
            int row = sharesOf(sample, head, t);
            int slope = (sample * steps + t) * features + head * size;
            java.util.Arrays.fill(dShares, 0f);
            for (int c = 0; c < size; c++) {
                addTimes(outputs[slope + c], values, c * steps, dShares, 0, steps);
                addTimes(outputs[slope + c], shares, row, dValues, c * steps, steps);
            }
            softmaxSlope(row);
            int query = start(sample, head, 0) + t * 3 * features;
            int key = start(sample, head, 1);
            for (int c = 0; c < size; c++) addTimes(inputs[query + c], dShares, 0, dKeys, c * steps, steps);
            for (int u = 0; u < steps; u++) {
                addTimes(dShares[u], inputs, key + u * 3 * features, gradient, query, size);
            }
        }
        scatter(dKeys, gradient, start(sample, head, 1));
        scatter(dValues, gradient, start(sample, head, 2));
    }

    /** From the slope of the shares to that of what they are the softmax of, times the scale. */
    private void softmaxSlope(int row) {
        double along = 0;
        for (int u = 0; u < steps; u++) along += (double) dShares[u] * shares[row + u];
        float mean = (float) along;
        for (int u = 0; u < steps; u++) dShares[u] = scale * shares[row + u] * (dShares[u] - mean);
    }

    private void scatter(float[] transposed, float[] gradient, int to) {
        for (int t = 0; t < steps; t++) {
            for (int c = 0; c < size; c++) gradient[to + t * 3 * features + c] = transposed[c * steps + t];
        }
    }
}
