package io.tidemark.deploy.dashboard;

import java.util.List;

/** Is it fast enough, and what does it cost. */
final class SpeedAndCost {
    private SpeedAndCost() {}

    static DashboardDefinition definition() {
        return new DashboardDefinition(
                "speed-and-cost",
                "Tidemark: is it fast enough, and what does it cost?",
                "How late scores are, where the time goes, and what the processes take. `tidemark size` says what to expect.",
                false,
                List.of(
                        PanelRow.of(
                                "Is it fast enough?",
                                DelayPanels.endToEnd(),
                                DelayPanels.withinASecond(),
                                DelayPanels.waitingInKafka()),
                        PanelRow.of(
                                "Where does the time go?",
                                DelayPanels.stepWait(),
                                DelayPanels.scoringTime(),
                                DelayPanels.batches(),
                                DelayPanels.trainingTime(),
                                DelayPanels.queues(),
                                ProcessPanels.collector()),
                        PanelRow.of(
                                "What does it cost?",
                                ProcessPanels.processor(),
                                ProcessPanels.processorPerEvent(),
                                ProcessPanels.heapBytes(),
                                ModelPanels.learningTime(),
                                ModelPanels.learningPaused(),
                                EventPanels.series()),
                        PanelRow.of(
                                "For how much work?",
                                EventPanels.events(),
                                EventPanels.forecasts(),
                                ModelPanels.answers())));
    }
}
