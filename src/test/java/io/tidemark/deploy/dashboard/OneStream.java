package io.tidemark.deploy.dashboard;

import java.util.List;

/** One stream, from its events to its alerts. */
final class OneStream {
    static final String NAME = "one-stream";

    private OneStream() {}

    static DashboardDefinition definition() {
        return new DashboardDefinition(
                NAME,
                "Tidemark: how is this stream?",
                "One stream, from its events to its alerts. `tidemark streams describe` says how it is declared.",
                true,
                List.of(
                        PanelRow.of(
                                "Is it strange?",
                                TroublePanels.openAlerts(),
                                TroublePanels.alertsOverTime(),
                                TroublePanels.shareOfSeries(),
                                TroublePanels.alertChanges().wide(12),
                                TroublePanels.labels().wide(12)),
                        PanelRow.of(
                                "What comes in, and what becomes of it?",
                                EventPanels.events(),
                                EventPanels.outcomes(),
                                EventPanels.completeness(),
                                EventPanels.series(),
                                EventPanels.seriesThatEnd(),
                                EventPanels.missingValues()),
                        PanelRow.of(
                                "Is it on time?",
                                DelayPanels.endToEnd(),
                                DelayPanels.withinASecond(),
                                DelayPanels.stepWait()),
                        PanelRow.of(
                                "Do its models learn?",
                                ModelPanels.versions(),
                                ModelPanels.age(),
                                ModelPanels.suspended(),
                                ModelPanels.loss(),
                                ModelPanels.rows(),
                                ModelPanels.learningTime())));
    }
}
