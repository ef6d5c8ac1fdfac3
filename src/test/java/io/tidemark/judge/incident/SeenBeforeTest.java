package io.tidemark.judge.incident;

import static io.tidemark.judge.incident.Told.START_MS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.outcome.Alert;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** An incident names the past ones of its group that are most like it, with what people said of them. */
final class SeenBeforeTest {
    private static final long DAY_MS = 86_400_000;

    private final SplittableRandom random = new SplittableRandom(23);
    private final IncidentGroup group = Told.group();
    private final Told told = new Told();
    private final Faults.Kind disk = Faults.kind(random);

    /** One fault on one host, from its alert to its end; the record of its end. */
    private JsonNode fault(Faults.Kind kind, String host, long timeMs) {
        Alert alert = Faults.alert(kind, host, timeMs, random);
        group.alert(alert, Told.SPEC, timeMs, told);
        group.tick(timeMs + 10_000, told);
        group.alert(Faults.resolved(alert, timeMs + 60_000), Told.SPEC, timeMs + 60_000, told);
        group.tick(timeMs + 130_000, told);
        return told.last();
    }

    /** A kind of fault that shares its strongest feature with no other of them. */
    private Faults.Kind unlike(Faults.Kind... others) {
        Faults.Kind kind = Faults.kind(random);
        for (Faults.Kind other : others) if (kind.overlaps(other)) return unlike(others);
        return kind;
    }

    private static List<String> similar(JsonNode incident) {
        return incident.path("similar").findValuesAsText("incident");
    }

    @Test
    void aRepeatedFaultNamesThoseBeforeIt() {
        Faults.Kind memory = unlike(disk);
        JsonNode first = fault(disk, "host-1", START_MS);
        assertThat(first.has("similar")).isFalse();
        JsonNode other = fault(memory, "host-1", START_MS + DAY_MS);
        assertThat(other.has("similar")).isFalse();
        JsonNode again = fault(disk, "host-9", START_MS + 2 * DAY_MS);
        assertThat(similar(again)).containsExactly(first.get("id").asText());
        assertThat(again.at("/similar/0/since").asText()).isEqualTo("2026-01-01T00:00:00.000Z");
        assertThat(again.at("/similar/0/similarity").asDouble()).isBetween(0.7, 1.0);
        assertThat(similar(fault(memory, "host-9", START_MS + 3 * DAY_MS)))
                .containsExactly(other.get("id").asText());
    }

    @Test
    void everyRecordOfItNamesThemFromItsFirstOn() {
        String before = fault(disk, "host-1", START_MS).get("id").asText();
        int heard = told.records.size();
        fault(disk, "host-2", START_MS + DAY_MS);
        assertThat(told.records.subList(heard, told.records.size()))
                .hasSize(4)
                .allSatisfy(record -> assertThat(similar(record)).containsExactly(before));
    }

    @Test
    void itSaysWhatPeopleSaidOfThem() {
        Alert alert = Faults.alert(disk, "host-1", START_MS, random);
        group.alert(alert, Told.SPEC, START_MS, told);
        String id = group.incidents().get(0).id();
        group.acknowledge(new IncidentAction(id, "ann", "the disk is full"), START_MS, told);
        group.label(new Feedback("hosts", "host-1", START_MS, START_MS, true, "bob", "at work on it"), told);
        group.tick(START_MS + 10_000, told);
        group.alert(Faults.resolved(alert, START_MS + 60_000), Told.SPEC, START_MS + 60_000, told);
        group.tick(START_MS + 130_000, told);
        JsonNode like = fault(disk, "host-2", START_MS + DAY_MS).at("/similar/0");
        assertThat(like.get("who").asText()).isEqualTo("ann");
        assertThat(like.get("note").asText()).isEqualTo("the disk is full");
        assertThat(like.get("label").asText()).isEqualTo("anomaly");
        assertThat(like.get("label_who").asText()).isEqualTo("bob");
        assertThat(like.get("label_note").asText()).isEqualTo("at work on it");
    }

    @Test
    void aLabelIsOfThoseWhoseSeriesAndTimeItMeets() {
        fault(disk, "host-1", START_MS);
        long nextMs = START_MS + DAY_MS;
        fault(disk, "host-2", nextMs);
        for (Feedback missed : List.of(
                new Feedback("hosts", "host-3", START_MS, START_MS + 60_000, false, "", ""),
                new Feedback("others", "host-1", START_MS, START_MS + 60_000, false, "", ""),
                new Feedback("hosts", "host-1", START_MS + 60_001, nextMs - 1, false, "", ""),
                new Feedback("hosts", "host-2", START_MS, nextMs - 1, false, "", ""))) {
            group.label(missed, told);
        }
        assertThat(told.past).extracting(PastIncident::label).containsExactly("", "");
        group.label(new Feedback("hosts", "host-1", START_MS + 60_000, nextMs, false, "ann", ""), told);
        JsonNode like = fault(disk, "host-4", nextMs + DAY_MS).get("similar");
        assertThat(like.findValuesAsText("label")).containsExactly("normal");
        assertThat(like.findValuesAsText("label_who")).containsExactly("ann");
        assertThat(similar(told.last())).hasSize(2);
    }

    @Test
    void atMostFiveAreNamedTheMostAlikeFirst() {
        for (int i = 0; i < 12; i++) fault(disk, "host-" + i, START_MS + i * DAY_MS);
        List<Double> similarity = new ArrayList<>();
        told.last()
                .get("similar")
                .forEach(one -> similarity.add(one.get("similarity").asDouble()));
        assertThat(similarity).hasSize(5).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Test
    void theOldestIsForgottenAndHalfOfTheRoomIsForThoseThatPeopleSpokeOf() {
        IncidentMemory memory = new IncidentMemory();
        fault(disk, "host-1", START_MS);
        PastIncident one = told.past.get(0);
        int most = IncidentMemory.PAST_MAX;
        for (int day = 0; day < most; day++)
            assertThat(taken(memory, one, day, day < 5)).isEqualTo(-1);
        for (int day = most; day < most + 20; day++) {
            assertThat(taken(memory, one, day, false)).isEqualTo(day - most + 5);
        }
        for (int day = most + 20; day < most + 320; day++) taken(memory, one, day, true);
        assertThat(memory.size()).isEqualTo(most);
        assertThat(memory.similar(one.fingerprint(), "").get(0).past().isKnown())
                .isTrue();
        for (int day = most + 320; day < most + 480; day++) taken(memory, one, day, false);
        assertThat(memory.size()).isEqualTo(most);
        assertThat(taken(memory, one, most + 480, false)).isEqualTo(most + 352);
    }

    /** The day of the one that is forgotten for that of a day; -1 where none is. */
    private static long taken(IncidentMemory memory, PastIncident like, int day, boolean labelled) {
        long ms = START_MS + day * DAY_MS;
        PastIncident past = new PastIncident(
                "hosts@" + day,
                ms,
                ms,
                like.series(),
                like.fingerprint(),
                like.taken(),
                labelled ? "normal" : "",
                like.labelled());
        memory.put(past);
        return memory.forget().map(one -> (one.sinceMs() - START_MS) / DAY_MS).orElse(-1L);
    }

    @Test
    void aRestoredGroupNamesTheSame() {
        for (int i = 0; i < 12; i++) {
            fault(i % 2 == 0 ? disk : unlike(disk), "host-" + i, START_MS + i * DAY_MS);
        }
        IncidentGroup restored = Told.group();
        Told again = new Told();
        for (int i = told.past.size() - 1; i >= 0; i--) {
            restored.restore(
                    IncidentCodec.past(IncidentCodec.encode(told.past.get(i))).orElseThrow());
        }
        Alert alert = Faults.alert(disk, "host-77", START_MS + 40 * DAY_MS, random);
        group.alert(alert, Told.SPEC, alert.timeMs(), told);
        restored.alert(alert, Told.SPEC, alert.timeMs(), again);
        assertThat(similar(again.last())).hasSize(5);
        assertThat(again.last()).isEqualTo(told.last());
    }
}
