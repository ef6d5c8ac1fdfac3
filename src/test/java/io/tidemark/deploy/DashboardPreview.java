package io.tidemark.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.Eventually;
import io.tidemark.app.web.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Draws a dashboard from what a Prometheus answers to its queries, much as Grafana does, for want of a Grafana that tests could install.
 */
final class DashboardPreview {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LABEL = Pattern.compile("\\{\\{(\\w+)}}");
    private static final int WIDTH = 1400;
    private static final int HEIGHT = 900;
    private static final Duration DRAWN_WITHIN = Duration.ofSeconds(10);

    private final Dashboard dashboard;
    private final PrometheusServer prometheus;
    private final long fromS;
    private final long toS;

    DashboardPreview(Dashboard dashboard, PrometheusServer prometheus, Duration back) {
        this.dashboard = dashboard;
        this.prometheus = prometheus;
        toS = System.currentTimeMillis() / 1000;
        fromS = toS - back.toSeconds();
    }

    /** Draws it into a PNG by way of a page beside it, and returns how many of its panels show something. */
    int draw(Path png) throws Exception {
        Path page = png.resolveSibling(png.getFileName() + ".html");
        Files.writeString(page, page());
        try (Browser browser = new Browser(WIDTH, HEIGHT, true)) {
            browser.open(page.toUri().toString());
            Eventually.holds(
                    DRAWN_WITHIN,
                    "a drawn dashboard",
                    () -> browser.value("document.readyState").asText().equals("complete"));
            browser.resize(
                    WIDTH,
                    browser.value("document.documentElement.scrollHeight").asInt());
            browser.screenshot(png);
            if (!browser.errors.isEmpty()) throw new AssertionError(browser.errors.toString());
            return browser.value("document.querySelectorAll('section:not([data-lines=\"0\"])').length")
                    .asInt();
        }
    }

    private String page() throws IOException, InterruptedException {
        ObjectNode preview = JSON.createObjectNode()
                .put("title", dashboard.json().get("title").asText())
                .put("from", fromS)
                .put("to", toS);
        ArrayNode panels = preview.putArray("panels");
        for (JsonNode panel : dashboard.json().get("panels")) panels.add(panel(panel));
        try (InputStream template = DashboardPreview.class.getResourceAsStream("preview.html")) {
            String text = new String(Objects.requireNonNull(template).readAllBytes(), StandardCharsets.UTF_8);
            // a name in the data must not end the script
            return text.replace(
                    "/* preview */ null", JSON.writeValueAsString(preview).replace("<", "\\u003c"));
        }
    }

    private ObjectNode panel(JsonNode panel) throws IOException, InterruptedException {
        ObjectNode drawn = JSON.createObjectNode()
                .put("type", panel.get("type").asText())
                .put("title", panel.get("title").asText())
                .put("width", panel.at("/gridPos/w").asInt())
                .put("unit", panel.at("/fieldConfig/defaults/unit").asText())
                .put("namesOnly", panel.at("/options/textMode").asText().equals("name"));
        drawn.set("steps", panel.at("/fieldConfig/defaults/thresholds/steps"));
        ObjectNode mappings = drawn.putObject("mappings");
        for (JsonNode mapping : panel.at("/fieldConfig/defaults/mappings")) {
            mapping.path("options")
                    .properties()
                    .forEach(option ->
                            mappings.set(option.getKey(), option.getValue().get("text")));
        }
        ArrayNode lines = drawn.putArray("lines");
        boolean now = panel.get("type").asText().equals("stat");
        for (JsonNode target : panel.path("targets")) {
            String query =
                    new Dashboard.Query(dashboard.file(), "", target.get("expr").asText()).substituted();
            for (JsonNode series : now ? prometheus.query(query) : prometheus.range(query, fromS, toS)) {
                ArrayNode points = JSON.createArrayNode();
                if (now) add(points, series.get("value"));
                for (JsonNode point : series.path("values")) add(points, point);
                if (points.isEmpty()) continue;
                lines.addObject()
                        .put("name", legend(target.get("legendFormat").asText(), series.get("metric")))
                        .set("points", points);
            }
        }
        return drawn;
    }

    private static void add(ArrayNode points, JsonNode point) {
        double value = PrometheusServer.number(point.get(1).asText());
        if (Double.isFinite(value))
            points.addArray().add(point.get(0).asDouble()).add(value);
    }

    private static String legend(String format, JsonNode labels) {
        return LABEL.matcher(format)
                .replaceAll(label ->
                        Matcher.quoteReplacement(labels.path(label.group(1)).asText()));
    }
}
