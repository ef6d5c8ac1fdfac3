package io.tidemark.judge.incident;

import io.tidemark.config.Recurring;
import io.tidemark.judge.feedback.Feedback;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One incident in each state that its golden records show. */
public final class IncidentRecords {
    private IncidentRecords() {}

    /** By the names of the examples. */
    public static Map<String, byte[]> all() {
        Map<String, byte[]> records = new TreeMap<>();
        IncidentGroup group = Told.group();
        IncidentGroup.Sink sink = new IncidentGroup.Sink() {
            @Override
            public void member(Incident incident, Member member) {}

            @Override
            public void told(Incident incident, boolean stateChanged) {
                if (!stateChanged) return;
                records.put("incident." + incident.state().label(), IncidentWriter.write(incident));
            }

            @Override
            public void changed(Incident incident) {}

            @Override
            public void remembered(PastIncident past) {}

            @Override
            public void forgotten(PastIncident past) {}
        };
        long startMs = Told.START_MS + 123;
        group.alert(Told.open("host-17", "disk_io", startMs, 6.5), Told.SPEC, startMs, sink);
        group.alert(Told.open("host-3", "disk_io", startMs + 20_000, 5.25), Told.SPEC, startMs, sink);
        group.tick(startMs + 30_000, sink);
        IncidentAction action = new IncidentAction(group.incidents().get(0).id(), "ann", "the disk is full");
        group.acknowledge(action, startMs + 31_000, sink);
        records.put("incident-action", action.encode());
        Silence silence = new Silence(
                "1f0c2a9e",
                new Silence.Scope("plant-1", "pumps", "hall-3/*", "flow"),
                startMs,
                startMs + 7_200_000,
                "ann",
                "planned service");
        records.put("silence", silence.encode());
        Silence recurring = new Silence(
                "7b3e09d1",
                new Silence.Scope("", "pumps", "", ""),
                startMs,
                startMs + Duration.ofDays(3650).toMillis(),
                Optional.of(Recurring.of("0 2 * * SUN", "Europe/Berlin", Duration.ofHours(2))),
                "ann",
                "backup");
        records.put("silence.recurring", recurring.encode());
        long endMs = startMs + 90_000;
        group.alert(Told.resolved("host-17", "disk_io", startMs, endMs, 6.5), Told.SPEC, endMs, sink);
        group.alert(Told.resolved("host-3", "disk_io", startMs + 20_000, endMs, 5.25), Told.SPEC, endMs, sink);
        group.tick(endMs + 60_000, sink);
        byte[] pending = records.get("incident.pending");
        long nextMs = startMs + 86_400_000;
        group.label(new Feedback("hosts", "host-3", endMs, endMs, true, "bob", "the log was never cut"), sink);
        group.alert(Told.open("host-9", "disk_io", nextMs, 5.5), Told.SPEC, nextMs, sink);
        records.put("incident.similar", records.get("incident.pending"));
        records.put("incident.pending", pending);
        return records;
    }
}
