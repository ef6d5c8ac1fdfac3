package io.tidemark.deploy.dashboard;

import java.util.List;

/** Are the models good: which ones judge, how they learn, and whether others would be better. */
final class ModelQuality {
    private ModelQuality() {}

    static DashboardDefinition definition() {
        return new DashboardDefinition(
                "models",
                "Tidemark: are the models good?",
                "Which models judge, how they learn, and whether others would be better. `tidemark models` says the same of one model.",
                false,
                List.of(
                        PanelRow.of(
                                "Which models judge?",
                                ModelPanels.versions(),
                                ModelPanels.age(),
                                ModelPanels.suspended(),
                                ModelPanels.answers().wide(12),
                                TroublePanels.labels().wide(12)),
                        PanelRow.of(
                                "Do they learn?",
                                ModelPanels.loss(),
                                ModelPanels.rows(),
                                ModelPanels.published(),
                                ModelPanels.keptBack(),
                                ModelPanels.undone(),
                                ModelPanels.decisions()),
                        PanelRow.of(
                                "Would others be better?",
                                ModelPanels.challenger(),
                                ModelPanels.agreement(),
                                ModelPanels.compared(),
                                ModelPanels.retraining().wide(12),
                                ModelPanels.retrained().wide(12))));
    }
}
