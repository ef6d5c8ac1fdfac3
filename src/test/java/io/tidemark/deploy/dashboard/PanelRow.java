package io.tidemark.deploy.dashboard;

import java.util.List;

/** Panels under one title, from left to right. */
record PanelRow(String title, List<Panel> panels) {
    PanelRow {
        panels = List.copyOf(panels);
    }

    static PanelRow of(String title, Panel... panels) {
        return new PanelRow(title, List.of(panels));
    }
}
