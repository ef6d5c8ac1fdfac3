package io.tidemark.metrics;

import java.util.List;

/**
 * Every meter that Tidemark declares: the one list that the code, METRICS.md, the dashboards and the rules are checked against.
 *
 * <p>Labels have a bounded number of values: streams, networks, reasons. The series is one in {@link #STRANGEST_SERIES} alone, which names few at a time.
 */
public enum MeterName {
    EVENTS("tidemark.events", Kind.COUNTER, "events", "Input events read by ingest", "stream"),
    OTHER_KIND("tidemark.passed.over", Kind.COUNTER, "events", "Events of another kind than where declares", "stream"),
    BAD_VALUES(
            "tidemark.bad.values",
            Kind.COUNTER,
            "values",
            "Values that were no numbers, and were taken for missing",
            "stream"),
    OUTSIDE_VALUES(
            "tidemark.outside.values",
            Kind.COUNTER,
            "values",
            "Values outside their declared valid-range, which were taken for missing",
            "stream"),
    FEATURES_SILENT(
            "tidemark.features.silent",
            Kind.GAUGE,
            "features",
            "Features of which no event has a value any more, or none had one yet",
            "stream"),
    OUTCOMES("tidemark.outcomes", Kind.COUNTER, "events", "Records written to scores", "stream", "status"),
    DEAD_LETTERS(
            "tidemark.dead.letters", Kind.COUNTER, "records", "Records written to dead-letters", "stream", "reason"),
    PASSED_OVER(
            "tidemark.records.passed.over",
            Kind.COUNTER,
            "records",
            "Records of Tidemark's own topics that a role could not use, so that it went on behind them",
            "role"),
    SERIES("tidemark.series", Kind.GAUGE, "series", "Series that hold state", "stream"),
    SERIES_EXPIRED(
            "tidemark.series.expired",
            Kind.COUNTER,
            "series",
            "Series whose state was given back after a long silence",
            "stream"),
    SERIES_LIMIT("tidemark.series.limit", Kind.GAUGE, "series", "The most series that may hold state", "stream"),
    BATCH("tidemark.batch.size", Kind.SUMMARY, "samples", "Samples in one poll of the worker", "role"),
    SCORING(
            "tidemark.scoring",
            Kind.TIMER,
            "seconds",
            "One forward pass of a network over a batch",
            "network",
            "engine"),
    SCORED(
            "tidemark.scored",
            Kind.COUNTER,
            "samples",
            "Samples a network was asked about, by result",
            "network",
            "result"),
    SUSPENDED("tidemark.models.suspended", Kind.GAUGE, "models", "Models that failed and are out of use", "stream"),
    TRAINING("tidemark.training", Kind.TIMER, "seconds", "One optimiser step", "network", "engine"),
    ROWS("tidemark.training.rows", Kind.COUNTER, "rows", "Rows the learner was given, by use", "stream", "use"),
    LOSS("tidemark.learner.loss", Kind.GAUGE, "loss", "Running mean of the training loss", "stream", "network"),
    PUBLISHED("tidemark.models.published", Kind.COUNTER, "models", "Versions published", "stream", "network"),
    ROLLED_BACK(
            "tidemark.models.rolled.back", Kind.COUNTER, "models", "Trainings undone, by reason", "stream", "reason"),
    KEPT_BACK(
            "tidemark.models.kept.back",
            Kind.COUNTER,
            "models",
            "Versions not published, for they were no better than the last on rows held out",
            "stream",
            "network"),
    LEARNING_TIME(
            "tidemark.learning.time",
            Kind.COUNTER,
            "seconds",
            "Processor time that learning took, or on a GPU the time spent there",
            "stream"),
    LEARNING_PAUSED(
            "tidemark.learning.paused",
            Kind.GAUGE,
            "streams",
            "1 while a stream's learning waits for its declared share",
            "stream"),
    MODEL_VERSION("tidemark.model.version", Kind.GAUGE, "version", "Version in use by the worker", "stream", "network"),
    MODEL_PUBLISHED(
            "tidemark.model.published",
            Kind.GAUGE,
            "seconds",
            "When the version in use was published, Unix time",
            "stream",
            "network"),
    REGISTRY_DECISIONS(
            "tidemark.registry.decisions",
            Kind.COUNTER,
            "decisions",
            "Publications and commands that the registrar has decided, by result",
            "stream",
            "action",
            "result"),
    RETRAIN_JOBS("tidemark.retrain.jobs", Kind.COUNTER, "jobs", "Retrain jobs by how they ended", "stream", "status"),
    RETRAIN_PROGRESS(
            "tidemark.retrain.progress",
            Kind.GAUGE,
            "ratio",
            "Share of the retrain job in hand that is done; 0 when there is none",
            "stream",
            "network"),
    SHADOW_SAMPLES(
            "tidemark.shadow.samples",
            Kind.COUNTER,
            "samples",
            "Samples that a challenger and the champion both scored",
            "stream",
            "network"),
    SHADOW_RATIO(
            "tidemark.shadow.error.ratio",
            Kind.GAUGE,
            "ratio",
            "Median error of the newest challenger over the champion's on the same samples; below 1 it expects better",
            "stream",
            "network"),
    SHADOW_AGREEMENT(
            "tidemark.shadow.agreement",
            Kind.GAUGE,
            "correlation",
            "Rank correlation of the newest challenger's errors with the champion's",
            "stream",
            "network"),
    GUARD_ROLLBACKS(
            "tidemark.guard.rollbacks",
            Kind.COUNTER,
            "rollbacks",
            "Promotions that the guard has undone",
            "stream",
            "network"),
    ENGINE("tidemark.engine", Kind.GAUGE, "info", "1 for the engine in use", "engine", "device", "reason"),
    QUEUE("tidemark.queue.depth", Kind.GAUGE, "items", "Items waiting in a bounded queue", "queue"),
    QUEUE_LIMIT("tidemark.queue.limit", Kind.GAUGE, "items", "The most that a queue holds", "queue"),
    ALERTS_OPEN("tidemark.alerts.open", Kind.GAUGE, "alerts", "Alerts open now", "stream"),
    STRANGEST_SERIES(
            "tidemark.strangest.series",
            Kind.GAUGE,
            "level",
            "Highest return level (log10 of the steps between two moments as strange) in five minutes of the series that were the strangest, at most ten of a stream in each process; from 2 on",
            "stream",
            "series"),
    ALERTS("tidemark.alerts", Kind.COUNTER, "alerts", "Alerts by change of state", "stream", "state"),
    INCIDENTS("tidemark.incidents", Kind.COUNTER, "incidents", "Incidents by change of state", "group", "state"),
    INCIDENTS_OPEN(
            "tidemark.incidents.open", Kind.GAUGE, "incidents", "Incidents that are not over", "group", "severity"),
    NOTIFICATIONS(
            "tidemark.notifications",
            Kind.COUNTER,
            "notifications",
            "Notifications of incidents by what became of them",
            "receiver",
            "result"),
    LABELS("tidemark.labels", Kind.COUNTER, "labels", "Stretches that people have labelled", "stream", "label"),
    CALIBRATIONS_LOST(
            "tidemark.calibrations.lost",
            Kind.COUNTER,
            "series",
            "Series whose stored calibration could not be gone on with, so that they warm up anew",
            "stream"),
    FORECASTS("tidemark.forecasts", Kind.COUNTER, "forecasts", "Records written to forecasts", "stream"),
    END_TO_END("tidemark.end.to.end", Kind.TIMER, "seconds", "From an event's Kafka timestamp to its score", "stream"),
    STEP_WAIT(
            "tidemark.step.wait",
            Kind.GAUGE,
            "seconds",
            "How long an event may wait for its step to close: step and lateness as declared; 0 where every event is a step",
            "stream"),
    ROLE_UP("tidemark.role.up", Kind.GAUGE, "roles", "1 while a role runs, 0 when it has failed", "role"),
    BUILD_INFO(
            "tidemark.build.info",
            Kind.GAUGE,
            "processes",
            "1, labelled with what runs here, so that a fleet of two builds is seen",
            "version",
            "commit");

    /** How a meter counts. */
    public enum Kind {
        COUNTER,
        GAUGE,
        SUMMARY,
        TIMER
    }

    private final String id;
    private final Kind kind;
    private final String unit;
    private final String help;
    private final List<String> labels;

    MeterName(String id, Kind kind, String unit, String help, String... labels) {
        this.id = id;
        this.kind = kind;
        this.unit = unit;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** Micrometer's name, in dots. */
    public String id() {
        return id;
    }

    public Kind kind() {
        return kind;
    }

    public String unit() {
        return unit;
    }

    public String help() {
        return help;
    }

    public List<String> labels() {
        return labels;
    }
}
