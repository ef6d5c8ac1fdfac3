package io.tidemark.deploy.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Writes rows of panels, each under its title, from left to right and from above to below. */
final class PanelsJson {
    private static final int COLUMNS = 24;
    private static final int HEIGHT = 8;

    private final ArrayNode panels;
    private final boolean linked;
    private int id;
    private int x;
    private int y;

    /** @param linked whether lines of a stream lead to the page of the stream */
    PanelsJson(ArrayNode panels, boolean linked) {
        this.panels = panels;
        this.linked = linked;
    }

    void add(List<PanelRow> rows) {
        for (PanelRow row : rows) {
            ObjectNode title =
                    panels.addObject().put("id", ++id).put("type", "row").put("title", row.title());
            title.put("collapsed", false).putArray("panels");
            place(title, COLUMNS, 1);
            row.panels().forEach(this::add);
            if (x > 0) y += HEIGHT;
            x = 0;
        }
    }

    private void place(ObjectNode panel, int width, int height) {
        if (x + width > COLUMNS) throw new IllegalArgumentException("panels of a line are wider than " + COLUMNS);
        panel.putObject("gridPos").put("h", height).put("w", width).put("x", x).put("y", y);
        x += width;
        if (x == COLUMNS) {
            x = 0;
            y += height;
        }
    }

    private void add(Panel panel) {
        boolean now = panel.look().isOfNow();
        ObjectNode json = panels.addObject()
                .put("id", ++id)
                .put("type", now ? "stat" : "timeseries")
                .put("title", panel.title())
                .put("description", panel.description());
        DashboardJson.dataSource(json);
        place(json, panel.width(), HEIGHT);
        ObjectNode field = json.putObject("fieldConfig");
        ObjectNode defaults = field.putObject("defaults").put("unit", panel.unit());
        field.putArray("overrides");
        if (panel.look() != Look.SIGNED_LINES) defaults.put("min", 0);
        if (linked && panel.isOfStreams()) linkToStream(defaults.putArray("links"));
        if (now) {
            colours(defaults, panel.look());
            numbers(json.putObject("options"));
        } else {
            lines(defaults, panel.look() == Look.STACKED);
            legend(json.putObject("options"));
        }
        targets(json.putArray("targets"), panel.targets(), now);
    }

    private static void linkToStream(ArrayNode links) {
        links.addObject()
                .put("title", "How is stream ${__field.labels.stream}?")
                .put(
                        "url",
                        "/d/" + DashboardJson.uid(OneStream.NAME)
                                + "?${datasource:queryparam}&${job:queryparam}&${instance:queryparam}&${console:queryparam}"
                                + "&var-stream=${__field.labels.stream}&${__url_time_range}");
    }

    private static void colours(ObjectNode defaults, Look look) {
        defaults.putObject("color").put("mode", "thresholds");
        ArrayNode steps =
                defaults.putObject("thresholds").put("mode", "absolute").putArray("steps");
        switch (look) {
            case UP_OR_FAILED -> {
                step(steps, "red");
                step(steps, "green").put("value", 1);
                ObjectNode texts = defaults.putArray("mappings")
                        .addObject()
                        .put("type", "value")
                        .putObject("options");
                texts.putObject("0").put("text", "failed").put("color", "red").put("index", 0);
                texts.putObject("1").put("text", "up").put("color", "green").put("index", 1);
            }
            case TROUBLE -> {
                step(steps, "green");
                step(steps, "orange").put("value", 1);
            }
            default -> step(steps, "blue");
        }
    }

    private static ObjectNode step(ArrayNode steps, String colour) {
        ObjectNode step = steps.addObject().put("color", colour);
        step.putNull("value");
        return step;
    }

    private static void numbers(ObjectNode options) {
        options.putObject("reduceOptions")
                .put("values", false)
                .put("fields", "")
                .putArray("calcs")
                .add("lastNotNull");
        options.put("orientation", "auto")
                .put("textMode", "value_and_name")
                .put("colorMode", "background")
                .put("graphMode", "none")
                .put("justifyMode", "auto")
                .put("percentChangeColorMode", "standard")
                .put("showPercentChange", false)
                .put("wideLayout", true);
    }

    private static void lines(ObjectNode defaults, boolean stacked) {
        defaults.putObject("color").put("mode", "palette-classic");
        ObjectNode custom = defaults.putObject("custom")
                .put("drawStyle", "line")
                .put("lineWidth", 1)
                .put("fillOpacity", stacked ? 25 : 5)
                .put("showPoints", "never")
                .put("spanNulls", false);
        custom.putObject("stacking").put("mode", stacked ? "normal" : "none").put("group", "A");
    }

    private static void legend(ObjectNode options) {
        options.putObject("legend")
                .put("displayMode", "list")
                .put("placement", "bottom")
                .put("showLegend", true)
                .putArray("calcs");
        options.putObject("tooltip").put("mode", "multi").put("sort", "desc");
    }

    private static void targets(ArrayNode list, List<Target> targets, boolean now) {
        for (int i = 0; i < targets.size(); i++) {
            ObjectNode target = list.addObject().put("refId", String.valueOf((char) ('A' + i)));
            DashboardJson.dataSource(target);
            target.put("expr", targets.get(i).expression())
                    .put("legendFormat", targets.get(i).legend())
                    .put("editorMode", "code")
                    .put("range", !now)
                    .put("instant", now);
        }
    }
}
