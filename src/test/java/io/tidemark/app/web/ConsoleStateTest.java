package io.tidemark.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the console's first view and its streams say of the records that it has taken. */
class ConsoleStateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long NOW_MS = 1_000_000_000L;

    private final ConsoleState state = new ConsoleState(new AlertSeverity(List.of()));

    private static ObjectNode alert(String series, double returnLevel, String alertState) {
        ObjectNode alert =
                JSON.createObjectNode().put("id", "pumps/" + series + "@0").put("state", alertState);
        alert.put("stream", "pumps").put("series", series).put("since", "2026-01-01T00:00:00Z");
        return alert.put("return_level", returnLevel).put("budget_level", 4).put("summary", series + " is strange");
    }

    @Test
    void openAlertsAreListedByHowFarTheyAreOverTheBudget() {
        state.alert(alert("a", 4.5, "open"));
        state.alert(alert("b", 9, "open"));
        state.alert(alert("c", 5.5, "open"));
        state.alert(alert("d", 9, "open"));
        state.alert(alert("d", 9, "resolved"));
        JsonNode now = state.now(NOW_MS);
        assertThat(now.get("alerts").findValuesAsText("series")).containsExactly("b", "c", "a");
        assertThat(now.get("alerts").findValuesAsText("severity")).containsExactly("critical", "warning", "info");
        assertThat(now.get("alerts_by_severity"))
                .isEqualTo(JSON.createObjectNode()
                        .put("critical", 1)
                        .put("warning", 1)
                        .put("info", 1));
        assertThat(now.at("/alerts/0/summary").asText()).isEqualTo("b is strange");
    }

    @Test
    void anAlertNamesTheIncidentThatListsIt() {
        state.alert(alert("a", 9, "open"));
        ObjectNode incident = JSON.createObjectNode().put("id", "i").put("revision", 1);
        incident.put("since", "2026-01-01T00:00:00Z").put("time", "2026-01-01T00:00:00Z");
        incident.putArray("series").addObject().put("alert", "pumps/a@0");
        state.incident(incident, 0);
        assertThat(state.now(NOW_MS).at("/alerts/0/incident").asText()).isEqualTo("i");
        state.incident(incident.deepCopy().put("revision", 2).put("until", "2026-01-01T00:01:00Z"), 0);
        assertThat(state.now(NOW_MS).at("/alerts/0").has("incident"))
                .as("it is over")
                .isFalse();
    }

    @Test
    void theRowsOfTheHeatMapShareOneAxisOfTime() {
        long stepMs = 10_000;
        for (int step = 0; step < 100; step++) score("even", NOW_MS + step * stepMs, step, step == 90 ? 1 : 0.5);
        score("late", NOW_MS + 99 * stepMs, 0, 0.7);
        score("old", NOW_MS - 86_400_000, 0, 0.9);
        JsonNode now = state.now(NOW_MS);
        assertThat(now.get("heat_to").asLong()).isEqualTo(NOW_MS + 99 * stepMs + 1);
        assertThat(now.get("heat_from").asLong()).isEqualTo(now.get("heat_to").asLong() - 60 * stepMs);
        for (JsonNode row : now.get("heat")) {
            JsonNode bins = row.get("bins");
            assertThat(bins).hasSize(60);
            switch (row.get("series").asText()) {
                case "even" -> {
                    assertThat(bins).noneMatch(JsonNode::isNull);
                    assertThat(bins.get(50).asDouble())
                            .as("nine steps before the newest")
                            .isEqualTo(1);
                }
                case "late" -> {
                    assertThat(bins.get(59).floatValue()).isEqualTo(0.7f);
                    assertThat(bins.get(58).isNull()).isTrue();
                }
                default -> {
                    assertThat(bins).allMatch(JsonNode::isNull);
                    assertThat(row.get("newest").asLong()).isEqualTo(NOW_MS - 86_400_000);
                }
            }
        }
    }

    private void score(String series, long timeMs, long step, double score) {
        state.score(ScoreRecords.of("pumps", series, timeMs, step, score), NOW_MS);
    }

    @Test
    void outcomesHaveRatesByStatusAndReason() {
        for (int i = 0; i < 18; i++) score("a", NOW_MS, i, 0.1);
        ObjectNode rejected = JSON.createObjectNode().put("stream", "pumps").put("status", "rejected");
        for (int i = 0; i < 9; i++) state.score(rejected.put("reason", "malformed-json"), NOW_MS);
        JsonNode stream = state.streams(NOW_MS + 1_000).at("/streams/0");
        assertThat(stream.at("/statuses/scored").asInt()).isEqualTo(18);
        assertThat(stream.at("/rates/statuses/scored").asDouble())
                .as("of nine seconds")
                .isEqualTo(2);
        assertThat(stream.at("/rates/reasons/malformed-json").asDouble()).isEqualTo(1);
        JsonNode later = state.streams(NOW_MS + 20_000).at("/streams/0");
        assertThat(later.at("/rates/statuses/scored").asDouble()).isZero();
        assertThat(later.at("/statuses/scored").asInt()).isEqualTo(18);
        assertThat(later.get("newest").asLong()).isEqualTo(NOW_MS);
    }
}
