package io.tidemark.net.engine.dl4j;

/** From a column for each pass to their mean, quantiles moved apart by what the passes' medians disagree about. */
final class PredictiveStep extends RowsStep {
    private final float[] shifts;
    private final int median;

    /**
     * @param in a column for each pass
     * @param shifts standard deviations that each quantile is moved by; 0 alone where there are no quantiles
     * @param median the quantile whose passes are compared
     */
    PredictiveStep(Tape tape, int layer, TapeSlot in, float[] shifts, int median, TapeSlot out) {
        super(tape, layer, in, out);
        this.shifts = shifts;
        this.median = median;
    }

    @Override
    void begin() {
        // the rows are all it needs
    }

    private double mean(int element) {
        double sum = 0;
        for (int pass = 0; pass < count; pass++) sum += rows[at(element, pass)];
        return sum / count;
    }

    @Override
    float value(int element) {
        double mean = mean(element);
        float shift = shifts[element % shifts.length];
        if (shift == 0) return (float) mean;
        int middle = element / shifts.length * shifts.length + median;
        double centre = mean(middle);
        double squares = 0;
        for (int pass = 0; pass < count; pass++) {
            double d = rows[at(middle, pass)] - centre;
            squares += d * d;
        }
        return (float) (mean + shift * Math.sqrt(squares / count));
    }
}
