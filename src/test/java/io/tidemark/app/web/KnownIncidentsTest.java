package io.tidemark.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which incidents are known, and which stretch of time the charts of one show. */
class KnownIncidentsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SINCE_MS = 1_767_225_600_000L;

    private final KnownIncidents known = new KnownIncidents();

    private static ObjectNode incident(String id, int revision, String severity, long timeMs) {
        ObjectNode record = JSON.createObjectNode().put("id", id).put("revision", revision);
        record.put("severity", severity)
                .put("since", Instant.ofEpochMilli(SINCE_MS).toString());
        record.put("time", Instant.ofEpochMilli(timeMs).toString());
        record.putArray("series")
                .addObject()
                .put("stream", "hosts")
                .put("series", "a")
                .put("feature", "disk");
        return record;
    }

    private static ObjectNode over(ObjectNode incident, long untilMs) {
        return incident.put("until", Instant.ofEpochMilli(untilMs).toString());
    }

    private static List<String> ids(List<JsonNode> incidents) {
        return incidents.stream().map(i -> i.get("id").asText()).toList();
    }

    @Test
    void theNewestRevisionCountsAndOpenOnesAreSortedBySeverity() {
        assertThat(known.take(incident("a", 2, "warning", SINCE_MS), 0)).isTrue();
        assertThat(known.take(incident("a", 1, "critical", SINCE_MS), 0))
                .as("stale")
                .isFalse();
        known.take(incident("b", 1, "critical", SINCE_MS), 0);
        known.take(over(incident("c", 1, "info", SINCE_MS), SINCE_MS), 0);
        assertThat(ids(known.open(9, 0))).containsExactly("b", "a");
        assertThat(ids(known.over(9))).containsExactly("c");
    }

    @Test
    void oneThatIsOverGoesFirstWhereThereAreTooMany() {
        known.take(incident("open", 1, "info", SINCE_MS), 0);
        for (int i = 0; i < KnownIncidents.MAX; i++) known.take(over(incident("o" + i, 1, "info", SINCE_MS), 0), 0);
        assertThat(known.get("open")).isPresent();
        assertThat(known.get("o0")).isEmpty();
        assertThat(known.get("o1")).isPresent();
    }

    @Test
    void itsWindowBeginsSomeStepsBeforeItAndIsSoughtByTheClockOfItsRecords() {
        long hourLaterMs = SINCE_MS + 3_600_000; // records are written an hour after what they tell of
        known.take(incident("a", 1, "info", SINCE_MS + 20_000), hourLaterMs + 20_000);
        known.take(over(incident("a", 2, "info", SINCE_MS + 90_000), SINCE_MS + 90_000), hourLaterMs + 500_000);
        IncidentWindow window = IncidentWindow.of(known.get("a").orElseThrow(), 1000);
        assertThat(window.isOver()).isTrue();
        assertThat(window.fromMs()).isEqualTo(SINCE_MS - 60_000);
        assertThat(window.toMs()).isEqualTo(SINCE_MS + 90_000 + 30_000);
        assertThat(window.seekMs()).as("by the first record of it").isEqualTo(hourLaterMs - 60_000);
        assertThat(window.charted()).containsExactly(new IncidentWindow.Shown("hosts", "a", "disk", SINCE_MS));
    }

    @Test
    void oneThatIsNotOverHasNoEnd() {
        known.take(incident("a", 1, "info", SINCE_MS), SINCE_MS);
        IncidentWindow window = IncidentWindow.of(known.get("a").orElseThrow(), 0);
        assertThat(window.isOver()).isFalse();
        assertThat(window.toMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(window.fromMs()).as("sixty steps of ten seconds").isEqualTo(SINCE_MS - 600_000);
    }
}
