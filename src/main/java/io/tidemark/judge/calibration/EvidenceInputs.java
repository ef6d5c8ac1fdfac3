package io.tidemark.judge.calibration;

import java.util.Arrays;

/**
 * What the evidence of a series looks at: the values of its features, or, where these are too many for an entry of the journal, four figures of
 * all: the mean, the largest, and the tenth and the quarter largest |scaled value|.
 */
final class EvidenceInputs {
    private static final int FIGURES = 4;

    private final int features;
    private final int count;
    private final int valueBytes;
    private final float[] sorted;

    EvidenceInputs(int features, int noveltyFeaturesMax, int networks) {
        this.features = features;
        boolean exact = features <= noveltyFeaturesMax && Journal.fits(features, Double.BYTES, networks);
        valueBytes = exact ? Double.BYTES : Float.BYTES;
        count = Journal.fits(features, valueBytes, networks) ? features : FIGURES;
        sorted = new float[count == features ? 0 : features];
    }

    int count() {
        return count;
    }

    int valueBytes() {
        return valueBytes;
    }

    void enter(Observation observation, double[] values) {
        if (count < features) {
            figures(observation, values);
            return;
        }
        for (int i = 0; i < features; i++) {
            boolean known = !observation.imputed[i] && Double.isFinite(observation.values[i]);
            double value = known ? observation.values[i] : Double.NaN;
            values[i] = valueBytes == Double.BYTES ? value : (float) value;
        }
    }

    private void figures(Observation observation, double[] values) {
        int known = 0;
        double sum = 0;
        for (int i = 0; i < features; i++) {
            float z = Math.abs(observation.scaled[i]);
            if (!observation.imputed[i] && !Float.isNaN(z)) {
                sorted[known++] = z;
                sum += z;
            }
        }
        Arrays.sort(sorted, 0, known);
        values[0] = known == 0 ? Double.NaN : (float) (sum / known);
        values[1] = known == 0 ? Double.NaN : sorted[known - 1];
        values[2] = known == 0 ? Double.NaN : sorted[known - 1 - known / 10];
        values[3] = known == 0 ? Double.NaN : sorted[known - 1 - known / 4];
    }
}
