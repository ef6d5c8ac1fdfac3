package io.tidemark.config;

import java.time.Duration;

/**
 * When a promoted champion is rolled back: as soon as a figure of at least {@code least} of its steps is over its limit, within
 * {@code watch} after the promotion.
 *
 * @param watch how long after a promotion, and how far before it for comparison; 0 for no guard; at most 1 d
 * @param least steps that make a figure; in [20, 1_000_000]
 * @param alertRate share of steps that would open an alert, against before; in [1, 1000]
 * @param tails share of steps whose tail probability is below 0.05, against 0.05 or before, whichever is more; in [1, 20]
 * @param latency time of a forward pass for each sample, against before; in [1, 1000]
 * @param errors median of the error, against that of the champion before; in [1, 1000]
 * @param failed share of samples that the model gives no number for; in [0, 1]
 */
public record GuardSpec(
        Duration watch, int least, double alertRate, double tails, double latency, double errors, double failed) {
    /** What a stream file without the section gets. */
    public static final GuardSpec SHIPPED = new GuardSpec(
            ModelSettings.WATCH.fallback(),
            ModelSettings.LEAST.fallback(),
            ModelSettings.ALERT_RATE.fallback(),
            ModelSettings.TAILS.fallback(),
            ModelSettings.LATENCY.fallback(),
            ModelSettings.ERRORS.fallback(),
            ModelSettings.FAILED.fallback());

    /** @throws IllegalArgumentException when a value is out of its range */
    public GuardSpec {
        ModelSettings.WATCH.require(watch);
        ModelSettings.LEAST.require(least);
        ModelSettings.ALERT_RATE.require(alertRate);
        ModelSettings.TAILS.require(tails);
        ModelSettings.LATENCY.require(latency);
        ModelSettings.ERRORS.require(errors);
        ModelSettings.FAILED.require(failed);
    }
}
