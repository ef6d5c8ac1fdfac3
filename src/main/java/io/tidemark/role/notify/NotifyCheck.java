package io.tidemark.role.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tidemark.config.NotifyFile;
import java.time.Instant;
import java.time.InstantSource;
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
        for (String state : TestIncident.STATES) {
            JsonNode incident = TestIncident.in(state, now);
            Destination.Result result =
                    destination.send(body(receiver, incident, destination, now), Wanted.once(incident));
            if (result instanceof Destination.Result.TryAgain again) return again.reason();
            if (result instanceof Destination.Result.Refused refused) return refused.reason();
        }
        return "";
    }

    private static String body(NotifyFile.Receiver receiver, JsonNode incident, Destination destination, Instant now) {
        if (receiver.type() != NotifyFile.Type.ALERTMANAGER) {
            return destination.message(incident);
        }
        ArrayNode alerts = JSON.createArrayNode();
        Messages.alerts(alerts, incident, now.toEpochMilli(), now.toEpochMilli() + 300_000);
        return alerts.toString();
    }
}
