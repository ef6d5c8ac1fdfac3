package io.tidemark.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.config.IncidentRules;
import io.tidemark.config.StreamSpec;
import io.tidemark.judge.incident.IncidentSpec;
import io.tidemark.judge.incident.Severity;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * How severe an alert is by itself: by the bands of its stream, or by the shipped ones where the stream is not declared here. Safe for any
 * thread.
 */
final class AlertSeverity {
    private static final double WARNING = Math.log10(IncidentRules.SHIPPED.warning());
    private static final double CRITICAL = WARNING + Math.log10(IncidentRules.SHIPPED.critical());

    private final Map<String, IncidentSpec> specs = new HashMap<>();

    AlertSeverity(Collection<StreamSpec> streams) {
        for (StreamSpec stream : streams) specs.put(stream.name(), IncidentSpec.of(stream));
    }

    /** @param alert as {@code alert.schema.json} declares it */
    String of(JsonNode alert) {
        IncidentSpec spec = specs.get(alert.path("stream").asText());
        double budget = alert.path("budget_level")
                .asDouble(spec == null ? Double.NaN : spec.severities().budgetLevel());
        double excess = alert.path("return_level").asDouble(Double.NaN) - budget;
        if (spec != null) return spec.severity(excess).label();
        Severity severity =
                excess >= CRITICAL ? Severity.CRITICAL : excess >= WARNING ? Severity.WARNING : Severity.INFO;
        return severity.label();
    }
}
