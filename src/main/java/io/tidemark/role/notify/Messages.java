package io.tidemark.role.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.Sha256;
import io.tidemark.judge.incident.SeenBefore;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Incidents in the shapes that receivers want. An incident is a record as {@code incident.schema.json} declares it.
 *
 * <p>A message has the summary, the first {@value #SERIES_SHOWN} series, a past incident that is like it, and nothing else of the events. Safe for any thread.
 */
final class Messages {
    /** Series that a message for people lists. */
    private static final int SERIES_SHOWN = 5;

    private static final int PAGERDUTY_KEY_CHARS_MAX = 255;
    private static final int PAGERDUTY_SUMMARY_CHARS_MAX = 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Messages() {}

    /** @param key PagerDuty's routing key; empty elsewhere */
    static String of(NotifyFile.Type type, JsonNode incident, String key) {
        return switch (type) {
            case WEBHOOK, ALERTMANAGER -> incident.toString();
            case SLACK -> slack(incident).toString();
            case TEAMS -> teams(incident).toString();
            case PAGERDUTY -> pagerDuty(incident, key).toString();
        };
    }

    /** Such as {@code CRITICAL · pumps · open}. */
    private static String title(JsonNode incident) {
        return text(incident, "severity").toUpperCase(Locale.ROOT) + " · " + text(incident, "group") + " · "
                + text(incident, "state");
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asText();
    }

    private static String line(JsonNode series) {
        String line = text(series, "stream") + "/" + text(series, "series");
        if (!series.has("feature")) return line;
        return line + ": " + text(series, "feature") + " " + text(series, "value") + ", expected "
                + text(series, "lower") + " to " + text(series, "upper");
    }

    private static List<String> lines(JsonNode incident) {
        List<String> lines = new java.util.ArrayList<>();
        for (JsonNode series : incident.path("series")) {
            if (lines.size() == SERIES_SHOWN) break;
            lines.add(line(series));
        }
        int more = incident.path("series_count").asInt() - lines.size();
        if (more > 0) lines.add("and " + more + " more");
        SeenBefore.sentence(incident).ifPresent(lines::add);
        return lines;
    }

    private static ObjectNode slack(JsonNode incident) {
        ObjectNode message = JSON.createObjectNode();
        message.put("text", escaped(title(incident) + ": " + text(incident, "summary")));
        ArrayNode blocks = message.putArray("blocks");
        section(blocks, "*" + escaped(title(incident)) + "*\n" + escaped(text(incident, "summary")));
        section(blocks, escaped(String.join("\n", lines(incident))));
        blocks.addObject()
                .put("type", "context")
                .putArray("elements")
                .addObject()
                .put("type", "mrkdwn")
                .put("text", escaped("since " + text(incident, "since") + " · " + text(incident, "id")));
        return message;
    }

    private static void section(ArrayNode blocks, String markdown) {
        blocks.addObject()
                .put("type", "section")
                .putObject("text")
                .put("type", "mrkdwn")
                .put("text", markdown);
    }

    /** Slack's three control characters. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static ObjectNode teams(JsonNode incident) {
        ObjectNode message = JSON.createObjectNode();
        message.put("type", "message");
        ObjectNode attachment = message.putArray("attachments").addObject();
        attachment.put("contentType", "application/vnd.microsoft.card.adaptive");
        ObjectNode card = attachment.putObject("content");
        card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        card.put("type", "AdaptiveCard").put("version", "1.4");
        ArrayNode body = card.putArray("body");
        body.addObject()
                .put("type", "TextBlock")
                .put("text", title(incident))
                .put("weight", "bolder")
                .put("color", color(incident));
        body.addObject()
                .put("type", "TextBlock")
                .put("text", text(incident, "summary"))
                .put("wrap", true);
        ArrayNode facts = body.addObject().put("type", "FactSet").putArray("facts");
        fact(facts, "Since", text(incident, "since"));
        fact(facts, "Series", text(incident, "series_count"));
        fact(facts, "First", text(incident.path("first"), "series"));
        fact(facts, "Incident", text(incident, "id"));
        SeenBefore.sentence(incident).ifPresent(sentence -> fact(facts, "Seen before", sentence));
        return message;
    }

    private static String color(JsonNode incident) {
        if (incident.has("until")) return "good";
        return switch (text(incident, "severity")) {
            case "critical" -> "attention";
            case "warning" -> "warning";
            default -> "accent";
        };
    }

    private static void fact(ArrayNode facts, String title, String value) {
        facts.addObject().put("title", title).put("value", value);
    }

    private static ObjectNode pagerDuty(JsonNode incident, String key) {
        ObjectNode event = JSON.createObjectNode();
        event.put("routing_key", key);
        boolean taken = text(incident, "state").equals("acknowledged");
        event.put("event_action", incident.has("until") ? "resolve" : taken ? "acknowledge" : "trigger");
        String id = text(incident, "id");
        event.put("dedup_key", id.length() <= PAGERDUTY_KEY_CHARS_MAX ? id : Sha256.hex(id));
        ObjectNode payload = event.putObject("payload");
        payload.put("summary", cut(text(incident, "summary"), PAGERDUTY_SUMMARY_CHARS_MAX));
        payload.put("source", text(incident.path("first"), "stream") + "/" + text(incident.path("first"), "series"));
        payload.put("severity", text(incident, "severity"));
        payload.put("timestamp", text(incident, "since"));
        payload.put("group", text(incident, "group"));
        ArrayNode series = payload.putObject("custom_details").putArray("series");
        lines(incident).forEach(series::add);
        return event;
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }

    /**
     * What Alertmanager is told of an incident: one alert, and the same of each lower severity as ended, for it may have been told of that before.
     *
     * @param endsMs wall time until which the alert fires unless it is told again
     */
    static void alerts(ArrayNode into, JsonNode incident, long nowMs, long endsMs) {
        boolean over = incident.has("until");
        for (NotifyFile.Severity severity : NotifyFile.Severity.values()) {
            String label = severity.name().toLowerCase(Locale.ROOT);
            boolean present = label.equals(text(incident, "severity"));
            ObjectNode alert = into.addObject();
            ObjectNode labels = alert.putObject("labels");
            labels.put("alertname", "TidemarkIncident").put("group", text(incident, "group"));
            labels.put("severity", label).put("incident", text(incident, "id"));
            ObjectNode annotations = alert.putObject("annotations");
            annotations.put("summary", text(incident, "summary"));
            annotations.put("description", String.join("\n", lines(incident)));
            alert.put("startsAt", startsAt(incident, nowMs));
            alert.put(
                    "endsAt",
                    Instant.ofEpochMilli(over || !present ? nowMs : endsMs).toString());
            if (present) return;
        }
    }

    /** Event time, but never ahead of wall time: Alertmanager wants an alert to end after it begins. */
    private static String startsAt(JsonNode incident, long nowMs) {
        try {
            Instant since = Instant.parse(text(incident, "since"));
            return (since.toEpochMilli() < nowMs ? since : Instant.ofEpochMilli(nowMs - 1)).toString();
        } catch (java.time.DateTimeException e) {
            return Instant.ofEpochMilli(nowMs - 1).toString();
        }
    }
}
