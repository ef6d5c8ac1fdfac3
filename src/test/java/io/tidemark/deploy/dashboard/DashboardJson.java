package io.tidemark.deploy.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.metrics.MeterName;

/** Writes a dashboard as Grafana reads it: schema version 39, Grafana 10.3 and newer. */
public final class DashboardJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SCHEMA_VERSION = 39;
    private static final String TAG = "tidemark";
    /** Where the console is looked for until somebody writes another address into the variable. */
    private static final String CONSOLE = "http://localhost:9474";

    private DashboardJson() {}

    /** The text of the dashboard's file. */
    public static String of(DashboardDefinition dashboard) {
        ObjectNode json = JSON.createObjectNode()
                .put("uid", uid(dashboard.name()))
                .put("title", dashboard.question())
                .put("description", dashboard.description());
        json.putArray("tags").add(TAG);
        json.put("schemaVersion", SCHEMA_VERSION)
                .put("version", 1)
                .put("editable", false)
                .put("graphTooltip", 1)
                .put("timezone", "browser")
                .put("refresh", "30s")
                .put("fiscalYearStartMonth", 0)
                .put("liveNow", false)
                .put("weekStart", "");
        json.putObject("time").put("from", "now-3h").put("to", "now");
        annotations(json.putObject("annotations").putArray("list"), dashboard.oneStream());
        links(json.putArray("links"));
        variables(json.putObject("templating").putArray("list"), dashboard.oneStream());
        new PanelsJson(json.putArray("panels"), !dashboard.oneStream()).add(dashboard.rows());
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static String uid(String name) {
        return "tidemark-" + name;
    }

    /** Marks when incidents were open, and on the page of one stream when its alerts were. */
    private static void annotations(ArrayNode list, boolean oneStream) {
        annotation(
                list,
                "Incidents",
                "orange",
                MeterQuery.level("sum", MeterName.INCIDENTS_OPEN, "group", "severity"),
                "{{severity}} incident of {{group}}");
        if (!oneStream) return;
        annotation(list, "Alerts", "red", MeterQuery.level("sum", MeterName.ALERTS_OPEN, "stream"), "alerts open");
    }

    private static void annotation(ArrayNode list, String name, String colour, String level, String title) {
        ObjectNode annotation = list.addObject().put("name", name);
        dataSource(annotation);
        annotation
                .put("enable", true)
                .put("hide", false)
                .put("iconColor", colour)
                .put("expr", level + " > 0")
                .put("step", "60s")
                .put("titleFormat", title)
                .put("textFormat", "")
                .put("tagKeys", "")
                .put("useValueForTime", false);
    }

    private static void links(ArrayNode links) {
        link(links, "dashboards", "Tidemark", "", "dashboard", "the other questions")
                .putArray("tags")
                .add(TAG);
        link(links, "link", "Console", "${console}", "external link", "which series it is, and why")
                .put("targetBlank", true)
                .putArray("tags");
    }

    private static ObjectNode link(ArrayNode links, String type, String title, String url, String icon, String help) {
        boolean within = type.equals("dashboards");
        return links.addObject()
                .put("type", type)
                .put("title", title)
                .put("url", url)
                .put("icon", icon)
                .put("tooltip", help)
                .put("asDropdown", false)
                .put("includeVars", within)
                .put("keepTime", within)
                .put("targetBlank", false);
    }

    private static void variables(ArrayNode list, boolean oneStream) {
        ObjectNode source = list.addObject()
                .put("name", "datasource")
                .put("label", "Data source")
                .put("type", "datasource")
                .put("query", "prometheus")
                .put("refresh", 1)
                .put("multi", false)
                .put("includeAll", false)
                .put("hide", 0)
                .put("regex", "")
                .put("skipUrlSync", false);
        source.putArray("options");
        String role = MeterQuery.name(MeterName.ROLE_UP);
        valuesOf(list, "job", "Job", role, ".+");
        valuesOf(list, "instance", "Instance", role + "{job=~\"$job\"}", ".+");
        String events = MeterQuery.name(MeterName.EVENTS) + "{job=~\"$job\"}";
        // Records that belong to no stream, such as malformed gates, have an empty label.
        valuesOf(list, "stream", "Stream", events, oneStream ? "" : ".*");
        ObjectNode console = list.addObject()
                .put("name", "console")
                .put("label", "Console")
                .put("type", "textbox")
                .put("query", CONSOLE)
                .put("hide", 0)
                .put("skipUrlSync", false);
        console.putObject("current").put("text", CONSOLE).put("value", CONSOLE);
        console.putArray("options")
                .addObject()
                .put("selected", true)
                .put("text", CONSOLE)
                .put("value", CONSOLE);
    }

    /** @param all the expression that stands for every value; empty when one value is chosen */
    private static void valuesOf(ArrayNode list, String name, String label, String selector, String all) {
        boolean many = !all.isEmpty();
        String query = "label_values(" + selector + ", " + name + ")";
        ObjectNode variable =
                list.addObject().put("name", name).put("label", label).put("type", "query");
        dataSource(variable);
        variable.putObject("query").put("query", query).put("refId", "variable-" + name);
        variable.put("refresh", 2)
                .put("multi", many)
                .put("includeAll", many)
                .put("sort", 1)
                .put("hide", 0)
                .put("skipUrlSync", false)
                .put("regex", "");
        variable.putArray("options");
        if (!many) return;
        variable.put("allValue", all);
        ObjectNode current = variable.putObject("current");
        current.put("selected", true).putArray("text").add("All");
        current.putArray("value").add("$__all");
    }

    static void dataSource(ObjectNode owner) {
        owner.putObject("datasource").put("type", "prometheus").put("uid", "${datasource}");
    }
}
