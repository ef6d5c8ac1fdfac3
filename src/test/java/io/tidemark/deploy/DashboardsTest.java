package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.metrics.MeterName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Dashboards and rules ask for what a process shows. The rules of
 * <a href="https://github.com/grafana/dashboard-linter">grafana/dashboard-linter</a> hold; whether a query parses and finds data,
 * {@code PrometheusIT} asks a real Prometheus.
 */
class DashboardsTest {
    private static final Set<String> EVERYWHERE = Set.of("job", "instance", "le");

    /** Units of Grafana's value formats that the dashboards may use. */
    private static final Set<String> UNITS = Set.of("none", "short", "s", "cps", "percentunit", "bytes");

    private static final Pattern RATE = Pattern.compile("\\[([^]]+)]");

    private final Map<String, Set<String>> samples = MetricsPage.samples();

    @Test
    void everyMetricOfADashboardIsShownByAProcess() {
        assertThat(Dashboard.all()).isNotEmpty();
        assertThat(queries().stream()
                        .flatMap(
                                query -> unknown(query.expression()).stream().map(what -> query.panel() + ": " + what)))
                .isEmpty();
    }

    @Test
    void everyMetricOfARuleIsShownByAProcess() {
        assertThat(Rule.all()).hasSize(15);
        List<Rule> rules = new ArrayList<>(Rule.recorded());
        rules.forEach(rule -> samples.put(rule.name(), Set.of(rule.name().replaceAll(":.*", ""))));
        rules.addAll(Rule.all());
        assertThat(rules.stream()
                        .flatMap(rule -> unknown(rule.expression()).stream().map(what -> rule.name() + ": " + what)))
                .isEmpty();
    }

    @Test
    void everyRecordedRatioIsLookedAtByAnAlert() {
        String rules = Stream.concat(Rule.all().stream(), Rule.recorded().stream())
                .map(Rule::expression)
                .collect(Collectors.joining("\n"));
        assertThat(Rule.recorded())
                .hasSize(23)
                .allSatisfy(rule -> assertThat(rules).containsPattern(Pattern.quote(rule.name()) + "(?![\\w:])"));
    }

    @Test
    void aTimerHasTheBucketThatSharesWithinASecondAskFor() {
        assertThat(MetricsPage.text()).containsPattern("(?m)^tidemark_end_to_end_seconds_bucket\\{.*le=\"1\\.0\".*} ");
    }

    @Test
    void aMisspeltMetricOrLabelIsFound() {
        assertThat(unknown("rate(tidemark_event_total{stream=\"a\"}[5m])"))
                .containsExactly("tidemark_event_total is not shown");
        assertThat(unknown("sum by (reason) (tidemark_events_total{status=\"a\"})"))
                .containsExactly("tidemark_events_total has no label status", "no metric here has the label reason");
    }

    @Test
    void everyDeclaredMeterHasAPanel() {
        Set<String> shown = new TreeSet<>();
        for (Dashboard.Query query : queries()) {
            for (PromQl.Selector selector : PromQl.selectors(query.expression())) shown.add(selector.metric());
        }
        for (MeterName meter : MeterName.values()) {
            Set<String> own = MetricsPage.samplesOf(meter);
            assertThat(own).as("samples of " + meter).isNotEmpty();
            assertThat(own.stream().anyMatch(shown::contains))
                    .as("a panel shows " + meter)
                    .isTrue();
        }
    }

    @Test
    void theDataSourceIsAVariable() {
        for (Dashboard dashboard : Dashboard.all()) {
            JsonNode source = dashboard.variable("datasource");
            assertThat(source.path("type").asText()).isEqualTo("datasource");
            assertThat(source.path("query").asText()).isEqualTo("prometheus");
            assertThat(source.path("label").asText()).isEqualTo("Data source");
        }
    }

    @Test
    void jobInstanceAndStreamAreVariablesWithEveryValueAtOnceUnlessTheQuestionIsAboutOneStream() {
        for (Dashboard dashboard : Dashboard.all()) {
            for (Map.Entry<String, String> name : Map.of("job", "Job", "instance", "Instance", "stream", "Stream")
                    .entrySet()) {
                JsonNode variable = dashboard.variable(name.getKey());
                assertThat(variable.path("label").asText()).isEqualTo(name.getValue());
                assertThat(variable.path("type").asText()).isEqualTo("query");
                assertThat(variable.at("/datasource/uid").asText()).isEqualTo("${datasource}");
                boolean many = !(dashboard.isOfOneStream() && name.getKey().equals("stream"));
                assertThat(variable.path("multi").asBoolean()).isEqualTo(many);
                assertThat(variable.path("includeAll").asBoolean()).isEqualTo(many);
                // Records that belong to no stream, such as malformed gates, have an empty label.
                String all = name.getKey().equals("stream") ? ".*" : ".+";
                assertThat(variable.path("allValue").asText()).isEqualTo(many ? all : "");
                assertThat(variable.path("refresh").asInt())
                        .as("asked again when the time range changes")
                        .isEqualTo(2);
                assertThat(variable.at("/query/query").asText()).matches("label_values\\(.+, " + name.getKey() + "\\)");
            }
        }
    }

    @Test
    void everyDashboardLeadsToTheOthersAndToTheConsole() {
        for (Dashboard dashboard : Dashboard.all()) {
            assertThat(dashboard.json().at("/tags/0").asText()).isEqualTo("tidemark");
            JsonNode others = dashboard.json().at("/links/0");
            assertThat(others.path("type").asText()).isEqualTo("dashboards");
            assertThat(others.at("/tags/0").asText()).isEqualTo("tidemark");
            assertThat(others.path("includeVars").asBoolean()).isTrue();
            assertThat(others.path("keepTime").asBoolean()).isTrue();
            assertThat(dashboard.json().at("/links/1/url").asText()).isEqualTo("${console}");
            assertThat(dashboard.variable("console").path("type").asText()).isEqualTo("textbox");
        }
    }

    @Test
    void aLineOfAStreamLeadsToThePageOfTheStream() {
        Set<String> addresses = new TreeSet<>();
        for (Dashboard dashboard : Dashboard.all()) {
            for (JsonNode panel : dashboard.panels()) {
                for (JsonNode link : panel.at("/fieldConfig/defaults/links")) {
                    assertThat(dashboard.isOfOneStream()).isFalse();
                    assertThat(panel.at("/targets/0/expr").asText()).contains("by (stream");
                    assertThat(link.path("url").asText()).contains("&var-stream=${__field.labels.stream}&");
                    addresses.add(link.path("url").asText().replaceAll("\\?.*", ""));
                }
            }
        }
        assertThat(addresses).containsExactly("/d/tidemark-one-stream");
        assertThat(Dashboard.all())
                .anyMatch(dashboard -> dashboard.isOfOneStream()
                        && dashboard.json().path("uid").asText().equals("tidemark-one-stream"));
    }

    @Test
    void openIncidentsAreMarkedOnEveryDashboard() {
        for (Dashboard dashboard : Dashboard.all()) {
            assertThat(dashboard.annotations())
                    .anyMatch(marks -> marks.expression().contains("tidemark_incidents_open"));
            for (Dashboard.Query marks : dashboard.annotations()) {
                assertThat(unknown(marks.expression())).isEmpty();
                for (PromQl.Selector selector : PromQl.selectors(marks.expression())) {
                    assertThat(selector.labels()).contains("job", "instance");
                }
            }
        }
    }

    @Test
    void everyPanelAnswersAQuestionAndSaysHowToReadIt() {
        for (Dashboard dashboard : Dashboard.all()) {
            for (JsonNode panel : dashboard.panels()) {
                assertThat(panel.path("title").asText()).as("a panel's title").endsWith("?");
                assertThat(panel.path("description").asText())
                        .as(panel.path("title").asText())
                        .hasSizeGreaterThan(20);
            }
        }
    }

    @Test
    void everyPanelAndTargetAsksTheChosenDataSource() {
        for (Dashboard dashboard : Dashboard.all()) {
            for (JsonNode panel : dashboard.panels()) {
                assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
                assertThat(panel.get("targets"))
                        .isNotEmpty()
                        .allSatisfy(target -> assertThat(
                                        target.at("/datasource/uid").asText())
                                .isEqualTo("${datasource}"));
            }
        }
    }

    @Test
    void everyPanelHasAUnit() {
        for (Dashboard dashboard : Dashboard.all()) {
            for (JsonNode panel : dashboard.panels()) {
                assertThat(UNITS)
                        .as(panel.path("title").asText())
                        .contains(panel.at("/fieldConfig/defaults/unit").asText());
            }
        }
    }

    @Test
    void everySelectorMatchesTheChosenJobsAndInstances() {
        for (Dashboard.Query query : queries()) {
            for (PromQl.Selector selector : PromQl.selectors(query.expression())) {
                assertThat(selector.labels()).as(query.panel()).contains("job", "instance");
            }
            assertThat(query.expression()).contains("job=~\"$job\"", "instance=~\"$instance\"");
        }
    }

    @Test
    void everyRateLooksBackOverTheIntervalThatGrafanaChooses() {
        for (Dashboard.Query query : queries()) {
            Matcher rate = RATE.matcher(query.expression());
            while (rate.find()) assertThat(rate.group(1)).as(query.panel()).isEqualTo("$__rate_interval");
        }
    }

    @Test
    void countersAreShownAsRates() {
        for (Dashboard.Query query : queries()) {
            for (PromQl.Selector selector : PromQl.selectors(query.expression())) {
                if (selector.metric().endsWith("_total")) {
                    assertThat(query.expression()).as(query.panel()).contains("rate(" + selector.metric());
                }
            }
        }
    }

    @Test
    void panelsHaveIdsOfTheirOwnAndDoNotOverlap() {
        for (Dashboard dashboard : Dashboard.all()) {
            Set<Integer> ids = new HashSet<>();
            Set<String> cells = new HashSet<>();
            for (JsonNode panel : dashboard.json().get("panels")) {
                assertThat(ids.add(panel.get("id").asInt()))
                        .as(panel.toString())
                        .isTrue();
                JsonNode place = panel.get("gridPos");
                for (int x = place.get("x").asInt();
                        x < place.get("x").asInt() + place.get("w").asInt();
                        x++) {
                    assertThat(x).isLessThan(24);
                    for (int y = place.get("y").asInt();
                            y < place.get("y").asInt() + place.get("h").asInt();
                            y++) {
                        assertThat(cells.add(x + "," + y))
                                .as(panel.path("title").asText() + " overlaps")
                                .isTrue();
                    }
                }
            }
            assertThat(dashboard.json().path("schemaVersion").asInt()).isGreaterThanOrEqualTo(39);
            assertThat(dashboard.json().path("editable").asBoolean())
                    .as("provisioned dashboards are read-only")
                    .isFalse();
        }
    }

    private static List<Dashboard.Query> queries() {
        return Dashboard.all().stream()
                .flatMap(dashboard -> dashboard.queries().stream())
                .toList();
    }

    private List<String> unknown(String expression) {
        List<String> unknown = new ArrayList<>();
        Set<String> labels = new TreeSet<>(EVERYWHERE);
        for (PromQl.Selector selector : PromQl.selectors(expression)) {
            Set<String> own = samples.get(selector.metric());
            if (own == null) {
                unknown.add(selector.metric() + " is not shown");
                continue;
            }
            labels.addAll(own);
            for (String label : selector.labels()) {
                if (!own.contains(label) && !EVERYWHERE.contains(label))
                    unknown.add(selector.metric() + " has no label " + label);
            }
        }
        for (String label : PromQl.groupings(expression)) {
            if (!labels.contains(label)) unknown.add("no metric here has the label " + label);
        }
        return unknown;
    }
}
