package io.tidemark.judge.incident;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The silences there are, by their ids; of more than {@value #SILENCES_MAX} those that came last. One thread. */
public final class Silences {
    public static final int SILENCES_MAX = 10_000;

    private final Map<String, Silence> all = new LinkedHashMap<>();

    /**
     * Takes a record of {@code silences}; what is none is passed over.
     *
     * @param value null ends the silence
     */
    public void take(String id, byte @Nullable [] value) {
        all.remove(id);
        if (value == null) return;
        try {
            all.put(id, Silence.decode(value));
        } catch (IllegalArgumentException e) {
            return; // anybody may write to the topic
        }
        if (all.size() > SILENCES_MAX) all.remove(all.keySet().iterator().next());
    }

    public List<Silence> all() {
        return List.copyOf(all.values());
    }

    /** Whether an incident is not to be told at a wall time: each series that its record shows is silenced. */
    public boolean silence(JsonNode incident, long nowMs) {
        List<Silence> holding =
                all.values().stream().filter(s -> s.holdsAt(nowMs)).toList();
        if (holding.isEmpty()) return false;
        for (JsonNode part : incident.path("series")) {
            if (holding.stream().noneMatch(s -> s.covers(incident, part))) return false;
        }
        return !incident.path("series").isEmpty();
    }
}
