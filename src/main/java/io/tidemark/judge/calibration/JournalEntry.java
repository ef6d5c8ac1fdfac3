package io.tidemark.judge.calibration;

/** What a step changes a series' memory by: the same entries in the same order give the same memory, bit for bit. */
final class JournalEntry {
    long timeMs;
    boolean alertOpen;
    /** Whether what scores does not learn the step. */
    boolean scoreHolds;
    /** Mean |scaled value|; NaN when nothing was measured. */
    float deviation;
    /** What the evidence looks at: measured values of the features, or a few figures of many; NaN when missing or filled in. */
    final double[] values;
    /** Mean error for each network's place; NaN when the network said nothing. */
    final float[] errors;
    /** Mean error on the step's probe for each network's place; NaN when there is none. */
    final float[] probes;

    /** Whether any network that spoke has an error on a probe. */
    boolean isProbed() {
        for (int i = 0; i < probes.length; i++) if (!Float.isNaN(errors[i]) && !Float.isNaN(probes[i])) return true;
        return false;
    }

    JournalEntry(int values, int networks) {
        this.values = new double[values];
        errors = new float[networks];
        probes = new float[networks];
    }
}
