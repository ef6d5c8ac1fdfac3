package io.tidemark.judge.incident;

import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.outcome.Alert;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The incidents of one group of streams.
 *
 * <p>Which alerts belong together is a function of the alerts and their event times alone; wall time decides only when a pending incident is told
 * and when a quiet one is over. Bounded: at most {@value #INCIDENTS_MAX} incidents at a time, the one that changed longest ago expires for the next; each
 * with at most {@link Incident#MEMBERS_MAX} series, and the memory of {@value IncidentMemory#PAST_MAX} that are over. One thread.
 */
public final class IncidentGroup {
    /** So many times the series that were told of are news. */
    private static final int SPREAD = 2;

    /** Incidents of a group that are not over. */
    public static final int INCIDENTS_MAX = 64;

    public static final String ALL_RESOLVED = "all-resolved";
    public static final String NOTHING_HEARD = "nothing-heard";
    public static final String TOO_MANY = "too-many";

    private final Map<String, Incident> incidents = new LinkedHashMap<>();
    private final IncidentMemory memory = new IncidentMemory();

    /** Takes what changes: for the store, and for those who are told. */
    public interface Sink {
        /** A member came or changed. */
        void member(Incident incident, Member member);

        /**
         * What is to be told of the incident has changed; it may be over.
         *
         * @param stateChanged whether its state is another one than was told last
         */
        void told(Incident incident, boolean stateChanged);

        /** The incident changed, but nobody is told yet. */
        void changed(Incident incident);

        /** What stays of an incident that is over, new or with another label. */
        void remembered(PastIncident past);

        /** What stays no longer. */
        void forgotten(PastIncident past);
    }

    /** The rules of a stream; null for one that is not declared. */
    public interface Specs {
        @Nullable
        IncidentSpec of(String stream);
    }

    private final Specs specs;

    public IncidentGroup(Specs specs) {
        this.specs = specs;
    }

    /** Takes back a stored incident. */
    public void restore(IncidentHead head, List<Member> members) {
        incidents.put(head.id, new Incident(head, members));
    }

    /** Takes back what stays of an incident. */
    public void restore(PastIncident past) {
        memory.put(past);
    }

    /** Incidents that are not over, the oldest first. */
    public List<Incident> incidents() {
        return List.copyOf(incidents.values());
    }

    /**
     * Takes an alert's change.
     *
     * @param nowMs wall time
     */
    public void alert(Alert alert, IncidentSpec spec, long nowMs, Sink sink) {
        endLongAgo(alert.timeMs(), sink);
        Member member = Member.of(alert, spec);
        if (alert.state() == Alert.State.RESOLVED) {
            resolve(alert, member, nowMs, sink);
        } else {
            open(alert, member, spec, nowMs, sink);
        }
    }

    private void resolve(Alert alert, Member member, long nowMs, Sink sink) {
        for (Incident incident : incidents.values()) {
            Member known = incident.member(member.key());
            if (known == null || !known.alert().equals(alert.id())) continue;
            sink.member(incident, incident.take(member, alert.timeMs(), nowMs));
            grade(incident);
            sink.changed(incident);
            return;
        }
    }

    private void open(Alert alert, Member member, IncidentSpec spec, long nowMs, Sink sink) {
        Incident nearest = null;
        long least = Long.MAX_VALUE;
        for (Incident incident : incidents.values()) {
            long distance = incident.distanceMs(member, spec);
            if (distance >= 0 && distance < least) {
                nearest = incident;
                least = distance;
            }
        }
        boolean fresh = nearest == null;
        Incident incident = nearest == null ? begin(alert, spec, nowMs, sink) : nearest;
        if (isTakenAndOver(incident) && incident.member(member.key()) == null) reopen(incident);
        sink.member(incident, incident.take(member, alert.timeMs(), nowMs));
        grade(incident);
        if (fresh) tell(incident, sink);
        else sink.changed(incident);
    }

    /** Somebody deals with what it was, and nothing of that is open. */
    private static boolean isTakenAndOver(Incident incident) {
        return incident.head.state == IncidentState.ACKNOWLEDGED && incident.openCount() == 0;
    }

    /** What its taker has not seen is in nobody's hands. */
    private static void reopen(Incident incident) {
        incident.head.state = IncidentState.OPEN;
        incident.head.who = "";
        incident.head.note = "";
    }

    private Incident begin(Alert alert, IncidentSpec spec, long nowMs, Sink sink) {
        if (incidents.size() >= INCIDENTS_MAX) {
            incidents.values().stream()
                    .min(Comparator.comparingLong(i -> i.head.changedMs))
                    .ifPresent(stale -> end(stale, IncidentState.EXPIRED, TOO_MANY, sink));
        }
        String id = spec.group() + "@" + alert.id();
        Incident incident = new Incident(
                new IncidentHead(id, spec.group(), alert.subject().stream(), alert.sinceMs(), alert.timeMs(), nowMs));
        incidents.put(id, incident);
        return incident;
    }

    /** The severity never falls while an incident lasts. */
    private void grade(Incident incident) {
        IncidentSpec spec = specs.of(incident.head.stream);
        if (spec == null) return;
        Severity now = spec.severity(incident.excess());
        if (now.compareTo(incident.head.severity) > 0) incident.head.severity = now;
    }

    private void tell(Incident incident, Sink sink) {
        incident.head.revision++;
        Fingerprint fingerprint = Fingerprint.of(incident);
        incident.head.similar = memory.similar(fingerprint, incident.id());
        boolean stateChanged = incident.head.told != incident.head.state;
        List<String> news = new ArrayList<>();
        if (stateChanged) news.add("state");
        if (incident.head.toldSeverity != incident.head.severity) news.add("severity");
        boolean reopened =
                incident.head.told == IncidentState.ACKNOWLEDGED && incident.head.state == IncidentState.OPEN;
        if (reopened || (news.isEmpty() && hasSpread(incident))) news.add("series");
        if (!news.isEmpty() || incident.head.toldSeries == 0) incident.head.toldSeries = incident.seriesCount();
        incident.head.news = List.copyOf(news);
        incident.head.told = incident.head.state;
        incident.head.toldSeverity = incident.head.severity;
        incident.head.isUntold = false;
        sink.told(incident, stateChanged);
        if (incident.head.state.isOver()) remember(PastIncident.of(incident, fingerprint), sink);
    }

    private static boolean hasSpread(Incident incident) {
        IncidentState state = incident.head.state;
        return (state == IncidentState.OPEN || state == IncidentState.ACKNOWLEDGED)
                && incident.head.toldSeries > 0
                && incident.seriesCount() >= SPREAD * incident.head.toldSeries;
    }

    private void remember(PastIncident past, Sink sink) {
        memory.put(past);
        sink.remembered(past);
        memory.forget().ifPresent(sink::forgotten);
    }

    private void end(Incident incident, IncidentState state, String reason, Sink sink) {
        incident.head.state = state;
        incident.head.reason = reason;
        incidents.remove(incident.id());
        tell(incident, sink);
    }

    /** While history is read at full speed, event time says that an incident is over long before wall time does. */
    private void endLongAgo(long timeMs, Sink sink) {
        for (Incident incident : incidents()) {
            IncidentSpec spec = specs.of(incident.head.stream);
            if (spec == null || incident.openCount() > 0) continue;
            long slack = spec.times().quietMs() + spec.times().withinMs();
            if (incident.head.timeMs + slack < timeMs) end(incident, IncidentState.RESOLVED, ALL_RESOLVED, sink);
        }
    }

    /**
     * Tells what is due; to be called about once a second.
     *
     * @param nowMs wall time
     */
    public void tick(long nowMs, Sink sink) {
        for (Incident incident : new ArrayList<>(incidents.values())) tick(incident, nowMs, sink);
    }

    private void tick(Incident incident, long nowMs, Sink sink) {
        IncidentHead head = incident.head;
        IncidentSpec spec = specs.of(head.stream);
        if (spec == null) { // its stream is declared no more
            end(incident, IncidentState.EXPIRED, NOTHING_HEARD, sink);
            return;
        }
        boolean opens = head.state == IncidentState.PENDING
                && nowMs - head.begunMs >= spec.times().settleMs();
        if (opens) head.state = IncidentState.OPEN;
        if (opens || incident.head.isUntold) tell(incident, sink);
        boolean quiet = head.quietSinceMs != IncidentHead.NOT_QUIET
                && nowMs - head.quietSinceMs >= spec.times().quietMs();
        if (quiet && head.state != IncidentState.PENDING) {
            end(incident, IncidentState.RESOLVED, ALL_RESOLVED, sink);
        } else if (nowMs - head.changedMs >= spec.times().expireMs()) {
            end(incident, IncidentState.EXPIRED, NOTHING_HEARD, sink);
        }
    }

    /** A person says what a stretch of a series was: it is kept with the incidents that the stretch was part of, over or not. */
    public void label(Feedback label, Sink sink) {
        for (Incident incident : incidents.values()) {
            Member member = incident.member(label.stream() + "/" + label.series());
            boolean meant = member != null
                    && label.toMs() >= member.sinceMs()
                    && (member.isOpen() || label.fromMs() <= member.untilMs());
            if (!meant) continue;
            incident.head.label = label.label();
            incident.head.labelled = new PastIncident.Remark(label.who(), label.note());
            sink.changed(incident);
        }
        memory.label(label).forEach(sink::remembered);
    }

    /**
     * A person takes an incident.
     *
     * @return false where it is not known here, or over
     */
    public boolean acknowledge(IncidentAction action, long nowMs, Sink sink) {
        Incident incident = incidents.get(action.incident());
        if (incident == null) return false;
        incident.head.state = IncidentState.ACKNOWLEDGED;
        incident.head.who = action.who();
        incident.head.note = action.note();
        incident.head.changedMs = nowMs;
        tell(incident, sink);
        return true;
    }
}
