package io.tidemark.judge.incident;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What the record of an incident says of the past ones that are like it, for people. */
public final class SeenBefore {
    private static final int CHARS_MAX = 600;

    private SeenBefore() {}

    /**
     * Such as {@code like pumps@pumps/a@2026-01-01T00:00:00.000Z (0.93), labelled normal by bob: planned service}: of the most similar one that
     * people have said something of, else of the most similar one. At most {@value #CHARS_MAX} characters.
     *
     * @param incident a record as {@code incident.schema.json} declares it
     * @return empty where none is like it
     */
    public static Optional<String> sentence(JsonNode incident) {
        JsonNode similar = incident.path("similar");
        if (!similar.has(0)) return Optional.empty();
        JsonNode chosen = similar.get(0);
        for (JsonNode one : similar) {
            if (!one.has("label") && !one.has("who")) continue;
            chosen = one;
            break;
        }
        StringBuilder text =
                new StringBuilder("like ").append(chosen.path("incident").asText());
        text.append(" (").append(chosen.path("similarity").asText()).append(')');
        if (chosen.has("label")) {
            text.append(", labelled ").append(chosen.path("label").asText());
            said(text, chosen, "label_who", "label_note");
            otherwise(similar, chosen.path("label").asText())
                    .ifPresent(one -> text.append("; but ")
                            .append(one.path("incident").asText())
                            .append(" (")
                            .append(one.path("similarity").asText())
                            .append(") was labelled ")
                            .append(one.path("label").asText()));
        }
        if (chosen.has("who")) {
            text.append(", taken");
            said(text, chosen, "who", "note");
        }
        return Optional.of(text.substring(0, Math.min(CHARS_MAX, text.length())));
    }

    /** The most similar one that people said something else of. */
    private static Optional<JsonNode> otherwise(JsonNode similar, String label) {
        for (JsonNode one : similar) {
            if (one.has("label") && !one.path("label").asText().equals(label)) return Optional.of(one);
        }
        return Optional.empty();
    }

    private static void said(StringBuilder text, JsonNode similar, String who, String note) {
        if (similar.has(who)) text.append(" by ").append(similar.path(who).asText());
        if (similar.has(note)) text.append(": ").append(similar.path(note).asText());
    }
}
