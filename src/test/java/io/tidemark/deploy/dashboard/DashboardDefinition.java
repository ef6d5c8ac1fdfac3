package io.tidemark.deploy.dashboard;

import java.util.List;

/**
 * One dashboard, which answers one question.
 *
 * @param name of its file, and behind {@code tidemark-} its place in Grafana
 * @param question the title
 * @param description what is on it
 * @param oneStream whether exactly one stream is chosen on it; else any number
 */
public record DashboardDefinition(
        String name, String question, String description, boolean oneStream, List<PanelRow> rows) {
    public DashboardDefinition {
        rows = List.copyOf(rows);
    }

    /** Every dashboard; the first is the front page. */
    public static List<DashboardDefinition> all() {
        return List.of(
                StrangeNow.definition(),
                Health.definition(),
                ModelQuality.definition(),
                SpeedAndCost.definition(),
                OneStream.definition());
    }
}
