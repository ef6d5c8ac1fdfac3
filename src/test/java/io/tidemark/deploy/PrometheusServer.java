package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A Prometheus with the product's configuration and rules, but each second, against a metrics page and an Alertmanager of the tests. */
final class PrometheusServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path CONFIG = Path.of("deploy/prometheus/prometheus.yml");

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = Programs.freePort();
    private final AutoCloseable process;

    PrometheusServer(Path folder, int metricsPort, int alertmanagerPort) throws IOException {
        String config = Files.readString(CONFIG)
                .replace("10s", "1s")
                .replace("tidemark:9464", "127.0.0.1:" + metricsPort)
                .replace("alertmanager:9093", "127.0.0.1:" + alertmanagerPort)
                .replace("localhost:9090", "127.0.0.1:" + port);
        Files.writeString(folder.resolve("prometheus.yml"), config);
        // What must last for minutes before it is told is told at once.
        Files.writeString(
                folder.resolve("rules.yml"), Files.readString(Rule.FILE).replaceAll("(?m)^ *for: .*\\n", ""));
        process = Programs.start(
                folder.resolve("prometheus.log"),
                "prometheus",
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--rules.alert.resend-delay=1s",
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port);
        Eventually.holds(
                Duration.ofSeconds(20),
                "Prometheus is ready",
                () -> get("/-/ready").statusCode() == 200);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The answer's data to a call of the HTTP API; an error of Prometheus fails the test. */
    private JsonNode api(String path) throws IOException, InterruptedException {
        JsonNode answer = JSON.readTree(get(path).body());
        assertThat(answer.path("status").asText()).as(path + ": " + answer).isEqualTo("success");
        return answer.get("data");
    }

    /** The series of an instant query. */
    JsonNode query(String expression) throws IOException, InterruptedException {
        return api("/api/v1/query?query=" + encoded(expression)).get("result");
    }

    /** The series of a query over a stretch of time, a value a second. */
    JsonNode range(String expression, long fromS, long toS) throws IOException, InterruptedException {
        return api("/api/v1/query_range?step=1&start=" + fromS + "&end=" + toS + "&query=" + encoded(expression))
                .get("result");
    }

    /** Whether a query gives a number; NaN and infinity are none. */
    boolean hasData(String expression) throws IOException, InterruptedException {
        for (JsonNode series : query(expression)) {
            if (Double.isFinite(number(series.at("/value/1").asText()))) return true;
        }
        return false;
    }

    static double number(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** The values of a label among the series of a selector, as Grafana's {@code label_values} asks for them. */
    JsonNode labelValues(String selector, String label) throws IOException, InterruptedException {
        return api("/api/v1/label/" + label + "/values?match[]=".replace("[]", "%5B%5D") + encoded(selector));
    }

    /** The groups of alert rules with their health. */
    JsonNode rules() throws IOException, InterruptedException {
        return api("/api/v1/rules").get("groups");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws Exception {
        process.close();
    }
}
