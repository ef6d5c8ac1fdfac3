package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.Eventually;
import io.tidemark.app.web.Browser;
import io.tidemark.metrics.MeterName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes the running product, evaluates the rules, answers every query of the dashboards, and pages through a real
 * Alertmanager.
 */
class PrometheusIT {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

    @TempDir
    static Path folder;

    private static final List<AutoCloseable> RUNNING = new ArrayList<>();
    private static PrometheusServer prometheus;
    private static AlertReceiver receiver;
    private static ScrapedSystem system;

    /** What only a challenger, a retrain job or a receiver of notifications brings; this system has none. */
    private static final Pattern ON_OCCASION = Pattern.compile("tidemark_(shadow|retrain|notifications)_");

    @BeforeAll
    static void start() throws Exception {
        Programs.need("prometheus", "promtool", "prometheus-alertmanager", "amtool");
        system = new ScrapedSystem(folder);
        RUNNING.add(system);
        receiver = new AlertReceiver(folder);
        RUNNING.add(receiver);
        prometheus = new PrometheusServer(folder, system.port(), receiver.port());
        RUNNING.add(prometheus);
        Eventually.holds(
                WITHIN, "four scrapes", () -> prometheus.hasData("count_over_time(up{job=\"tidemark\"}[1m]) > 3"));
    }

    @AfterAll
    static void stop() throws Exception {
        for (int i = RUNNING.size() - 1; i >= 0; i--) RUNNING.get(i).close();
    }

    @Test
    void everyQueryOfEveryDashboardFindsData() {
        List<Dashboard.Query> queries =
                Dashboard.all().stream().flatMap(d -> d.queries().stream()).toList();
        List<Dashboard.Query> marks =
                Dashboard.all().stream().flatMap(d -> d.annotations().stream()).toList();
        assertThat(queries).hasSizeGreaterThan(20);
        Eventually.passes(WITHIN, () -> {
            List<String> empty = new ArrayList<>();
            for (Dashboard.Query query : queries) {
                if (ON_OCCASION.matcher(query.expression()).find()) continue;
                if (!prometheus.hasData(query.substituted())) empty.add(query.panel() + ": " + query.substituted());
            }
            for (Dashboard.Query mark : marks) {
                for (String level : PromQl.compared(mark.substituted())) {
                    if (!prometheus.hasData(level)) empty.add(mark.panel() + ": " + level);
                }
            }
            assertThat(empty).as("queries without data").isEmpty();
        });
    }

    @Test
    void everyDashboardIsDrawnFromLiveData() throws Exception {
        assumeTrue(Browser.isThere(), "chromium is not on the PATH");
        for (Dashboard dashboard : Dashboard.all()) {
            Path png = folder.resolve(Path.of(dashboard.file()).getFileName() + ".png");
            int drawn = new DashboardPreview(dashboard, prometheus, Duration.ofSeconds(30)).draw(png);
            assertThat(drawn)
                    .as("panels of " + dashboard.file() + " with data")
                    .isGreaterThan(dashboard.panels().size() / 2);
            assertThat(png).isNotEmptyFile();
        }
    }

    @Test
    void everyVariableOfEveryDashboardHasValues() throws Exception {
        for (Dashboard dashboard : Dashboard.all()) {
            for (String name : List.of("job", "instance", "stream")) {
                String query = dashboard.variable(name).at("/query/query").asText();
                Matcher values = LABEL_VALUES.matcher(query.replace("$job", ".+"));
                assertThat(values.matches()).as(query).isTrue();
                assertThat(prometheus.labelValues(values.group(1), values.group(2)))
                        .as(query)
                        .isNotEmpty();
            }
        }
    }

    @Test
    void everyRuleHasSomethingToCompare() {
        Eventually.passes(WITHIN, () -> {
            List<String> empty = new ArrayList<>();
            for (Rule rule : Rule.all()) {
                prometheus.query(rule.expression());
                for (String compared : PromQl.compared(rule.expression())) {
                    if (!prometheus.hasData(compared)) empty.add(rule.name() + ": " + compared);
                }
            }
            assertThat(empty).as("compared, but without data").isEmpty();
        });
    }

    @Test
    void prometheusEvaluatesEveryRule() {
        Eventually.passes(WITHIN, () -> {
            List<String> evaluated = new ArrayList<>();
            for (JsonNode group : prometheus.rules()) {
                for (JsonNode rule : group.get("rules")) {
                    assertThat(rule.path("health").asText()).as(rule.toString()).isEqualTo("ok");
                    evaluated.add(rule.path("name").asText());
                }
            }
            assertThat(evaluated)
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(Rule.all().stream(), Rule.recorded().stream())
                            .map(Rule::name)
                            .toList());
        });
    }

    @Test
    void aStrangeStreamBecomesATicketAndAFailedRoleAPage() {
        assertThat(system.failure()).isEmpty();
        system.meters().level(MeterName.ALERTS_OPEN, "strange").set(2);
        Eventually.passes(
                WITHIN,
                () -> assertThat(receiver.tickets)
                        .anyMatch(text ->
                                text.contains("TidemarkStreamAlert") && text.contains("series of stream strange")));
        assertThat(receiver.pages).noneMatch(text -> text.contains("TidemarkStreamAlert"));

        system.meters().level(MeterName.ROLE_UP, "worker").set(0);
        Eventually.passes(
                WITHIN,
                () -> assertThat(receiver.pages)
                        .anyMatch(text -> text.contains("TidemarkRoleDown") && text.contains("Role worker is down")));
        system.meters().level(MeterName.ROLE_UP, "worker").set(1);
    }

    @Test
    void promtoolFindsNothingWrong() throws Exception {
        Programs.run("", "promtool", "check", "config", "deploy/prometheus/prometheus.yml");
        Programs.run("", "promtool", "check", "rules", "deploy/prometheus/rules.yml");
        Programs.run("", "promtool", "test", "rules", "deploy/prometheus/rules_test.yml");
    }

    @Test
    void amtoolSendsPagesToThePagerAndTicketsToTheDesk() throws Exception {
        String config = AlertReceiver.CONFIG.toString();
        Programs.run("", "amtool", "check-config", config);
        for (Rule rule : Rule.all()) {
            String wanted = rule.severity().equals("page") ? "pager" : "tickets";
            Programs.run(
                    "",
                    "amtool",
                    "config",
                    "routes",
                    "test",
                    "--config.file=" + config,
                    "--verify.receivers=" + wanted,
                    "severity=" + rule.severity(),
                    "alertname=" + rule.name());
        }
    }
}
