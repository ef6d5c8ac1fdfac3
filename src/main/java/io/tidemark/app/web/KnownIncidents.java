package io.tidemark.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.judge.incident.Silences;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The newest record of each of at most {@value #MAX} incidents, in the order in which they came. Guarded by its {@link ConsoleState}. */
final class KnownIncidents {
    static final int MAX = 500;

    private final Map<String, Known> all = new LinkedHashMap<>();
    private final Silences silences = new Silences();

    /**
     * @param record as {@code incident.schema.json} declares it
     * @param beganMs when it began, by the timestamps of records, which need not be event time: by those of the first of its records that came
     */
    record Known(JsonNode record, long beganMs) {}

    /** Takes a record; false when a newer one of the same incident is known. */
    boolean take(JsonNode record, long timestampMs) {
        String id = record.path("id").asText();
        Known before = all.get(id);
        boolean stale = before != null
                && before.record.path("revision").asInt()
                        >= record.path("revision").asInt();
        if (stale) return false;
        all.remove(id); // the newest last
        long lastedMs = Math.max(0, ConsoleState.time(record, "time") - ConsoleState.time(record, "since"));
        all.put(id, new Known(record, before == null ? timestampMs - lastedMs : before.beganMs));
        if (all.size() > MAX) {
            all.remove(all.entrySet().stream()
                    .filter(e -> e.getValue().record.has("until"))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(all.keySet().iterator().next()));
        }
        return true;
    }

    /**
     * Takes a silence, or ends one.
     *
     * @throws IllegalArgumentException when it is none
     */
    void silence(String id, byte @Nullable [] value) {
        silences.take(id, value);
    }

    /** A record as it is shown at a wall time: with {@code silenced} where nobody is told of it. */
    JsonNode shown(JsonNode record, long nowMs) {
        if (record.has("until") || !silences.silence(record, nowMs)) return record;
        return ((ObjectNode) record.deepCopy()).put("silenced", true);
    }

    Optional<Known> get(String id) {
        return Optional.ofNullable(all.get(id));
    }

    /** Those that are not over, the most severe first, of equal ones the newest. */
    List<JsonNode> open(int most, long nowMs) {
        return all.values().stream()
                .map(Known::record)
                .filter(i -> !i.has("until"))
                .sorted(Comparator.comparingInt(KnownIncidents::rank)
                        .thenComparing(i -> i.path("since").asText(), Comparator.reverseOrder()))
                .limit(most)
                .map(i -> shown(i, nowMs))
                .toList();
    }

    /** Which open incident an alert belongs to, by its id, as far as their records list it. */
    Map<String, String> alerts() {
        Map<String, String> incidentOf = new HashMap<>();
        for (Map.Entry<String, Known> one : all.entrySet()) {
            if (one.getValue().record.has("until")) continue;
            for (JsonNode part : one.getValue().record.path("series")) {
                incidentOf.put(part.path("alert").asText(), one.getKey());
            }
        }
        return incidentOf;
    }

    private static int rank(JsonNode incident) {
        return ConsoleState.SEVERITIES.indexOf(incident.path("severity").asText());
    }

    /** Those that are over, newest first. */
    List<JsonNode> over(int most) {
        List<JsonNode> over = all.values().stream()
                .map(Known::record)
                .filter(i -> i.has("until"))
                .toList();
        Deque<JsonNode> newest = new ArrayDeque<>();
        for (JsonNode incident : over.subList(Math.max(0, over.size() - most), over.size())) newest.addFirst(incident);
        return List.copyOf(newest);
    }

    /** All of them, newest first. */
    void all(ArrayNode into, long nowMs) {
        all.values().forEach(known -> into.insert(0, shown(known.record, nowMs)));
    }

    /** When a series was part of which incidents. */
    void of(String stream, String series, ArrayNode into) {
        for (Known known : all.values()) {
            for (JsonNode part : known.record.path("series")) {
                if (!part.path("stream").asText().equals(stream)
                        || !part.path("series").asText().equals(series)) continue;
                ObjectNode one = into.addObject();
                for (String field : List.of("id", "state", "severity", "summary"))
                    one.set(field, known.record.path(field));
                one.set("since", part.path("since"));
                if (part.has("until")) one.set("until", part.path("until"));
            }
        }
    }
}
