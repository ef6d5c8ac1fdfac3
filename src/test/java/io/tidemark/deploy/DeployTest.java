package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.app.cli.Tidemark;
import io.tidemark.app.node.RoleName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The files that deploy Tidemark name files, ports, options and receivers that are there. */
class DeployTest {
    private static final Path DEPLOY = Path.of("deploy");
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");

    private final JsonNode compose = Rule.yaml(DEPLOY.resolve("compose.yaml"));

    @Test
    void everyRuleHasItsSectionInTheRunbook() throws IOException {
        List<String> sections = Files.readString(DEPLOY.resolve("RUNBOOK.md"))
                .lines()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3))
                .toList();
        assertThat(sections)
                .containsExactlyElementsOf(Rule.all().stream().map(Rule::name).toList());
        for (Rule rule : Rule.all()) {
            assertThat(rule.runbook())
                    .isEqualTo(Rule.RUNBOOK + "#" + rule.name().toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void theRunbookIsAPageOfTheSiteOfTheProjectUnlessAnotherIsNamed() throws Exception {
        String home = Rule.RUNBOOK.substring(0, Rule.RUNBOOK.indexOf("/deploy/"));
        assertThat(Files.readString(Path.of("pom.xml"))).contains("<url>" + home + "</url>");
        assertThat(Rule.RUNBOOK).isEqualTo(home + "/" + DEPLOY.resolve("RUNBOOK.html"));
        Matcher command =
                Pattern.compile("(?m)^# .*(sed) -i ('.*') rules\\.yml$").matcher(Files.readString(Rule.FILE));
        assertThat(command.find()).isTrue();
        String own = Programs.run("", "sh", "-c", "sed " + command.group(2) + " " + Rule.FILE);
        assertThat(own).contains("runbook_url: https://YOURS#tidemarkroledown").doesNotContain("url: " + home);
    }

    @Test
    void everyQuestionThatTheRunbookAsksIsAPanel() throws IOException {
        Set<String> panels = new TreeSet<>();
        for (Dashboard dashboard : Dashboard.all()) {
            dashboard.panels().forEach(panel -> panels.add(panel.path("title").asText()));
        }
        Matcher question = Pattern.compile("\\*([A-Z][^*]*\\?)\\*")
                .matcher(Files.readString(DEPLOY.resolve("RUNBOOK.md")).replace('\n', ' '));
        int asked = 0;
        while (question.find()) {
            assertThat(panels).contains(question.group(1));
            asked++;
        }
        assertThat(asked).isGreaterThan(8);
    }

    @Test
    void everyFileThatComposeMountsIsThere() {
        Set<String> volumes = new TreeSet<>();
        compose.get("volumes").fieldNames().forEachRemaining(volumes::add);
        for (JsonNode service : compose.get("services")) {
            for (JsonNode mount : service.path("volumes")) {
                String source = mount.asText().split(":")[0];
                if (source.startsWith(".")) assertThat(DEPLOY.resolve(source)).exists();
                else assertThat(volumes).contains(source);
            }
        }
    }

    @Test
    void everyLastingServiceOfComposeIsCheckedAndStartedAgain() {
        compose.get("services").fields().forEachRemaining(service -> {
            if (service.getKey().equals("topics")) return;
            assertThat(service.getValue().path("restart").asText())
                    .as(service.getKey())
                    .isEqualTo("unless-stopped");
            assertThat(service.getValue().at("/healthcheck/test"))
                    .as(service.getKey())
                    .isNotEmpty();
        });
    }

    @Test
    void composeOpensItsPortsOnLoopbackOnly() {
        for (JsonNode service : compose.get("services")) {
            for (JsonNode port : service.path("ports"))
                assertThat(port.asText()).startsWith("127.0.0.1:");
        }
    }

    @Test
    void noSecretStandsInAFile() throws IOException {
        Pattern secret = Pattern.compile(
                "(?im)^.*(password|secret|token|routing_key|api_key)[a-z_]*\\s*[:=]\\s*(?!\\s|\\?|$|\\$\\{[A-Z_]+:\\?).+");
        for (Path file : List.of(
                DEPLOY.resolve("compose.yaml"),
                AlertReceiver.CONFIG,
                DEPLOY.resolve("grafana/provisioning/datasources/prometheus.yaml"),
                DEPLOY.resolve("systemd/tidemark@.service"))) {
            assertThat(secret.matcher(Files.readString(file)).results().map(match -> file + ": " + match.group()))
                    .isEmpty();
        }
    }

    @Test
    void prometheusScrapesThePortThatTidemarkOpens() throws IOException {
        List<String> arguments = texts(compose.at("/services/tidemark/command"));
        String config = Files.readString(DEPLOY.resolve("prometheus/prometheus.yml"));
        assertThat(arguments).contains("--metrics-port=9464", "--metrics-host=0.0.0.0");
        assertThat(config).contains("tidemark:9464", "alertmanager:9093").contains("job_name: tidemark\n");
        assertThat(compose.at("/services/tidemark/healthcheck/test/3").asText())
                .contains("/dev/tcp/127.0.0.1/9464", "/healthy");
    }

    @Test
    void everyInstallationRunsEveryRoleSoThatSomebodyIsTold() throws IOException {
        Set<String> every = new TreeSet<>();
        for (RoleName role : RoleName.values()) every.add(role.toString());
        assertThat(every).contains("notify");
        String roles = texts(compose.at("/services/tidemark/command")).stream()
                .filter(argument -> argument.startsWith("--roles="))
                .findFirst()
                .orElseThrow();
        assertThat(roles.substring(8).split(",")).containsExactlyInAnyOrderElementsOf(every);

        String document = Files.readString(DEPLOY.resolve("README.md"));
        String unit = Files.readString(DEPLOY.resolve("systemd/tidemark@.service"));
        Matcher ports = Pattern.compile("for role in (.*?); do").matcher(document);
        assertThat(ports.find()).isTrue();
        assertThat(ports.group(1).replaceAll(":\\d+", "").split(" ")).containsExactlyInAnyOrderElementsOf(every);
        for (String text : List.of(document, unit.replace("\n# ", " "))) {
            Matcher enabled =
                    Pattern.compile("enable --now((?: tidemark@[a-z]+)+)").matcher(text);
            assertThat(enabled.find()).isTrue();
            assertThat(enabled.group(1).trim().replace("tidemark@", "").split(" "))
                    .containsExactlyInAnyOrderElementsOf(every);
        }
        // a command line that names no role runs all of them
        Pattern some = Pattern.compile("(?m)^.*tidemark.* run --roles .*,.*$");
        for (Path page : List.of(Path.of("README.md"), DEPLOY.resolve("image/README.md"))) {
            assertThat(some.matcher(Files.readString(page)).results().map(MatchResult::group))
                    .as("%s", page)
                    .isEmpty();
        }
    }

    @Test
    void theLinkOfTheDashboardsToTheConsoleLeadsToOneInCompose() {
        String console = Dashboard.all().get(0).json().at("/templating/list").findParents("name").stream()
                .filter(variable -> variable.path("name").asText().equals("console"))
                .map(variable -> variable.path("query").asText())
                .findFirst()
                .orElseThrow();
        int port = URI.create(console).getPort();
        assertThat(URI.create(console).getHost()).isEqualTo("localhost");
        assertThat(texts(compose.at("/services/tidemark/command")))
                .contains("--console-port=" + port, "--console-host=0.0.0.0");
        assertThat(texts(compose.at("/services/tidemark/ports"))).contains("127.0.0.1:" + port + ":" + port);
    }

    @Test
    void composeAndSystemdUseOptionsThatTheCommandHas() throws IOException {
        Set<String> known = new TreeSet<>();
        CommandLine run =
                Objects.requireNonNull(Tidemark.commandLine().getSubcommands().get("run"));
        run.getCommandSpec().optionsMap().keySet().forEach(known::add);

        String unit = Files.readString(DEPLOY.resolve("systemd/tidemark@.service"));
        Matcher command =
                Pattern.compile("tidemark\\.jar run((?:.*\\\\\\n)*.*)\\n").matcher(unit);
        assertThat(command.find()).isTrue();
        Matcher option = OPTION.matcher(
                command.group(1) + " " + String.join(" ", texts(compose.at("/services/tidemark/command"))));
        while (option.find()) assertThat(known).contains(option.group());
    }

    @Test
    void systemdFindsNothingWrongWithTheUnit(@TempDir Path folder) throws Exception {
        Programs.need("systemd-analyze");
        String unit = Files.readString(DEPLOY.resolve("systemd/tidemark@.service"))
                .replace(
                        "/usr/bin/java",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path file = folder.resolve("tidemark@.service");
        Files.writeString(file, unit);
        assertThat(Programs.run("", "systemd-analyze", "verify", file.toString()))
                .isEmpty();
        Files.writeString(file, unit.replace("PrivateTmp", "PrivatTmp"));
        assertThat(Programs.run("", "systemd-analyze", "verify", file.toString()))
                .contains("Unknown key 'PrivatTmp'");
    }

    @Test
    void composeTakesTheKafkaThatTheClientsAreFrom() throws IOException {
        Matcher version = Pattern.compile("<kafka\\.version>(.*)</kafka\\.version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();
        for (String service : List.of("kafka", "topics")) {
            assertThat(compose.at("/services/" + service + "/image").asText())
                    .isEqualTo("apache/kafka:" + version.group(1));
        }
    }

    @Test
    void grafanaFindsTheDataSourceAndTheDashboardsWhereTheyAreMounted() {
        JsonNode source = Rule.yaml(DEPLOY.resolve("grafana/provisioning/datasources/prometheus.yaml"))
                .at("/datasources/0");
        assertThat(source.path("url").asText()).isEqualTo("http://prometheus:9090");
        String folder = Rule.yaml(DEPLOY.resolve("grafana/provisioning/dashboards/tidemark.yaml"))
                .at("/providers/0/options/path")
                .asText();
        assertThat(texts(compose.at("/services/grafana/volumes")))
                .contains("../dashboards:" + folder + ":ro", "./grafana/provisioning:/etc/grafana/provisioning:ro");
        assertThat(compose.at("/services/grafana/environment/GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH")
                        .asText())
                .isEqualTo(folder + "/strange-now.json");
    }

    @Test
    void everySeverityHasAReceiver() {
        Map<String, String> receivers = new TreeMap<>();
        JsonNode config = Rule.yaml(AlertReceiver.CONFIG);
        for (JsonNode receiver : config.get("receivers")) {
            receivers.put(
                    receiver.path("name").asText(),
                    receiver.at("/webhook_configs/0/url").asText());
        }
        assertThat(receivers).containsOnlyKeys("pager", "tickets");
        assertThat(Rule.all()).allSatisfy(rule -> assertThat(rule.severity()).isIn("page", "ticket"));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
