package io.tidemark.role.verdict;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.config.StreamSpec;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.incident.AlertDecoder;
import io.tidemark.judge.incident.Incident;
import io.tidemark.judge.incident.IncidentAction;
import io.tidemark.judge.incident.IncidentGroup;
import io.tidemark.judge.incident.IncidentSpec;
import io.tidemark.judge.incident.IncidentState;
import io.tidemark.judge.incident.IncidentWriter;
import io.tidemark.judge.incident.Member;
import io.tidemark.judge.incident.PastIncident;
import io.tidemark.judge.incident.Severity;
import io.tidemark.judge.outcome.Alert;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.series.sample.JsonRecord;
import io.tidemark.series.sample.MalformedRecordException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Makes incidents of the alerts of a task's groups of streams; one for each task. */
final class IncidentProcessor implements Processor<byte[], byte[], byte[], byte[]>, IncidentGroup.Sink {
    private static final String MALFORMED = "malformed-incident-record";
    private static final String UNKNOWN_STREAM = "unknown-stream";
    private static final String UNKNOWN_INCIDENT = "unknown-incident";
    private static final Duration TICK = Duration.ofMillis(500);

    private final Map<String, IncidentSpec> specs = new HashMap<>();
    private final Map<String, IncidentGroup> groups = new HashMap<>();
    private final Map<String, Map<Severity, Integer>> shown = new HashMap<>();
    private final Meters meters;
    private final InstantSource clock;

    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable DeadLetters dead;
    private @Nullable IncidentStore store;
    private long timestamp;

    IncidentProcessor(Iterable<StreamSpec> streams, Meters meters, InstantSource clock) {
        this.meters = meters;
        for (StreamSpec stream : streams) {
            specs.put(stream.name(), IncidentSpec.of(stream));
            meters.counter(MeterName.INCIDENTS, stream.incidentGroup(), IncidentState.OPEN.label());
            for (Severity severity : Severity.values()) level(stream.incidentGroup(), severity);
        }
        this.clock = clock;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        dead = new DeadLetters(context, VerdictTopology.NOT_GROUPED, meters);
        KeyValueStore<Bytes, byte[]> kept = context.getStateStore(VerdictTopology.INCIDENT_STORE);
        store = new IncidentStore(Objects.requireNonNull(kept));
        groups.clear();
        store.forEach((head, members) -> group(head.group()).restore(head, members));
        store.forEachPast(past -> group(past.group()).restore(past));
        groups.keySet().forEach(this::measure);
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    private IncidentGroup group(String name) {
        return groups.computeIfAbsent(name, n -> new IncidentGroup(specs::get));
    }

    private void tick(long wallMs) {
        timestamp = clock.millis();
        groups.values().forEach(group -> group.tick(timestamp, this));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        timestamp = record.timestamp();
        JsonNode tree;
        Optional<IncidentAction> action;
        Alert alert;
        try {
            tree = JsonRecord.object(record.value());
            action = AlertDecoder.action(tree);
            if (action.isPresent()) {
                acknowledge(action.get(), record);
                return;
            }
            Optional<Feedback> label = AlertDecoder.label(tree, record.value());
            if (label.isPresent()) {
                label(label.get());
                return;
            }
            alert = AlertDecoder.alert(tree);
        } catch (MalformedRecordException | IllegalArgumentException e) {
            dead().add(record, "", false, MALFORMED, String.valueOf(e.getMessage()));
            return;
        }
        IncidentSpec spec = specs.get(alert.subject().stream());
        if (spec == null) {
            dead().add(
                            record,
                            alert.subject().stream(),
                            false,
                            UNKNOWN_STREAM,
                            "no stream of this name is declared here");
            return;
        }
        group(spec.group()).alert(alert, spec, clock.millis(), this);
    }

    private DeadLetters dead() {
        return Objects.requireNonNull(dead);
    }

    private void acknowledge(IncidentAction action, Record<byte[], byte[]> record) {
        IncidentGroup group = groups.get(action.group());
        if (group != null && group.acknowledge(action, clock.millis(), this)) return;
        dead().add(record, "", false, UNKNOWN_INCIDENT, "there is no incident of this id that is not over");
    }

    private void label(Feedback label) {
        IncidentSpec spec = specs.get(label.stream());
        IncidentGroup group = spec == null ? null : groups.get(spec.group());
        if (group != null) group.label(label, this);
    }

    @Override
    public void member(Incident incident, Member member) {
        Objects.requireNonNull(store).put(incident, member);
    }

    @Override
    public void changed(Incident incident) {
        Objects.requireNonNull(store).put(incident);
        measure(incident.group());
    }

    @Override
    public void remembered(PastIncident past) {
        Objects.requireNonNull(store).put(past);
    }

    @Override
    public void forgotten(PastIncident past) {
        Objects.requireNonNull(store).delete(past);
    }

    @Override
    public void told(Incident incident, boolean stateChanged) {
        if (incident.state().isOver()) Objects.requireNonNull(store).delete(incident);
        else Objects.requireNonNull(store).put(incident);
        byte[] key = incident.id().getBytes(UTF_8);
        byte[] value = IncidentWriter.write(incident);
        Objects.requireNonNull(context).forward(new Record<>(key, value, timestamp), VerdictTopology.INCIDENTS);
        if (stateChanged) {
            meters.counter(
                            MeterName.INCIDENTS,
                            incident.group(),
                            incident.state().label())
                    .increment();
        }
        measure(incident.group());
    }

    private void measure(String name) {
        IncidentGroup group = groups.get(name);
        Map<Severity, Integer> now = new EnumMap<>(Severity.class);
        for (Severity severity : Severity.values()) now.put(severity, 0);
        if (group != null) {
            for (Incident incident : group.incidents())
                now.merge(incident.head().severity(), 1, Integer::sum);
        }
        Map<Severity, Integer> before = shown.put(name, now);
        now.forEach((severity, count) ->
                level(name, severity).add(count - (before == null ? 0 : before.getOrDefault(severity, 0))));
    }

    private Meters.Level level(String group, Severity severity) {
        return meters.level(MeterName.INCIDENTS_OPEN, group, severity.label());
    }

    @Override
    public void close() {
        shown.forEach((name, counts) ->
                counts.forEach((severity, count) -> level(name, severity).add(-count)));
        shown.clear();
    }
}
