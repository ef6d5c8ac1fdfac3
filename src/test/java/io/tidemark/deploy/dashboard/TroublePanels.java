package io.tidemark.deploy.dashboard;

import static io.tidemark.deploy.dashboard.MeterQuery.level;
import static io.tidemark.deploy.dashboard.MeterQuery.perHour;

import io.tidemark.metrics.MeterName;

/** Panels about what Tidemark finds, whom it tells, and what people say of it. */
final class TroublePanels {
    private static final String OPEN = level("sum", MeterName.ALERTS_OPEN, "stream");

    private TroublePanels() {}

    static Panel openAlerts() {
        return Panel.now(
                "Which streams have open alerts?",
                "Series with an open alert now, by stream, the ten streams with most. The console and `tidemark tail alerts` name the"
                        + " series.",
                Look.TROUBLE,
                new Target("topk(10, " + OPEN + ")", "{{stream}}"));
    }

    static Panel strangestSeries() {
        return Panel.now(
                "Which series were the strangest just now?",
                "The ten series with the highest return level of the last five minutes: 4 is what comes once in 10,000 steps, and what a"
                        + " budget of one alert in as many steps opens one at. No value: nothing was as strange as one step in a hundred.",
                Look.TROUBLE,
                new Target(
                        "topk(10, " + level("max", MeterName.STRANGEST_SERIES, "stream", "series") + ")",
                        "{{series}} of {{stream}}"));
    }

    static Panel openIncidents() {
        return Panel.now(
                "Which incidents are open?",
                "Incidents that are not over now, by group of streams and severity: alerts that belong together are one incident."
                        + " `tidemark incidents` lists them.",
                Look.TROUBLE,
                new Target(level("sum", MeterName.INCIDENTS_OPEN, "group", "severity"), "{{severity}}, {{group}}"));
    }

    static Panel alertsOverTime() {
        return Panel.lines(
                "Since when are alerts open?",
                "Open alerts over time, the ten streams with most. All at once is one cause; one that never ends is a change that stays.",
                "none",
                new Target("topk(10, " + OPEN + ")", "{{stream}}"));
    }

    static Panel shareOfSeries() {
        return Panel.lines(
                "What share of its series is strange?",
                "Open alerts over series that hold state, the ten streams with the largest share. Near 1 the source has changed as a"
                        + " whole.",
                "percentunit",
                new Target("topk(10, " + OPEN + " / " + level("sum", MeterName.SERIES, "stream") + ")", "{{stream}}"));
    }

    static Panel alertChanges() {
        return Panel.lines(
                "How often do alerts open and close?",
                "Changes of state of alerts an hour, by stream. Many of short life are a budget that is too large for the stream.",
                "none",
                new Target(perHour(MeterName.ALERTS, "stream", "state"), "{{stream}} {{state}}"));
    }

    static Panel incidentChanges() {
        return Panel.lines(
                "How often do incidents open and end?",
                "Changes of state of incidents an hour, by group of streams.",
                "none",
                new Target(perHour(MeterName.INCIDENTS, "group", "state"), "{{group}} {{state}}"));
    }

    static Panel notifications() {
        return Panel.lines(
                "Who was told?",
                "Notifications of incidents an hour, by receiver and what became of them. A failed one is tried again.",
                "none",
                new Target(perHour(MeterName.NOTIFICATIONS, "receiver", "result"), "{{receiver}} {{result}}"));
    }

    static Panel labels() {
        return Panel.lines(
                "What do people say of alerts?",
                "Stretches that people labelled an hour (tidemark feedback). Many called normal are false alerts.",
                "none",
                new Target(perHour(MeterName.LABELS, "stream", "label"), "{{stream}} called {{label}}"));
    }
}
