package io.tidemark.judge.calibration;

import io.tidemark.judge.slots.SlotMemory;

/** The signals made of a series' plain values, feature by feature; none where the series is too wide for them. */
final class ValueSignals {
    private final FeatureSignals[] features;
    private final double[] surpriseOf;

    ValueSignals(SlotMemory memory, CalibrationSpec spec, int features, int scales, int blocks) {
        this.features = new FeatureSignals[scales == 0 ? 0 : features];
        for (int i = 0; i < this.features.length; i++) {
            this.features[i] = new FeatureSignals(
                    memory,
                    scales,
                    blocks,
                    spec.memory().samples(),
                    spec.fusion().surpriseFloor(),
                    spec.fusion().surpriseCap());
        }
        surpriseOf = new double[this.features.length];
    }

    /** How many features have signals: all or none. */
    int features() {
        return features.length;
    }

    /**
     * The surprise of a step's values: the largest novelty of a feature, and the stillness of all, for a feed that has frozen repeats every
     * feature at once. A missing value is not surprising.
     */
    double judge(JournalEntry entry) {
        double novelty = 0;
        double stillness = 0;
        for (int i = 0; i < features.length; i++) {
            surpriseOf[i] = 0;
            double value = entry.values[i];
            if (Double.isNaN(value)) {
                continue;
            }
            double surprise = features[i].surprise(entry.timeMs, value);
            novelty = Math.max(novelty, surprise);
            stillness += features[i].stillness();
            surpriseOf[i] = surprise + features[i].stillness();
        }
        return novelty + stillness;
    }

    /** Learns the values last judged. */
    void learn(JournalEntry entry) {
        for (int i = 0; i < features.length; i++) {
            if (!Double.isNaN(entry.values[i])) {
                features[i].learn();
            }
        }
    }

    /** Adds each feature's part of the surprise last judged, so many times. */
    void addTo(FeatureShares shares, double times) {
        for (int i = 0; i < features.length; i++) {
            shares.add(i, times * surpriseOf[i]);
        }
    }
}
