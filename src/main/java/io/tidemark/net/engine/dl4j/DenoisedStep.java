package io.tidemark.net.engine.dl4j;

/** From a column for each noise level to a sample as far from the clean one as the levels are on the average. */
final class DenoisedStep extends RowsStep {
    private final TapeSlot mark;
    private final float[] clean;

    /**
     * @param in a column for each level
     * @param mark the clean sample
     */
    DenoisedStep(Tape tape, int layer, TapeSlot in, TapeSlot mark, TapeSlot out) {
        super(tape, layer, in, out);
        this.mark = mark;
        this.clean = new float[out.length()];
    }

    @Override
    void begin() {
        mark.values().get(clean, 0, 0, clean.length);
    }

    @Override
    float value(int element) {
        float sum = 0;
        float away = 0;
        for (int level = 0; level < count; level++) {
            float error = rows[at(element, level)] - clean[element];
            sum += error;
            away += Math.abs(error);
        }
        return clean[element] + Math.signum(sum) * away / count;
    }
}
