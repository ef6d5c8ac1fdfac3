package io.tidemark.deploy.dashboard;

import java.util.List;

/** What is strange now: the front page. */
final class StrangeNow {
    private StrangeNow() {}

    static DashboardDefinition definition() {
        return new DashboardDefinition(
                "strange-now",
                "Tidemark: what is strange now?",
                "What Tidemark finds in the streams, since when, and who knows of it. What a series did, the console shows.",
                false,
                List.of(
                        PanelRow.of(
                                "Does anything behave strangely, and does Tidemark itself run?",
                                TroublePanels.openIncidents(),
                                TroublePanels.openAlerts(),
                                ProcessPanels.roles()),
                        PanelRow.of(
                                "Which series, since when, and how much of it?",
                                TroublePanels.strangestSeries().wide(24),
                                TroublePanels.alertsOverTime().wide(12),
                                TroublePanels.shareOfSeries().wide(12),
                                TroublePanels.incidentChanges().wide(12),
                                TroublePanels.alertChanges().wide(12)),
                        PanelRow.of(
                                "Does it look, and does anybody look at it?",
                                EventPanels.outcomes(),
                                TroublePanels.notifications(),
                                TroublePanels.labels())));
    }
}
