package io.tidemark.outcome;

import io.tidemark.sample.Gate;

/**
 * Takes what a verdict says, in the order it is said: for each inference the forecasts, the alert's change, the gates, and last the one
 * score. Called by the thread that judges.
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
}
