package io.tidemark.net.engine.dl4j;

import java.util.Arrays;

/**
 * Attention of every asking step to every telling step of a sample, in several heads, from queries, keys and values to the heads' sums.
 * Runs in Java, with keys and values transposed so that the inner loops run along the steps: products as small as a head's cost ND4J
 * more in overhead than in arithmetic.
 */
final class AttentionStep implements TapeStep {
    private final boolean trains;
    private final boolean causal;
    private final Place asking;
    private final Place telling;
    private final TapeSlot out;
    private final int heads;
    private final int steps;
    private final int told;
    private final int size;
    private final int features;
    private final float scale;
    private final float[] queries;
    private final float[] pairs;
    private final float[] outputs;
    private final float[] keys;
    private final float[] values;
    private final float[] shares;
    private final float[] dKeys;
    private final float[] dValues;
    private final float[] dShares;

    /**
     * Where queries, or keys with the values behind them, lie in the columns of a sample-major sequence.
     *
     * @param at the first float of them in each column
     */
    record Place(TapeSlot slot, int at) {}

    /**
     * @param causal whether a step looks at itself and what is before it only; then both places have as many steps
     * @param asking queries
     * @param telling keys, and values right behind them; the slot may be that of the queries
     * @param out as many features as there are queries
     */
    AttentionStep(Tape tape, int heads, boolean causal, Place asking, Place telling, TapeSlot out) {
        this.trains = tape.trains();
        this.causal = causal;
        this.asking = asking;
        this.telling = telling;
        this.out = out;
        this.heads = heads;
        this.steps = asking.slot().places();
        this.told = telling.slot().places();
        this.features = out.features();
        this.size = features / heads;
        this.scale = (float) (1 / Math.sqrt(size));
        queries = new float[asking.slot().length()];
        pairs = alone() ? queries : new float[telling.slot().length()];
        outputs = new float[out.length()];
        keys = new float[size * told];
        values = new float[size * told];
        dKeys = new float[trains ? size * told : 0];
        dValues = new float[trains ? size * told : 0];
        dShares = new float[trains ? told : 0];
        shares = new float[trains ? Math.multiplyExact(out.samples() * heads, steps * told) : told];
    }

    /** Whether queries, keys and values lie in one slot. */
    private boolean alone() {
        return asking.slot().values() == telling.slot().values();
    }

    private int query(int sample, int head, int step) {
        return (sample * steps + step) * asking.slot().features() + asking.at() + head * size;
    }

    /** The key of a sample's first step; the value lies {@code features} further. */
    private int key(int sample, int head) {
        return sample * told * telling.slot().features() + telling.at() + head * size;
    }

    private void transpose(int from, float[] to) {
        int width = telling.slot().features();
        for (int t = 0; t < told; t++) {
            for (int c = 0; c < size; c++) to[c * told + t] = pairs[from + t * width + c];
        }
    }

    /** Telling steps that a step sees. */
    private int visible(int step) {
        return causal ? step + 1 : told;
    }

    @Override
    public void forward() {
        asking.slot().values().get(queries, 0, 0, queries.length);
        if (!alone()) telling.slot().values().get(pairs, 0, 0, pairs.length);
        Arrays.fill(outputs, 0f);
        for (int sample = 0; sample < out.samples(); sample++) {
            for (int head = 0; head < heads; head++) {
                transpose(key(sample, head), keys);
                for (int t = 0; t < steps; t++) attend(sample, head, t);
            }
        }
        out.values().put(outputs, 0, 0, outputs.length);
    }

    private int sharesOf(int sample, int head, int step) {
        return trains ? ((sample * heads + head) * steps + step) * told : 0;
    }

    private void attend(int sample, int head, int step) {
        int row = sharesOf(sample, head, step);
        int query = query(sample, head, step);
        int seen = visible(step);
        float[] a = shares;
        Arrays.fill(a, row, row + told, 0f);
        for (int c = 0; c < size; c++) addTimes(scale * queries[query + c], keys, c * told, a, row, seen);
        softmax(row, seen);
        int to = (sample * steps + step) * features + head * size;
        int value = key(sample, head) + features;
        int width = telling.slot().features();
        for (int u = 0; u < seen; u++) addTimes(a[row + u], pairs, value + u * width, outputs, to, size);
    }

    private void softmax(int row, int seen) {
        float most = Float.NEGATIVE_INFINITY;
        for (int u = 0; u < seen; u++) most = Math.max(most, shares[row + u]);
        double sum = 0;
        for (int u = 0; u < seen; u++) {
            double e = Math.exp(shares[row + u] - most);
            shares[row + u] = (float) e;
            sum += e;
        }
        float whole = (float) (1 / sum);
        for (int u = 0; u < seen; u++) shares[row + u] *= whole;
    }

    /** {@code to += factor · from} over so many floats. */
    private static void addTimes(float factor, float[] from, int fromOffset, float[] to, int toOffset, int count) {
        for (int i = 0; i < count; i++) to[toOffset + i] += factor * from[fromOffset + i];
    }

    @Override
    public void backward() {
        out.trained().get(outputs, 0, 0, outputs.length);
        float[] dQueries = new float[queries.length];
        float[] dPairs = alone() ? dQueries : new float[pairs.length];
        for (int sample = 0; sample < out.samples(); sample++) {
            for (int head = 0; head < heads; head++) through(sample, head, dQueries, dPairs);
        }
        asking.slot().trained().put(dQueries, 0, 0, dQueries.length);
        if (!alone()) telling.slot().trained().put(dPairs, 0, 0, dPairs.length);
    }

    private void through(int sample, int head, float[] dQueries, float[] dPairs) {
        int key = key(sample, head);
        int width = telling.slot().features();
        transpose(key + features, values);
        Arrays.fill(dKeys, 0f);
        Arrays.fill(dValues, 0f);
        for (int t = 0; t < steps; t++) {
            int row = sharesOf(sample, head, t);
            int slope = (sample * steps + t) * features + head * size;
            int seen = visible(t);
            Arrays.fill(dShares, 0f);
            for (int c = 0; c < size; c++) {
                addTimes(outputs[slope + c], values, c * told, dShares, 0, seen);
                addTimes(outputs[slope + c], shares, row, dValues, c * told, seen);
            }
            softmaxSlope(row, seen);
            int query = query(sample, head, t);
            for (int c = 0; c < size; c++) addTimes(queries[query + c], dShares, 0, dKeys, c * told, seen);
            for (int u = 0; u < seen; u++) addTimes(dShares[u], pairs, key + u * width, dQueries, query, size);
        }
        scatter(dKeys, dPairs, key);
        scatter(dValues, dPairs, key + features);
    }

    /** From the slope of the shares to that of what they are the softmax of, times the scale. */
    private void softmaxSlope(int row, int seen) {
        double along = 0;
        for (int u = 0; u < seen; u++) along += (double) dShares[u] * shares[row + u];
        float mean = (float) along;
        for (int u = 0; u < seen; u++) dShares[u] = scale * shares[row + u] * (dShares[u] - mean);
    }

    private void scatter(float[] transposed, float[] gradient, int to) {
        int width = telling.slot().features();
        for (int t = 0; t < told; t++) {
            for (int c = 0; c < size; c++) gradient[to + t * width + c] = transposed[c * told + t];
        }
    }
}
