package io.tidemark.deploy.dashboard;

import static io.tidemark.deploy.dashboard.MeterQuery.foreign;
import static io.tidemark.deploy.dashboard.MeterQuery.level;
import static io.tidemark.deploy.dashboard.MeterQuery.mean;
import static io.tidemark.deploy.dashboard.MeterQuery.quantile;
import static io.tidemark.deploy.dashboard.MeterQuery.withinSecond;

import io.tidemark.metrics.MeterName;

/** Panels about how late scores are, and where time goes on the way. */
final class DelayPanels {
    private DelayPanels() {}

    static Panel endToEnd() {
        return Panel.lines(
                "How late is a score?",
                "From an event's Kafka timestamp to its score: the middle event and the hundredth-slowest. On a time grid the wait for"
                        + " the step to close is part of it.",
                "s",
                new Target(quantile(0.5, MeterName.END_TO_END, "stream"), "{{stream}} p50"),
                new Target(quantile(0.99, MeterName.END_TO_END, "stream"), "{{stream}} p99"));
    }

    static Panel withinASecond() {
        return Panel.lines(
                "What share of scores comes within a second?",
                "From an event's Kafka timestamp to its score. The service level is 99 % for streams without a grid; the others wait for"
                        + " their step to close.",
                "percentunit",
                new Target(withinSecond(MeterName.END_TO_END, "stream"), "{{stream}}"));
    }

    static Panel stepWait() {
        return Panel.lines(
                "How long does an event wait for its step?",
                "Step and lateness as declared, by stream; 0 where every event is a step. So much of a score's delay is declared.",
                "s",
                new Target(level("max", MeterName.STEP_WAIT, "stream"), "{{stream}}"));
    }

    static Panel waitingInKafka() {
        return Panel.lines(
                "How much waits in Kafka?",
                "Records between a reader of Tidemark and the end of its furthest partition. Growing without end: more processes or a"
                        + " faster device are needed. Topics are named from the second minute of a process on.",
                "none",
                new Target(
                        "max by (client_id, topic) (" + foreign("kafka_consumer_fetch_manager_records_lag_max", "")
                                + ")",
                        "{{topic}} {{client_id}}"));
    }

    static Panel queues() {
        return Panel.lines(
                "How full are the queues?",
                "Items that wait in each bounded queue, and the most that it holds. A full queue pauses reading; nothing is dropped.",
                "none",
                new Target(level("max", MeterName.QUEUE, "queue"), "{{queue}}"),
                new Target(level("max", MeterName.QUEUE_LIMIT, "queue"), "{{queue}} limit"));
    }

    static Panel scoringTime() {
        return Panel.lines(
                "How long does a network take for a batch?",
                "One forward pass over a batch, p50 and p99, by network and engine.",
                "s",
                new Target(quantile(0.5, MeterName.SCORING, "network", "engine"), "{{network}} {{engine}} p50"),
                new Target(quantile(0.99, MeterName.SCORING, "network", "engine"), "{{network}} {{engine}} p99"));
    }

    static Panel batches() {
        return Panel.lines(
                "How big are the batches?",
                "Samples in one poll, mean and p99. Large ones use the device well; at the limit the worker is behind.",
                "none",
                new Target(mean(MeterName.BATCH, "role"), "{{role}} mean"),
                new Target(quantile(0.99, MeterName.BATCH, "role"), "{{role}} p99"));
    }

    static Panel trainingTime() {
        return Panel.lines(
                "How long is an optimiser step?",
                "One optimiser step, p50 and p99, by network and engine.",
                "s",
                new Target(quantile(0.5, MeterName.TRAINING, "network", "engine"), "{{network}} {{engine}} p50"),
                new Target(quantile(0.99, MeterName.TRAINING, "network", "engine"), "{{network}} {{engine}} p99"));
    }
}
