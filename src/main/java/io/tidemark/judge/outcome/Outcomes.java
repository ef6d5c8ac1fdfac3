package io.tidemark.judge.outcome;

import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;

/**
 * Takes what a verdict says, in the order it is said: for each inference the forecasts, the alert's change, the gates, and last the one
 * score; for each label the label, and the alert that it ends. Called by the thread that judges.
 */
public interface Outcomes {
    /** Takes the outcome of a step. The score is reused by the next one. */
    void score(Score score);

    /** Takes a forecast, which is reused by the next one. */
    void forecast(Forecast forecast);

    /** Takes an alert that opened or was resolved. */
    void alert(Alert alert);

    /** Takes which steps may teach. */
    void gate(Gate gate);

    /** Takes what a person said of a stretch, for those who learn from its rows. */
    void label(Label label);

    /** Is told that the stored calibration of the series could not be gone on with, before whatever else comes of the record. */
    default void calibrationLost() {}
}
