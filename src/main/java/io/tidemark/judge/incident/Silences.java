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
     * Takes a record of {@code silences}.
     *
     * @param value null ends the silence
     * @throws IllegalArgumentException when it is no silence, or one of another id; the one of this id goes on then
     */
    public void take(String id, byte @Nullable [] value) {
        Silence silence = value == null ? null : Silence.decode(value);
        if (silence != null && !silence.id().equals(id)) {
            throw new IllegalArgumentException("its key is not the id of the silence");
        }
        all.remove(id);
        if (silence == null) return;
        all.put(id, silence);
        if (all.size() > SILENCES_MAX) all.remove(all.keySet().iterator().next());
    }

    public List<Silence> all() {
        return List.copyOf(all.values());
    }

    /** Whether an incident is not to be told at a wall time: each series that its record shows is silenced. */
    public boolean silence(JsonNode incident, long nowMs) {
        List<Silence> holding = all.values().stream()
                .filter(s -> coversAny(s, incident) && s.holdsAt(nowMs))
                .toList();
        if (holding.isEmpty()) return false;
        for (JsonNode part : incident.path("series")) {
            if (holding.stream().noneMatch(s -> s.covers(incident, part))) return false;
        }
        return !incident.path("series").isEmpty();
    }

    private static boolean coversAny(Silence silence, JsonNode incident) {
        for (JsonNode part : incident.path("series")) if (silence.covers(incident, part)) return true;
        return false;
    }
}
