package io.tidemark.app.node;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.config.StreamSpec;
import io.tidemark.metrics.MeterName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * What a process has done, in one line for people: events and how many a second, outcomes by status, open alerts, and events that are not yet
 * read. A part whose role runs elsewhere is left out. One thread.
 */
public final class StatusLine {
    /** What Kafka's consumers say of one partition. */
    private static final String LAG = "kafka.consumer.fetch.manager.records.lag";

    /** How many partitions the group gave a consumer. */
    private static final String ASSIGNED = "kafka.consumer.coordinator.assigned.partitions";

    private static final String IDLE = " is idle: other processes have all partitions, or it fills its state first";
    private static final Set<RoleName> IN_GROUPS = EnumSet.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT);
    private static final String MANY_LATE =
            "many come late: give records their series as key, or raise lateness in the stream file";
    private static final double LATE_SHARE = 0.05;
    private static final double LATE_LEAST = 20;

    /** Outcomes of events that never became a step. */
    private static final Set<String> REFUSED = Set.of("rejected", "late", "duplicate");

    private static final double UNJUDGED_LEAST = 20;

    private final MeterRegistry registry;
    private final Set<RoleName> roles;
    private final Set<String> inputs;
    private final LongSupplier nanoTime;
    private final Map<String, Double> eventsOf = new TreeMap<>();
    private final Map<String, Double> refusedOf = new TreeMap<>();
    private double eventsBefore;
    private double lateBefore;
    private double outcomesBefore;
    private long beforeNanos;

    /**
     * @param roles of this process
     * @param streams that it watches
     * @param nanoTime as {@link System#nanoTime}
     */
    public StatusLine(
            MeterRegistry registry, Set<RoleName> roles, Collection<StreamSpec> streams, LongSupplier nanoTime) {
        this.registry = registry;
        this.roles = Set.copyOf(roles);
        this.nanoTime = nanoTime;
        inputs = streams.stream().map(stream -> plain(stream.input().topic())).collect(Collectors.toSet());
        beforeNanos = nanoTime.getAsLong();
    }

    /** Topic labels of older clients have underscores for dots. */
    private static String plain(String topic) {
        return topic.replace('.', '_');
    }

    /** The line as of now; the rate is since the line before. */
    public String next() {
        long now = nanoTime.getAsLong();
        List<String> parts = new ArrayList<>();
        if (roles.contains(RoleName.INGEST)) {
            double events = sum(MeterName.EVENTS);
            double seconds = Math.max(1e-3, (now - beforeNanos) / 1e9);
            parts.add(String.format(
                    Locale.ROOT, "%,.0f events (%,.0f/s)", events, Math.max(0, events - eventsBefore) / seconds));
            eventsBefore = events;
            double passedOver = sum(MeterName.OTHER_KIND);
            if (passedOver > 0) parts.add(String.format(Locale.ROOT, "%,.0f passed over", passedOver));
        }
        Map<String, Double> outcomes = byStatus();
        outcomes.forEach((status, count) -> parts.add(String.format(Locale.ROOT, "%s %,.0f", status, count)));
        if (roles.contains(RoleName.VERDICT)) {
            double open = registry.find(MeterName.ALERTS_OPEN.id()).gauges().stream()
                    .mapToDouble(Gauge::value)
                    .filter(value -> !Double.isNaN(value))
                    .sum();
            parts.add(String.format(Locale.ROOT, open == 1 ? "%,.0f alert open" : "%,.0f alerts open", open));
        }
        double[] unread = registry.find(LAG).gauges().stream()
                .filter(gauge ->
                        inputs.contains(plain(String.valueOf(gauge.getId().getTag("topic")))))
                .mapToDouble(Gauge::value)
                .filter(value -> !Double.isNaN(value))
                .toArray();
        if (roles.contains(RoleName.INGEST) && unread.length > 0) {
            parts.add(String.format(
                    Locale.ROOT, "%,.0f unread", java.util.Arrays.stream(unread).sum()));
        }
        if (!roles.contains(RoleName.INGEST) && !roles.contains(RoleName.VERDICT)) parts.addAll(workDone());
        for (RoleName role : IN_GROUPS) if (roles.contains(role) && isIdle(role)) parts.add(role + IDLE);
        beforeNanos = now;
        if (manyLate(outcomes)) parts.add(MANY_LATE);
        if (roles.contains(RoleName.INGEST)) {
            parts.addAll(unjudged());
            parts.addAll(silent());
        }
        return String.join(" · ", parts);
    }

    /** What the roles have done that neither read events nor judge, where they run by themselves. */
    private List<String> workDone() {
        List<String> done = new ArrayList<>();
        if (roles.contains(RoleName.WORKER)) {
            double samples = registry.find(MeterName.BATCH.id()).summaries().stream()
                    .mapToDouble(DistributionSummary::totalAmount)
                    .sum();
            done.add(String.format(Locale.ROOT, "%,.0f samples", samples));
        }
        if (roles.contains(RoleName.LEARNER)) done.add(tagged(MeterName.ROWS, "use", "taught", "rows taught"));
        if (roles.contains(RoleName.NOTIFY)) done.add(tagged(MeterName.NOTIFICATIONS, "result", "delivered", "told"));
        if (roles.contains(RoleName.RETRAIN)) done.add(tagged(MeterName.RETRAIN_JOBS, "status", "done", "jobs done"));
        return done;
    }

    private String tagged(MeterName name, String tag, String value, String what) {
        double sum = registry.find(name.id()).tag(tag, value).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
        return String.format(Locale.ROOT, "%,.0f %s", sum, what);
    }

    /** Whether a role has joined its group, and no partition is its own. */
    private boolean isIdle(RoleName role) {
        List<Gauge> assigned = registry.find(ASSIGNED).gauges().stream()
                .filter(gauge ->
                        String.valueOf(gauge.getId().getTag("client.id")).contains(role + "-"))
                .toList();
        return !assigned.isEmpty() && assigned.stream().noneMatch(gauge -> gauge.value() > 0);
    }

    /** Whether a twentieth of the outcomes since the line before is late: what the wrong key of records looks like. */
    private boolean manyLate(Map<String, Double> outcomes) {
        double late = outcomes.getOrDefault("late", 0.0);
        double all = outcomes.values().stream().mapToDouble(Double::doubleValue).sum();
        boolean many = late - lateBefore >= LATE_LEAST && late - lateBefore >= LATE_SHARE * (all - outcomesBefore);
        lateBefore = late;
        outcomesBefore = all;
        return many;
    }

    /** Streams of which events came since the line before, and none of them became a step. */
    private List<String> unjudged() {
        Map<String, Double> refused = new TreeMap<>();
        for (Counter counter : registry.find(MeterName.OUTCOMES.id()).counters()) {
            String status = String.valueOf(counter.getId().getTag("status"));
            if (REFUSED.contains(status)) refused.merge(stream(counter), counter.count(), Double::sum);
        }
        List<String> said = new ArrayList<>();
        for (Counter counter : registry.find(MeterName.EVENTS.id()).counters()) {
            String stream = stream(counter);
            double events = counter.count();
            double none = refused.getOrDefault(stream, 0.0);
            double came = events - eventsOf.getOrDefault(stream, 0.0);
            double lost = none - refusedOf.getOrDefault(stream, 0.0);
            eventsOf.put(stream, events);
            refusedOf.put(stream, none);
            if (came >= UNJUDGED_LEAST && lost >= came) {
                said.add("no event of " + stream + " is judged: tidemark streams try " + stream + " says why");
            }
        }
        return said;
    }

    /** Streams of which a feature has no values any more, or none yet. */
    private List<String> silent() {
        List<String> said = new ArrayList<>();
        for (Gauge gauge : registry.find(MeterName.FEATURES_SILENT.id()).gauges()) {
            if (gauge.value() > 0) {
                said.add(String.format(
                        Locale.ROOT,
                        "features of %s without values: %,.0f (the log names them)",
                        stream(gauge),
                        gauge.value()));
            }
        }
        return said;
    }

    private static String stream(Meter meter) {
        return String.valueOf(meter.getId().getTag("stream"));
    }

    private double sum(MeterName name) {
        return registry.find(name.id()).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private Map<String, Double> byStatus() {
        Map<String, Double> counts = new TreeMap<>();
        for (Counter counter : registry.find(MeterName.OUTCOMES.id()).counters()) {
            if (counter.count() > 0) {
                counts.merge(String.valueOf(counter.getId().getTag("status")), counter.count(), Double::sum);
            }
        }
        return counts;
    }
}
