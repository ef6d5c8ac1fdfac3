package io.tidemark.role.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.Sha256;
import java.util.Locale;

/** What a receiver wants to be told of, and by what it knows a message again. */
final class Wanted {
    private Wanted() {}

    /**
     * Whether a record of an incident is to be told: a state that is new and wanted, or a severity that has risen in one, or twice as many series, or any change of one that a silence held back.
     *
     * @param wasHeld whether the receiver has not been told of it because of a silence
     */
    static boolean isWanted(NotifyFile.Receiver receiver, JsonNode incident, boolean wasHeld) {
        boolean changed = !incident.path("changed").isEmpty();
        return (changed || wasHeld)
                && isOfInterest(receiver, incident)
                && receiver.filter().states().contains(incident.path("state").asText());
    }

    /** Whether its group and its severity are. */
    static boolean isOfInterest(NotifyFile.Receiver receiver, JsonNode incident) {
        boolean group = receiver.filter().groups().isEmpty()
                || receiver.filter().groups().contains(incident.path("group").asText());
        return group && severity(incident).compareTo(receiver.filter().severity()) >= 0;
    }

    private static NotifyFile.Severity severity(JsonNode incident) {
        try {
            return NotifyFile.Severity.valueOf(
                    incident.path("severity").asText().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return NotifyFile.Severity.INFO;
        }
    }

    /** The same for one incident in one state with one severity, until it has spread to twice as many series. */
    static String once(JsonNode incident) {
        boolean spread = false;
        for (JsonNode news : incident.path("changed")) spread |= news.asText().equals("series");
        return Sha256.hex(
                incident.path("id").asText() + "\n" + incident.path("state").asText() + "\n"
                        + incident.path("severity").asText()
                        + (spread ? "\n" + incident.path("series_count").asInt() : ""));
    }
}
