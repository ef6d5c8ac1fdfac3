package io.tidemark.judge.incident;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.outcome.Alert;
import io.tidemark.series.sample.FrozenState;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What an earlier build stored of an incident is read, and written as the same bytes. */
final class StoredIncidentsTest {
    private final FrozenState frozen = FrozenState.read("incident-state-2", present());

    @Test
    void whatIsStoredOfAnIncidentIsReadAndWrittenAsTheSameBytes() {
        byte[] past =
                IncidentCodec.encode(IncidentCodec.past(frozen.part("past")).orElseThrow());
        assertThat(new String(past, UTF_8)).isEqualTo(frozen.text("past"));
        byte[] head = IncidentCodec.encode(IncidentCodec.head(frozen.part("head")));
        byte[] member = IncidentCodec.encode(IncidentCodec.member(frozen.part("member")));
        assertThat(new String(head, UTF_8)).isEqualTo(frozen.text("head"));
        assertThat(new String(member, UTF_8)).isEqualTo(frozen.text("member"));
    }

    @Test
    void aFingerprintThatIsMadeInAnotherWayNeedsAnotherVersion() {
        assertThat(present().get("past")).asString(UTF_8).isEqualTo(frozen.text("past"));
    }

    @Test
    void aPastIncidentOfAnUnknownVersionIsLeftOut() {
        String later = frozen.text("past").replace("\"version\":1", "\"version\":9");
        assertThat(IncidentCodec.past(later.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void anIncidentOfTheVersionBeforeIsReadAndWrittenAsTheSameBytes() {
        FrozenState before = FrozenState.read("incident-state-1", Map.of());
        byte[] head = IncidentCodec.encode(IncidentCodec.head(before.part("head")));
        byte[] member = IncidentCodec.encode(IncidentCodec.member(before.part("member")));
        assertThat(new String(head, UTF_8)).isEqualTo(before.text("head"));
        assertThat(new String(member, UTF_8)).isEqualTo(before.text("member"));
    }

    private static Map<String, byte[]> present() {
        IncidentGroup group = Told.group();
        Told told = new Told();
        SplittableRandom random = new SplittableRandom(3);
        Alert alert = Faults.alert(Faults.kind(random), "host-17", Told.START_MS, random);
        group.alert(alert, Told.SPEC, Told.START_MS, told);
        Incident incident = group.incidents().get(0);
        group.acknowledge(new IncidentAction(incident.id(), "ann", "the disk is full"), Told.START_MS, told);
        group.label(
                new Feedback("hosts", "host-17", Told.START_MS, Told.START_MS, false, "bob", "planned service"), told);
        Map<String, byte[]> parts = new TreeMap<>();
        parts.put("head", IncidentCodec.encode(incident.head()));
        incident.members().forEach(member -> parts.put("member", IncidentCodec.encode(member)));
        group.alert(Faults.resolved(alert, Told.START_MS + 60_000), Told.SPEC, Told.START_MS, told);
        group.tick(Told.START_MS + 3_600_000, told);
        parts.put("past", IncidentCodec.encode(told.past.get(0)));
        return parts;
    }
}
