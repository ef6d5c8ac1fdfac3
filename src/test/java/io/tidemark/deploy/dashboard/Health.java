package io.tidemark.deploy.dashboard;

import java.util.List;

/** Is it healthy: does every part run, has each event an outcome, and is it up to date. */
final class Health {
    private Health() {}

    static DashboardDefinition definition() {
        return new DashboardDefinition(
                "health",
                "Tidemark: is it healthy?",
                "Does every part run, has each event its outcome, and are outcomes up to date? The alert rules look at the same figures.",
                false,
                List.of(
                        PanelRow.of(
                                "Does every part run?",
                                ProcessPanels.roles().wide(12),
                                ProcessPanels.engine().wide(6),
                                ProcessPanels.builds().wide(6)),
                        PanelRow.of(
                                "Has each event an outcome?",
                                EventPanels.events(),
                                EventPanels.outcomes(),
                                EventPanels.unusable(),
                                EventPanels.completeness(),
                                EventPanels.missingValues(),
                                ModelPanels.suspended()),
                        PanelRow.of(
                                "Is it up to date?",
                                DelayPanels.waitingInKafka(),
                                DelayPanels.endToEnd(),
                                DelayPanels.withinASecond()),
                        PanelRow.of(
                                "Has it room?",
                                EventPanels.series(),
                                EventPanels.seriesThatEnd(),
                                DelayPanels.queues(),
                                ProcessPanels.heap().wide(12),
                                ProcessPanels.collector().wide(12))));
    }
}
