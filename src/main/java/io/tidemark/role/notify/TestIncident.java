package io.tidemark.role.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** An incident that a person asked for, to see whether a receiver hears of it. */
final class TestIncident {
    static final List<String> STATES = List.of("open", "resolved");

    private static final ObjectMapper JSON = new ObjectMapper();

    private TestIncident() {}

    /** @param state of {@link #STATES} */
    static JsonNode in(String state, Instant now) {
        ObjectNode incident = JSON.createObjectNode();
        incident.put("version", 1).put("id", "test@test/test@" + now).put("revision", STATES.indexOf(state) + 1);
        incident.put("group", "test").put("state", state).put("severity", "info");
        incident.putArray("changed").add("state");
        incident.put("time", now.toString()).put("since", now.toString());
        if (state.equals("resolved")) incident.put("until", now.toString()).put("reason", "all-resolved");
        incident.put("summary", "a test of notifications; nothing is wrong");
        incident.put("series_count", 1)
                .put("open_count", state.equals("open") ? 1 : 0)
                .put("excess", 0);
        ObjectNode first = incident.putObject("first");
        first.put("stream", "test").put("series", "test").put("since", now.toString());
        first.put("lead_ms", 0).put("confidence", 0);
        ObjectNode series = incident.putArray("series").addObject();
        series.put("stream", "test")
                .put("series", "test")
                .put("alert", "test/test@" + now)
                .put("since", now.toString());
        if (state.equals("resolved")) series.put("until", now.toString());
        series.put("return_level", 0).put("kind", "point");
        return incident;
    }
}
