package io.tidemark.judge.incident;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * That a person takes an incident, as {@code incident-inbox} holds it.
 *
 * @param incident its id; in [1, 2000] characters
 * @param who takes it; at most 100 characters, may be empty
 * @param note for other people; at most 1000 characters, may be empty
 */
public record IncidentAction(String incident, String who, String note) {
    public static final int VERSION = 1;
    /** The one action there is. */
    public static final String ACKNOWLEDGE = "acknowledge";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws IllegalArgumentException naming what is out of its bounds */
    public IncidentAction {
        length("incident", incident, 1, 2000);
        length("who", who, 0, 100);
        length("note", note, 0, 1000);
        if (incident.indexOf('@') < 1) {
            throw new IllegalArgumentException("incident must be an id such as GROUP@STREAM/SERIES@TIME");
        }
    }

    private static void length(String name, String text, int min, int max) {
        if (text.length() < min || text.length() > max) {
            throw new IllegalArgumentException(
                    name + " must have " + min + " to " + max + " characters, but has " + text.length());
        }
    }

    /** The group of the incident, whose partition the record goes to. */
    public String group() {
        return incident.substring(0, incident.indexOf('@'));
    }

    /** Whether a record of the inbox is an action; else it is an alert. */
    static boolean isAction(JsonNode record) {
        return record.has("action");
    }

    static IncidentAction of(JsonNode record) {
        if (!record.path("action").asText().equals(ACKNOWLEDGE)) {
            throw new IllegalArgumentException("action must be " + ACKNOWLEDGE);
        }
        return new IncidentAction(
                record.path("incident").asText(),
                record.path("who").asText(),
                record.path("note").asText());
    }

    /** The record's value: JSON in UTF-8. */
    public byte[] encode() {
        ObjectNode json = JSON.createObjectNode();
        json.put("version", VERSION).put("action", ACKNOWLEDGE).put("incident", incident);
        if (!who.isEmpty()) json.put("who", who);
        if (!note.isEmpty()) json.put("note", note);
        return json.toString().getBytes(UTF_8);
    }

    /**
     * Reads a record's value.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static IncidentAction decode(byte[] value) {
        try {
            return of(JSON.readTree(value));
        } catch (IOException e) {
            throw new IllegalArgumentException("the record is not JSON", e);
        }
    }
}
