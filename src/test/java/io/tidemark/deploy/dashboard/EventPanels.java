package io.tidemark.deploy.dashboard;

import static io.tidemark.deploy.dashboard.MeterQuery.level;
import static io.tidemark.deploy.dashboard.MeterQuery.rate;
import static io.tidemark.deploy.dashboard.MeterQuery.rateOf;

import io.tidemark.metrics.MeterName;

/** Panels about events: how many come, of which series, and what becomes of them. */
final class EventPanels {
    private EventPanels() {}

    static Panel events() {
        return Panel.lines(
                "How many events come in?",
                "Events that ingest reads, a second, by stream. Zero is a source that has gone silent, or ingest standing still. Events"
                        + " of another kind than `where` declares are passed over.",
                "cps",
                new Target(rate(MeterName.EVENTS, "stream"), "{{stream}}"),
                new Target(rate(MeterName.OTHER_KIND, "stream"), "{{stream}}, passed over"));
    }

    static Panel outcomes() {
        return Panel.lines(
                        "What becomes of them?",
                        "Outcomes a second by status. Nearly all are scored; warming-up belongs to new series; late and rejected belong to"
                                + " the source. On a time grid several events share an outcome.",
                        "cps",
                        new Target(rate(MeterName.OUTCOMES, "status"), "{{status}}"))
                .as(Look.STACKED);
    }

    static Panel unusable() {
        return Panel.lines(
                        "Which records cannot be used, and why?",
                        "Records a second that go to dead-letters, by reason; `tidemark tail dead-letters` shows where they came from."
                                + " Records of Tidemark's own topics that a role cannot use are passed over.",
                        "cps",
                        new Target(rate(MeterName.DEAD_LETTERS, "reason"), "{{reason}}"),
                        new Target(rate(MeterName.PASSED_OVER, "role"), "passed over by {{role}}"))
                .as(Look.STACKED);
    }

    static Panel completeness() {
        return Panel.lines(
                "What share of outcomes is a judgement?",
                "Outcomes that are scored or warming-up, over all but duplicates. The rest is late or rejected. The service level counts"
                        + " rejected ones alone.",
                "percentunit",
                new Target(
                        rateOf(MeterName.OUTCOMES, "status", "scored|warming-up", "stream") + " / "
                                + rateOf(MeterName.OUTCOMES, "status", "scored|warming-up|late|rejected", "stream"),
                        "{{stream}}"));
    }

    static Panel series() {
        return Panel.lines(
                "How many series does it watch?",
                "Series that hold state, by stream. At the stream's limit further series are rejected.",
                "none",
                new Target(level("sum", MeterName.SERIES, "stream"), "{{stream}}"),
                new Target(level("max", MeterName.SERIES_LIMIT, "stream"), "{{stream}}, limit"));
    }

    static Panel seriesThatEnd() {
        return Panel.lines(
                "Which series end or begin anew?",
                "Series an hour whose state was given back after a long silence, and series whose stored calibration was lost, so that"
                        + " they warm up again.",
                "none",
                new Target(MeterQuery.perHour(MeterName.SERIES_EXPIRED, "stream"), "{{stream}}, expired"),
                new Target(MeterQuery.perHour(MeterName.CALIBRATIONS_LOST, "stream"), "{{stream}}, began anew"));
    }

    static Panel missingValues() {
        return Panel.lines(
                "Which values are missing?",
                "Features of which no event has a value any more, or none had one yet; and values a second that were no numbers, or outside"
                        + " their valid-range.",
                "none",
                new Target(level("sum", MeterName.FEATURES_SILENT, "stream"), "{{stream}}, features without values"),
                new Target(rate(MeterName.BAD_VALUES, "stream"), "{{stream}}, bad values a second"),
                new Target(rate(MeterName.OUTSIDE_VALUES, "stream"), "{{stream}}, outside their range a second"));
    }

    static Panel forecasts() {
        return Panel.lines(
                "How many forecasts go out?",
                "Records written to forecasts a second, by stream.",
                "cps",
                new Target(rate(MeterName.FORECASTS, "stream"), "{{stream}}"));
    }
}
