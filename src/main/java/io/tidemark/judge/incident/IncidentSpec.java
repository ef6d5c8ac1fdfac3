package io.tidemark.judge.incident;

import io.tidemark.config.AlertBudget;
import io.tidemark.config.IncidentRules;
import io.tidemark.config.StreamSpec;

/**
 * How the alerts of one stream are grouped.
 *
 * @param group whose incidents they belong to
 */
public record IncidentSpec(String group, Times times, Severities severities) {

    /**
     * How long things last: steps and openings in event time, the rest on the wall clock.
     *
     * @param stepMs time between two steps of a series; above 0
     * @param withinMs event time between two openings of one incident, at most; at least two steps
     * @param settleMs wall time for which an incident is pending
     * @param quietMs for how long no alert is open before it is resolved
     * @param expireMs wall time without a change after which it is given up
     */
    public record Times(long stepMs, long withinMs, long settleMs, long quietMs, long expireMs) {}

    /**
     * From which excess over the alert budget an incident is of a severity.
     *
     * @param budgetLevel the return level that the budget allows, where an alert does not say it; log10 of steps
     * @param warning orders of magnitude above the budget that make a warning; at least 0
     * @param critical orders of magnitude above the budget that make it critical; at least {@code warning}
     */
    public record Severities(double budgetLevel, double warning, double critical) {}

    /** Taken for the time between two steps where a stream declares no grid. */
    private static final long STEP_MS_UNKNOWN = 10_000;

    /** As a stream declares it; one without a budget is held to the shipped one. */
    public static IncidentSpec of(StreamSpec stream) {
        IncidentRules rules = stream.incidents();
        long declared = stream.grid().stepMs();
        long stepMs = declared > 0 ? declared : STEP_MS_UNKNOWN;
        double warning = Math.log10(rules.warning());
        return new IncidentSpec(
                stream.incidentGroup(),
                new Times(
                        stepMs,
                        Math.max(rules.within().toMillis(), 2 * declared),
                        rules.settle().toMillis(),
                        rules.quiet().toMillis(),
                        rules.expireAfter().toMillis()),
                new Severities(
                        stream.verdict().budget().orElse(AlertBudget.DEFAULT).level(stepMs),
                        warning,
                        warning + Math.log10(rules.critical())));
    }

    /** @param excess orders of magnitude above the budget */
    public Severity severity(double excess) {
        return excess >= severities.critical()
                ? Severity.CRITICAL
                : excess >= severities.warning() ? Severity.WARNING : Severity.INFO;
    }
}
