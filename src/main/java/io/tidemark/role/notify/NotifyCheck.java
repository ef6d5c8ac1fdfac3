package io.tidemark.role.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.config.NotifyFile;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Whether a receiver can be told. */
public final class NotifyCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

    private NotifyCheck() {}

    /**
     * What is wrong with a receiver; empty where nothing is.
     *
     * @param send whether it is sent a test incident, which opens and resolves
     */
    public static String problem(
            NotifyFile.Receiver receiver, Map<String, String> environment, boolean send, InstantSource clock)
            throws InterruptedException {
        Destination destination;
        try {
            destination = new Destination(receiver, environment, clock);
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
        if (!send) return "";
        Instant now = clock.instant();
        for (String state : List.of("open", "resolved")) {
            JsonNode incident = incident(now, state);
            Destination.Result result =
                    destination.send(body(receiver, incident, destination, now), Wanted.once(incident));
            if (result instanceof Destination.Result.TryAgain again) return again.reason();
            if (result instanceof Destination.Result.Refused refused) return refused.reason();
        }
        return "";
    }

    private static String body(NotifyFile.Receiver receiver, JsonNode incident, Destination destination, Instant now) {
        if (receiver.type() != NotifyFile.Type.ALERTMANAGER) {
            return Messages.of(receiver.type(), incident, destination.key());
        }
        ArrayNode alerts = JSON.createArrayNode();
        Messages.alerts(alerts, incident, now.toEpochMilli(), now.toEpochMilli() + 300_000);
        return alerts.toString();
    }

    private static JsonNode incident(Instant now, String state) {
        ObjectNode incident = JSON.createObjectNode();
        incident.put("version", 1).put("id", "test@test/test@" + now).put("revision", 1);
        incident.put("group", "test").put("state", state).put("severity", "info");
        incident.putArray("changed").add("state");
        incident.put("time", now.toString()).put("since", now.toString());
        if (state.equals("resolved")) incident.put("until", now.toString()).put("reason", "all-resolved");
        incident.put("summary", "a test of notifications; nothing is wrong");
        incident.put("series_count", 1).put("open_count", 1).put("excess", 0);
        incident.putObject("first").put("stream", "test").put("series", "test").put("since", now.toString());
        incident.putArray("series").addObject().put("stream", "test").put("series", "test");
        return incident;
    }
}
