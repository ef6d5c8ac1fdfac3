package io.tidemark.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Which alerts make one incident.
 *
 * @param group streams of one group share their incidents; empty: the stream is its own
 * @param within event time between the opening of two alerts of one incident, at most
 * @param settle wall time for which an incident is pending
 * @param quiet for how long no alert is open before the incident is resolved
 * @param expireAfter wall time without a change after which it is given up
 * @param warning times rarer than the budget from which it is a warning; in [1, 1e9]
 * @param critical times rarer than a warning from which it is critical; in [1, 1e9]
 */
public record IncidentRules(
        Optional<String> group,
        Duration within,
        Duration settle,
        Duration quiet,
        Duration expireAfter,
        double warning,
        double critical) {
    /** What a stream file without the section gets. */
    public static final IncidentRules SHIPPED = new IncidentRules(
            IncidentSettings.GROUP.fallback(),
            IncidentSettings.WITHIN.fallback(),
            IncidentSettings.SETTLE.fallback(),
            IncidentSettings.QUIET.fallback(),
            IncidentSettings.EXPIRE_AFTER.fallback(),
            IncidentSettings.WARNING.fallback(),
            IncidentSettings.CRITICAL.fallback());

    /** @throws IllegalArgumentException when a value is out of its range */
    public IncidentRules {
        IncidentSettings.WITHIN.require(within);
        IncidentSettings.SETTLE.require(settle);
        IncidentSettings.QUIET.require(quiet);
        IncidentSettings.EXPIRE_AFTER.require(expireAfter);
        IncidentSettings.WARNING.require(warning);
        IncidentSettings.CRITICAL.require(critical);
    }
}
