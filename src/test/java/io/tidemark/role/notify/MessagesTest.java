package io.tidemark.role.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.SchemaFile;
import io.tidemark.config.NotifyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class MessagesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode message(NotifyFile.Type type, JsonNode incident) throws IOException {
        return JSON.readTree(Messages.of(type, incident, "routing-key"));
    }

    @ParameterizedTest
    @CsvSource({"open", "resolved"})
    void theTestIncidentFitsTheSchemaOfEveryIncident(String state) throws IOException {
        JsonNode incident = TestIncident.in(state, Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(SchemaFile.read(Path.of("topology/formats/incident.schema.json"))
                        .validate(incident))
                .isEmpty();
    }

    @Test
    void anIncidentThatHasSpreadIsAnotherMessageAndTheSameOneAgainIsNot() {
        ObjectNode incident = Receivers.incident("open");
        String told = Wanted.once(incident);
        incident.putArray("changed").add("series");
        incident.put("series_count", 4);
        String four = Wanted.once(incident);
        assertThat(four).isNotEqualTo(told).isEqualTo(Wanted.once(incident.deepCopy()));
        incident.put("series_count", 8);
        assertThat(Wanted.once(incident)).isNotEqualTo(four);
    }

    @ParameterizedTest
    @EnumSource(NotifyFile.Type.class)
    void everyShapeHoldsTheSentence(NotifyFile.Type type) throws IOException {
        JsonNode incident = Receivers.incident("open");
        assertThat(message(type, incident).toString())
                .contains(incident.get("summary").asText());
    }

    @Test
    void slackHasATextForNotificationsAndEscapesItsControlCharacters() throws IOException {
        ObjectNode incident = Receivers.incident("open").put("summary", "a <b> & c");
        JsonNode message = message(NotifyFile.Type.SLACK, incident);
        assertThat(message.get("text").asText()).isEqualTo("CRITICAL · hosts · open: a &lt;b&gt; &amp; c");
        assertThat(message.get("blocks")).hasSize(3);
        assertThat(message.at("/blocks/1/text/text").asText())
                .isEqualTo(
                        "hosts/host-17: disk_io 8.2, expected 0.3 to 1.1\nhosts/host-3: disk_io 8.2, expected 0.3 to 1.1");
    }

    @ParameterizedTest
    @EnumSource(NotifyFile.Type.class)
    void everyShapeNamesAPastIncidentThatIsLikeIt(NotifyFile.Type type) throws IOException {
        JsonNode incident = Receivers.incident("similar");
        String told = type == NotifyFile.Type.ALERTMANAGER
                ? alert(incident)
                : message(type, incident).toString();
        assertThat(told)
                .contains("hosts@hosts/host-17@2026-01-01T00:00:00.123Z")
                .contains("the log was never cut");
    }

    private static String alert(JsonNode incident) {
        ArrayNode alerts = JSON.createArrayNode();
        Messages.alerts(alerts, incident, 0, 1);
        return alerts.toString();
    }

    @Test
    void teamsGetsAnAdaptiveCard() throws IOException {
        JsonNode message = message(NotifyFile.Type.TEAMS, Receivers.incident("resolved"));
        assertThat(message.at("/attachments/0/contentType").asText())
                .isEqualTo("application/vnd.microsoft.card.adaptive");
        assertThat(message.at("/attachments/0/content/body/0/color").asText()).isEqualTo("good");
    }

    @ParameterizedTest
    @CsvSource({"open, trigger", "acknowledged, acknowledge", "resolved, resolve"})
    void pagerDutyFollowsTheStates(String state, String action) throws IOException {
        JsonNode event = message(NotifyFile.Type.PAGERDUTY, Receivers.incident(state));
        assertThat(event.get("event_action").asText()).isEqualTo(action);
        assertThat(event.get("routing_key").asText()).isEqualTo("routing-key");
        assertThat(event.get("dedup_key")).isEqualTo(Receivers.incident("open").get("id"));
        assertThat(event.at("/payload/severity").asText()).isEqualTo("critical");
    }

    @Test
    void aLongIdIsHashedForPagerDuty() throws IOException {
        ObjectNode incident = Receivers.incident("open").put("id", "g@" + "x".repeat(300));
        assertThat(message(NotifyFile.Type.PAGERDUTY, incident).get("dedup_key").asText())
                .hasSize(64);
    }

    @Test
    void alertmanagerIsToldThatTheLowerSeveritiesHaveEnded() {
        ArrayNode alerts = JSON.createArrayNode();
        long now = Instant.parse("2026-02-01T00:00:00Z").toEpochMilli();
        Messages.alerts(alerts, Receivers.incident("open"), now, now + 300_000);
        assertThat(alerts)
                .extracting(a -> a.at("/labels/severity").asText())
                .containsExactly("info", "warning", "critical");
        assertThat(alerts)
                .extracting(a -> a.get("endsAt").asText())
                .containsExactly("2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-02-01T00:05:00Z");
        assertThat(alerts.get(2).at("/annotations/summary").asText()).startsWith("disk_io of host-17 is 8.2");
    }

    @Test
    void aSignatureIsAnHmacOverTimeAndBody() {
        // echo -n '1700000000.{}' | openssl dgst -sha256 -hmac secret
        assertThat(Signatures.header("secret", 1_700_000_000, "{}"))
                .isEqualTo("t=1700000000,v1=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163");
    }
}
