package io.tidemark.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.node.StreamCost;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.StreamText;
import io.tidemark.net.network.Zoo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is declared of the streams, and what it costs. Safe for any thread. */
final class DeclaredView {
    private final Map<String, StreamSpec> specs = new TreeMap<>();

    private final Map<String, StreamCost> costs = new TreeMap<>();

    DeclaredView(Collection<StreamSpec> streams, Zoo zoo) {
        for (StreamSpec stream : streams) {
            specs.put(stream.name(), stream);
            StreamCost cost = StreamCost.of(stream, zoo);
            if (cost.problems().isEmpty()) costs.put(stream.name(), cost);
        }
    }

    /** Adds to what came in of each stream what is declared of it. */
    ObjectNode streams(ObjectNode json) {
        List<String> seen = new ArrayList<>();
        for (JsonNode stream : json.path("streams")) {
            String name = stream.path("name").asText();
            seen.add(name);
            StreamSpec spec = specs.get(name);
            if (spec != null) declare((ObjectNode) stream, spec);
        }
        for (StreamSpec spec : specs.values()) {
            if (!seen.contains(spec.name())) {
                declare(
                        json.withArray("streams")
                                .addObject()
                                .put("name", spec.name())
                                .put("outcomes", 0),
                        spec);
            }
        }
        return json;
    }

    private void declare(ObjectNode stream, StreamSpec spec) {
        stream.put("about", spec.about()).put("topic", spec.input().topic());
        ArrayNode networks = stream.putArray("networks");
        spec.networks().forEach(networks::add);
        stream.put("file", StreamText.describe(spec));
        StreamCost cost = costs.get(spec.name());
        if (cost == null) return;
        long series = stream.path("series").asLong();
        double rate = stream.path("rate").asDouble();
        StreamCost.RecordBytes record = cost.record();
        long written = record.sample() + record.inference() + record.training() + record.score() + record.code();
        ObjectNode into = stream.putObject("cost");
        into.put("event_bytes", written).put("bytes_a_second", Math.rint(rate * written));
        into.put("series_heap_bytes", cost.state().heap())
                .put("heap_bytes", cost.state().heap() * series);
        into.put("series_stored_bytes", cost.state().stored())
                .put("stored_bytes", cost.state().stored() * series);
        into.put("multiply_adds", cost.work().score());
        into.put("text", cost.describe());
    }
}
