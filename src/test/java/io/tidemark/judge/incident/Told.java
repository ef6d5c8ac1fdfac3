package io.tidemark.judge.incident;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.judge.evidence.EvidenceKind;
import io.tidemark.judge.outcome.Alert;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Hears what a group tells, as its records; and makes alerts. */
final class Told implements IncidentGroup.Sink {
    static final long START_MS = 1_767_225_600_000L;
    /** A stream of one step in ten seconds, whose budget is a return level of 4. */
    static final IncidentSpec SPEC = new IncidentSpec(
            "hosts",
            new IncidentSpec.Times(10_000, 300_000, 10_000, 60_000, 86_400_000),
            new IncidentSpec.Severities(4, 1, 2));

    private static final ObjectMapper JSON = new ObjectMapper();

    final List<JsonNode> records = new ArrayList<>();
    final List<PastIncident> past = new ArrayList<>();
    int members;
    int changes;

    @Override
    public void member(Incident incident, Member member) {
        members++;
    }

    @Override
    public void told(Incident incident, boolean stateChanged) {
        try {
            records.add(JSON.readTree(IncidentWriter.write(incident)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void changed(Incident incident) {
        changes++;
    }

    @Override
    public void remembered(PastIncident incident) {
        forgotten(incident);
        past.add(incident);
    }

    @Override
    public void forgotten(PastIncident incident) {
        past.removeIf(one -> one.id().equals(incident.id()));
    }

    List<String> states() {
        return records.stream().map(r -> r.get("state").asText()).toList();
    }

    JsonNode last() {
        return records.get(records.size() - 1);
    }

    static IncidentGroup group() {
        return new IncidentGroup(stream -> SPEC);
    }

    static Alert open(String series, String feature, long sinceMs, double level) {
        return alert(series, feature, sinceMs, sinceMs, level, Alert.State.OPEN);
    }

    /** One that a rarer budget let through than the declared one of a series. */
    static Alert open(String series, String feature, long sinceMs, double level, double budgetLevel) {
        Alert alert = open(series, feature, sinceMs, level);
        Alert.Peak peak = alert.peak();
        return new Alert(
                alert.id(),
                alert.state(),
                alert.subject(),
                alert.sinceMs(),
                alert.timeMs(),
                new Alert.Peak(
                        peak.score(), peak.timeMs(), peak.returnLevel(), budgetLevel, peak.kind(), peak.features()),
                alert.reason(),
                alert.summary());
    }

    static Alert resolved(String series, String feature, long sinceMs, long timeMs, double level) {
        return alert(series, feature, sinceMs, timeMs, level, Alert.State.RESOLVED);
    }

    private static Alert alert(
            String series, String feature, long sinceMs, long timeMs, double level, Alert.State state) {
        return new Alert(
                "hosts/" + series + "@" + io.tidemark.judge.feedback.Feedback.time(sinceMs),
                state,
                new Alert.Subject("hosts", series, 1),
                sinceMs,
                timeMs,
                new Alert.Peak(
                        0.9,
                        sinceMs,
                        level,
                        EvidenceKind.LEVEL,
                        List.of(new Alert.Feature(feature, 0.92, 8.2, 0.7, 0.3, 1.1))),
                state == Alert.State.OPEN ? "" : "score-below-close",
                feature + " of " + series + (state == Alert.State.OPEN ? " is" : " was") + " 8.2, 7.5 above the usual");
    }
}
