package io.tidemark.judge.incident;

import static io.tidemark.judge.incident.Told.START_MS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.judge.outcome.Alert;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class IncidentGroupTest {
    private static final long LATER_MS = START_MS + 3_600_000;

    private final IncidentGroup group = Told.group();
    private final Told told = new Told();

    private void alert(Alert alert) {
        group.alert(alert, Told.SPEC, alert.timeMs(), told);
    }

    @Test
    void anIncidentIsPendingThenOpenThenResolvedAndToldOnceForEach() {
        alert(Told.open("host-17", "disk_io", START_MS, 5));
        group.tick(START_MS + 5_000, told);
        group.tick(START_MS + 10_000, told);
        group.tick(START_MS + 20_000, told);
        alert(Told.resolved("host-17", "disk_io", START_MS, START_MS + 120_000, 5));
        group.tick(START_MS + 130_000, told);
        group.tick(START_MS + 180_000, told);
        group.tick(START_MS + 190_000, told);
        assertThat(told.states()).startsWith("pending").endsWith("resolved").contains("open");
        assertThat(told.records).extracting(r -> r.get("revision").asInt()).doesNotHaveDuplicates();
        assertThat(told.last().get("reason").asText()).isEqualTo("all-resolved");
        assertThat(group.incidents()).isEmpty();
    }

    @Test
    void theSentenceSaysWhatMovedFirstAndWhoFollowed() {
        alert(Told.open("host-17", "disk_io", START_MS, 6.5));
        for (int i = 1; i <= 3; i++) alert(Told.open("host-" + i, "disk_io", START_MS + 10_000L * (i + 1), 5));
        group.tick(LATER_MS, told);
        JsonNode incident = told.last();
        assertThat(incident.get("summary").asText())
                .isEqualTo("disk_io of host-17 is 8.2, 7.5 above the usual; 3 other series followed within 40 s");
        assertThat(incident.at("/first/series").asText()).isEqualTo("host-17");
        assertThat(incident.at("/first/lead_ms").asLong()).isEqualTo(20_000);
        assertThat(incident.at("/first/confidence").asDouble()).isBetween(0.6, 0.7);
        assertThat(incident.get("severity").asText()).isEqualTo("critical");
    }

    @Test
    void anAlertByChanceJustBeforeIsNotTheFirstMover() {
        alert(Told.open("host-99", "disk_io", START_MS - 120_000, 4.05));
        alert(Told.open("host-17", "disk_io", START_MS, 6.5));
        for (int i = 0; i < 10; i++) alert(Told.open("host-" + i, "disk_io", START_MS + 10_000, 6));
        group.tick(LATER_MS, told);
        assertThat(told.last().at("/first/series").asText()).isEqualTo("host-17");
        assertThat(told.last().get("series_count").asInt()).isEqualTo(12);
    }

    @Test
    void whatIsReadLateTakesItsPlaceByEventTime() {
        alert(Told.open("host-2", "disk_io", START_MS + 20_000, 6));
        alert(Told.open("host-1", "disk_io", START_MS, 6));
        group.tick(LATER_MS, told);
        assertThat(told.last().get("since").asText()).isEqualTo("2026-01-01T00:00:00.000Z");
        assertThat(told.last().at("/first/series").asText()).isEqualTo("host-1");
    }

    @Test
    void alertsFarApartInTimeAreDifferentIncidents() {
        alert(Told.open("host-1", "disk_io", START_MS, 5));
        alert(Told.open("host-2", "disk_io", START_MS + 301_000, 5));
        assertThat(group.incidents()).hasSize(2);
    }

    @Test
    void anotherFeatureBelongsOnlyWhenItIsClose() {
        alert(Told.open("host-1", "disk_io", START_MS, 5));
        alert(Told.open("host-2", "memory", START_MS + 70_000, 5));
        alert(Told.open("host-3", "network", START_MS + 200_000, 5));
        assertThat(group.incidents()).extracting(Incident::seriesCount).containsExactly(2, 1);
    }

    @Test
    void aSeriesThatComesBackWhileItLastsBelongsToIt() {
        alert(Told.open("host-1", "disk_io", START_MS, 5));
        alert(Told.open("host-2", "disk_io", START_MS + 10_000, 5));
        alert(Told.resolved("host-2", "disk_io", START_MS + 10_000, START_MS + 60_000, 5));
        alert(Told.open("host-2", "disk_io", START_MS + 1_800_000, 7));
        assertThat(group.incidents()).hasSize(1);
        assertThat(group.incidents().get(0).openCount()).isEqualTo(2);
    }

    @Test
    void severityRisesWithRarityAndWithTheNumberOfSeriesAndNeverFalls() {
        alert(Told.open("host-0", "disk_io", START_MS, 4.2));
        assertThat(group.incidents().get(0).head().severity()).isEqualTo(Severity.INFO);
        for (int i = 1; i < 10; i++) alert(Told.open("host-" + i, "disk_io", START_MS, 4.2));
        assertThat(group.incidents().get(0).head().severity()).isEqualTo(Severity.WARNING);
        alert(Told.open("host-10", "disk_io", START_MS, 5.2));
        assertThat(group.incidents().get(0).head().severity()).isEqualTo(Severity.CRITICAL);
    }

    @Test
    void whatSpreadsToTwiceAsManySeriesIsNewsAndALastingIncidentIsNot() {
        alert(Told.open("host-1", "disk_io", START_MS, 8));
        group.tick(START_MS + 60_000, told);
        assertThat(news()).isEqualTo("[\"state\"]");
        long at = START_MS + 61_000;
        for (int host = 2; host <= 9; host++) {
            alert(Told.open("host-" + host, "disk_io", at, 7));
            group.tick(at, told);
            boolean twice = Integer.bitCount(host) == 1;
            assertThat(news()).as(host + " series").isEqualTo(twice ? "[\"series\"]" : "[]");
            at += 1_000;
        }
    }

    private String news() {
        return told.last().get("changed").toString();
    }

    @Test
    void severityIsMeasuredFromTheBudgetThatOpenedTheAlert() {
        alert(Told.open("host-0", "disk_io", START_MS, 6.2, 6));
        assertThat(group.incidents().get(0).head().severity()).isEqualTo(Severity.INFO);
    }

    @Test
    void aPersonTakesItAndItStillResolves() {
        alert(Told.open("host-1", "disk_io", START_MS, 5));
        group.tick(START_MS + 10_000, told);
        String id = group.incidents().get(0).id();
        assertThat(group.acknowledge(new IncidentAction(id, "ann", "the disk is full"), START_MS + 11_000, told))
                .isTrue();
        assertThat(told.last().get("who").asText()).isEqualTo("ann");
        alert(Told.resolved("host-1", "disk_io", START_MS, START_MS + 60_000, 5));
        group.tick(LATER_MS, told);
        assertThat(told.states()).containsSubsequence("pending", "open", "acknowledged", "resolved");
        assertThat(group.acknowledge(new IncidentAction(id, "ann", ""), LATER_MS, told))
                .isFalse();
    }

    @Test
    void aNewSeriesOpensAgainWhatWasTakenAndSeemedOver() {
        alert(Told.open("host-1", "disk_io", START_MS, 5));
        group.tick(START_MS + 10_000, told);
        String id = group.incidents().get(0).id();
        group.acknowledge(new IncidentAction(id, "ann", "the disk is full"), START_MS + 11_000, told);
        alert(Told.open("host-2", "disk_io", START_MS + 12_000, 5));
        group.tick(START_MS + 13_000, told);
        assertThat(told.last().get("state").asText())
                .as("while it lasts, its taker sees")
                .isEqualTo("acknowledged");
        for (String host : List.of("host-1", "host-2")) {
            alert(Told.resolved(host, "disk_io", START_MS, START_MS + 20_000, 5));
            alert(Told.resolved(host, "disk_io", START_MS + 12_000, START_MS + 20_000, 5));
        }
        alert(Told.open("host-1", "disk_io", START_MS + 22_000, 5));
        alert(Told.resolved("host-1", "disk_io", START_MS + 22_000, START_MS + 25_000, 5));
        group.tick(START_MS + 26_000, told);
        assertThat(told.last().get("state").asText()).as("the same series").isEqualTo("acknowledged");

        alert(Told.open("host-3", "disk_io", START_MS + 30_000, 5));
        group.tick(START_MS + 31_000, told);
        assertThat(group.incidents()).hasSize(1);
        assertThat(told.last().get("state").asText()).isEqualTo("open");
        assertThat(told.last().has("who")).isFalse();
        assertThat(news()).isEqualTo("[\"state\",\"series\"]");
        group.tick(START_MS + 32_000, told);
        alert(Told.open("host-4", "disk_io", START_MS + 33_000, 5));
        group.tick(START_MS + 34_000, told);
        assertThat(news()).as("once").isEqualTo("[]");
    }

    @Test
    void whatNothingIsHeardOfExpires() {
        alert(Told.open("host-1", "disk_io", START_MS, 5));
        group.tick(START_MS + 10_000, told);
        group.tick(START_MS + Told.SPEC.times().expireMs(), told);
        assertThat(told.last().get("state").asText()).isEqualTo("expired");
        assertThat(told.last().get("reason").asText()).isEqualTo("nothing-heard");
    }

    @Test
    void incidentsAndTheirSeriesAreBounded() {
        for (int i = 0; i < 200; i++) alert(Told.open("host-" + i, "f" + i, START_MS + 400_000L * i, 5));
        assertThat(group.incidents()).hasSize(IncidentGroup.INCIDENTS_MAX);
        assertThat(told.states()).filteredOn(s -> s.equals("expired")).hasSize(200 - IncidentGroup.INCIDENTS_MAX);
        IncidentGroup storm = Told.group();
        for (int i = 0; i < 2500; i++) {
            storm.alert(Told.open("host-" + i, "disk_io", LATER_MS, 5), Told.SPEC, LATER_MS, told);
        }
        assertThat(storm.incidents()).extracting(Incident::seriesCount).containsExactly(1000, 1000, 500);
        assertThat(storm.incidents().get(0).shown()).hasSize(Incident.SHOWN_MAX);
    }

    @Test
    void readingHistoryAtFullSpeedResolvesByEventTime() {
        alert(Told.open("host-1", "disk_io", START_MS, 5));
        alert(Told.resolved("host-1", "disk_io", START_MS, START_MS + 60_000, 5));
        alert(Told.open("host-2", "disk_io", START_MS + 3_600_000, 5));
        assertThat(told.states()).containsExactly("pending", "resolved", "pending");
    }

    @Test
    void aRestoredGroupSaysTheSame() {
        List<Alert> alerts = new ArrayList<>();
        for (int i = 0; i < 30; i++)
            alerts.add(Told.open("host-" + i, i % 7 == 0 ? "" : "disk_io", START_MS + 1000L * i, 5));
        Told never = new Told();
        IncidentGroup whole = Told.group();
        for (Alert alert : alerts) whole.alert(alert, Told.SPEC, START_MS, never);
        whole.tick(LATER_MS, never);
        for (Alert alert : alerts.subList(0, 20)) group.alert(alert, Told.SPEC, START_MS, told);
        IncidentGroup restored = Told.group();
        for (Incident incident : group.incidents()) {
            restored.restore(
                    IncidentCodec.head(IncidentCodec.encode(incident.head())),
                    incident.members().stream()
                            .map(m -> IncidentCodec.member(IncidentCodec.encode(m)))
                            .toList());
        }
        for (Alert alert : alerts.subList(20, 30)) restored.alert(alert, Told.SPEC, START_MS, told);
        restored.tick(LATER_MS, told);
        assertThat(told.last()).isEqualTo(never.last());
    }

    @Test
    void aStoredMemberIsReadAndWrittenAsTheSameBytes() {
        String json =
                "{\"stream\":\"hosts\",\"series\":\"a\",\"alert\":\"x\",\"sinceMs\":1,\"untilMs\":2,\"returnLevel\":2.5"
                        + ",\"excess\":0.5,\"stepMs\":10,\"kind\":\"level\",\"summary\":\"one\",\"feature\":\"disk\",\"share\":0.5"
                        + ",\"value\":\"NaN\",\"expected\":1.0,\"lower\":2.0,\"upper\":3.0,\"open\":false}";
        byte[] again = IncidentCodec.encode(IncidentCodec.member(json.getBytes(UTF_8)));
        assertThat(new String(again, UTF_8)).isEqualTo(json);
    }
}
