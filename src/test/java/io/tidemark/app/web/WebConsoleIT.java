package io.tidemark.app.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.tidemark.Eventually;
import io.tidemark.Poison;
import io.tidemark.app.node.StreamCost;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.StreamText;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.incident.IncidentRecords;
import io.tidemark.judge.incident.IncidentSpec;
import io.tidemark.judge.outcome.Pumps;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.ModelState;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.RegistryClient;
import io.tidemark.model.registry.RegistryCommand;
import io.tidemark.model.registry.Request;
import io.tidemark.model.registry.RunningRegistrar;
import io.tidemark.model.registry.TestModels;
import io.tidemark.net.network.Zoo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The console's HTTP API over a real broker: what it answers, and whom it refuses. */
final class WebConsoleIT {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FORMATS = Path.of("topology", "formats");
    private static final JsonNode DOCUMENT = document();
    private static final Zoo ZOO = Zoo.load(Path.of("topology", "zoo"));
    private static final String SECRET = "ann:correct horse";
    private static final String SHOWN = "Basic " + Base64.getEncoder().encodeToString(SECRET.getBytes(UTF_8));

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final TopicNames names = new TopicNames(kafka.prefix());
    private final StreamSpec pumps = StreamFile.parse(
            "pumps",
            StreamText.describe(Pumps.spec("[flow]", "")).replace("pump-events", kafka.prefix() + "pump-events"),
            new ArrayList<>());
    private final KafkaConnection connection = kafka.connection(names);
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<WebConsole> consoles = new ArrayList<>();
    private int port;

    private static JsonNode document() {
        try (InputStream in = WebConsole.class.getResourceAsStream("/console/openapi.json")) {
            return JSON.readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void records() throws Exception {
        for (String topic : List.of(
                "scores",
                "alerts",
                "incidents",
                "forecasts",
                "dead-letters",
                "anomaly-maps",
                "reconstructions",
                "models",
                "incident-inbox",
                "feedback",
                "silences")) {
            kafka.topic(topic, 1);
        }
        write(names.scores(), "pumps/hall-3/pump-7", Files.readAllBytes(FORMATS.resolve("score.scored.example.json")));
        write(names.scores(), "tiles/line-1", Files.readAllBytes(FORMATS.resolve("score.rejected.example.json")));
        write(names.alerts(), "pumps/hall-3/pump-7", Files.readAllBytes(FORMATS.resolve("alert.open.example.json")));
        write(names.forecasts(), "pumps/hall-3/pump-7", Files.readAllBytes(FORMATS.resolve("forecast.example.json")));
        write(
                names.incidents(),
                "i",
                Objects.requireNonNull(IncidentRecords.all().get("incident.open")));
        write(names.anomalyMaps(), "tiles/line-1", new byte[] {(byte) 0x89, 'P', 'N', 'G'});
        write(names.scores(), "x", "no json".getBytes(UTF_8));
    }

    @AfterEach
    void close() {
        consoles.forEach(WebConsole::close);
    }

    private void write(String topic, String key, byte[] value) throws Exception {
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            producer.send(new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), value))
                    .get();
        }
    }

    private void start(String secret) throws Exception {
        Access access = new Access("127.0.0.1", secret, "X-Forwarded-User");
        WebConsole console = new WebConsole(connection, List.of(pumps), ZOO, 0, access, InstantSource.system());
        consoles.add(console);
        port = console.port();
        Eventually.holds(WITHIN, "the console has read what there is", () -> {
            JsonNode now = JSON.readTree(get("now").body());
            JsonNode points = JSON.readTree(
                    get("points?stream=pumps&series=hall-3%2Fpump-7").body());
            return now.get("live").asBoolean()
                    && now.get("incidents").size() == 1
                    && points.at("/forecast/horizon").asInt() > 0
                    && points.path("times").size() == 1
                    && !points.path("alert").asText().isEmpty()
                    && get("streams").body().contains("malformed-json");
        });
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", SHOWN);
    }

    private HttpResponse<String> get(String what) throws Exception {
        return http.send(request("/api/v1/" + what).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String what, String body, String... headers) throws Exception {
        HttpRequest.Builder request = request("/api/v1/" + what).POST(HttpRequest.BodyPublishers.ofString(body));
        request.header("Content-Type", "application/json");
        if (headers.length > 0) request.headers(headers);
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        isAsDeclared("post", "/" + what, answer);
        return answer;
    }

    private static String id() throws Exception {
        return JSON.readTree(Objects.requireNonNull(IncidentRecords.all().get("incident.open")))
                .get("id")
                .asText();
    }

    private static String query(String path) throws Exception {
        return switch (path) {
            case "/incident", "/incident-points" -> "?id=" + URLEncoder.encode(id(), UTF_8);
            case "/points" -> "?stream=pumps&series=hall-3%2Fpump-7";
            case "/frame" -> "?kind=map&stream=tiles&series=line-1";
            default -> "";
        };
    }

    @Test
    void whatNoRoleWroteDoesNotBlindIt() throws Exception {
        poison();
        start(""); // has read everything that is there
        poison();
        write(names.scores(), "tiles/line-2", Files.readAllBytes(FORMATS.resolve("score.rejected.example.json")));
        long before = JSON.readTree(get("now").body()).path("outcomes").asLong();
        Eventually.holds(
                WITHIN,
                "it reads on",
                () -> JSON.readTree(get("now").body()).path("outcomes").asLong() >= before);
        for (String path : List.of("now", "streams", "incidents", "models")) {
            assertThat(get(path).statusCode()).as(path).isLessThan(500);
        }
    }

    private void poison() throws Exception {
        byte[] good = Files.readString(FORMATS.resolve("alert.open.example.json"))
                .strip()
                .getBytes(UTF_8);
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (byte[] value : Poison.kinds(good).values()) {
                for (String topic : List.of(
                        names.scores(),
                        names.alerts(),
                        names.incidents(),
                        names.forecasts(),
                        names.deadLetters(),
                        names.models())) {
                    if (value != null && value.length == good.length + 1) continue; // a zero behind it is no harm
                    producer.send(new ProducerRecord<>(topic, 0, null, value));
                }
            }
            producer.flush();
        }
    }

    @Test
    void everyPathOfTheDocumentIsAnsweredAsItDeclares() throws Exception {
        start(SECRET);
        assertThat(JSON.readTree(get("openapi.json").body())).isEqualTo(DOCUMENT);
        int checked = 0;
        for (Map.Entry<String, JsonNode> path : DOCUMENT.get("paths").properties()) {
            if (path.getValue().path("get").isMissingNode() || path.getKey().equals("/events")) continue;
            HttpResponse<String> answer = get(path.getKey().substring(1) + query(path.getKey()));
            assertThat(answer.statusCode()).as(path.getKey()).isEqualTo(200);
            isAsDeclared("get", path.getKey(), answer);
            checked++;
        }
        assertThat(checked).isGreaterThanOrEqualTo(10);
    }

    /** Its type and its content are what the document declares for its status, or for every other one. */
    private static void isAsDeclared(String method, String path, HttpResponse<String> answer) throws Exception {
        JsonNode responses = DOCUMENT.get("paths").path(path).path(method).path("responses");
        JsonNode response = responses.path(String.valueOf(answer.statusCode()));
        if (response.isMissingNode()) response = responses.path("default");
        if (response.has("$ref"))
            response = DOCUMENT.at(response.get("$ref").asText().substring(1));
        String as = method + " " + path + " " + answer.statusCode();
        assertThat(response.path("content")).as(as).hasSize(1);
        Map.Entry<String, JsonNode> content =
                response.get("content").properties().iterator().next();
        assertThat(answer.headers().firstValue("Content-Type")).as(as).contains(content.getKey());
        if (!content.getValue().has("schema")) return;
        // a reference within the document is one within a schema that holds the document's components
        JsonNode schema = JSON.createObjectNode()
                .<ObjectNode>set("components", DOCUMENT.get("components"))
                .set("allOf", JSON.createArrayNode().add(content.getValue().get("schema")));
        assertThat(JsonSchemaFactory.getInstance(VersionFlag.V202012)
                        .getSchema(schema)
                        .validate(JSON.readTree(answer.body())))
                .as(as)
                .isEmpty();
    }

    @Test
    void aSeriesHasItsStepsItsForecastAndItsAlert() throws Exception {
        start("");
        JsonNode points =
                JSON.readTree(get("points?stream=pumps&series=hall-3%2Fpump-7").body());
        assertThat(points.get("times")).hasSize(1);
        assertThat(points.at("/features/0/name").asText()).isEqualTo("flow");
        assertThat(points.at("/features/0/values/0").asDouble()).isEqualTo(12.25);
        assertThat(points.at("/forecast/horizon").asInt()).isEqualTo(2);
        assertThat(points.get("alert").asText()).isNotEmpty();
        JsonNode streams = JSON.readTree(get("streams").body());
        assertThat(streams.toString()).contains("malformed-json").contains("pump-events");
    }

    @Test
    void whoLooksSeesOpenAlertsBySeverityAndWhatWaitsAndCosts() throws Exception {
        kafka.topic("samples", 1);
        for (int i = 0; i < 10; i++) write(names.samples(), "pumps/a", new byte[] {1});
        TopicPartition samples = new TopicPartition(names.samples(), 0);
        kafka.admin()
                .alterConsumerGroupOffsets(names.role("worker"), Map.of(samples, new OffsetAndMetadata(4)))
                .all()
                .get();
        start("");
        JsonNode now = JSON.readTree(get("now").body());
        assertThat(now.get("alerts")).hasSize(1);
        assertThat(now.at("/alerts/0/severity").asText())
                .as("by the bands of its stream")
                .isEqualTo(IncidentSpec.of(pumps).severity(5.12 - 4).label());
        JsonNode streams = Eventually.gives(
                WITHIN,
                "what waits is known",
                () -> JSON.readTree(get("streams").body()),
                json -> json.has("lag"));
        assertThat(streams.path("lag_why").asText()).isEmpty();
        assertThat(streams.get("lag"))
                .containsExactly(JSON.createObjectNode()
                        .put("role", "worker")
                        .put("topic", names.samples())
                        .put("records", 6));
        JsonNode stream = streams.at("/streams/0");
        long ofOne = StreamCost.of(pumps, ZOO).state().heap();
        assertThat(stream.at("/cost/heap_bytes").asLong()).as("one series").isEqualTo(ofOne);
        assertThat(stream.at("/rates/statuses").has("scored")).isTrue();
    }

    @Test
    void aTextIsCheckedByWhoMayOnlyLook() throws Exception {
        start("");
        ObjectNode body = JSON.createObjectNode().put("file", "stream: pumps\nnonsense: 1\n");
        HttpResponse<String> answer = post("check-stream", body.toString(), Access.OWN_HEADER, "1");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"line\":2").contains("nonsense");
        assertThat(post("check-stream", body.toString()).statusCode())
                .as("from elsewhere")
                .isEqualTo(403);
        body.put("file", "#".repeat(StreamCheck.CHARS_MAX + 1));
        assertThat(post("check-stream", body.toString(), Access.OWN_HEADER, "1").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aTextIsTriedOnTheNewestRecordsByWhoHasTheSecret() throws Exception {
        String topic = kafka.topic("pump-events", 1);
        write(topic, "x", "{\"pump\":\"a\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"flow\":7.5}".getBytes(UTF_8));
        write(topic, "x", "no json".getBytes(UTF_8));
        String body =
                JSON.createObjectNode().put("file", StreamText.describe(pumps)).toString();
        start("");
        assertThat(post("try-stream", body, Access.OWN_HEADER, "1").statusCode())
                .as("records are for who has the secret")
                .isEqualTo(403);
        start(SECRET);
        HttpResponse<String> answer = post("try-stream", body, Access.OWN_HEADER, "1");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode tried = JSON.readTree(answer.body());
        assertThat(tried.get("records").asInt()).isEqualTo(2);
        assertThat(tried.at("/outcomes/event").asInt()).as(answer.body()).isEqualTo(1);
        assertThat(tried.at("/rows/0/detail").asText()).isEqualTo("flow 7.50000");
        assertThat(tried.at("/rows/1/outcome").asText()).isEqualTo("malformed");
    }

    @Test
    void thePageChecksAFileWhileItIsEdited() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Browser.isThere(), "chromium is not on the PATH");
        start("");
        try (Browser browser = new Browser(1280, 1400, false)) {
            browser.open("http://127.0.0.1:" + port + "/#/streams");
            browser.click("details[data-of=pumps] summary");
            String field = "document.querySelector('details[data-of=pumps] textarea')";
            assertThat(browser.value(field + ".value").asText()).contains("pump-events");
            type(browser, field, "stream: pumps\\ninput: {topic: t, features: [f]}\\nnonsense: 1\\n");
            Eventually.passes(
                    WITHIN, () -> assertThat(browser.text()).contains("line 3").contains("nonsense"));
            type(browser, field, "stream: pumps\\ninput: {topic: t, features: [f]}\\nstep: 10s\\n");
            Eventually.passes(
                    WITHIN,
                    () -> assertThat(browser.text()).contains("It is valid.").contains("bytes an event"));
            assertThat(browser.errors).isEmpty();
        }
    }

    private static void type(Browser browser, String field, String text) throws Exception {
        browser.value("(f => { f.value = '" + text + "'; f.dispatchEvent(new Event('input')) })(" + field + ")");
    }

    @Test
    void thePageOfNowListsOpenAlertsOverAHeatMapWithAnAxisOfTime() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Browser.isThere(), "chromium is not on the PATH");
        start("");
        try (Browser browser = new Browser(1280, 1000, false)) {
            browser.open("http://127.0.0.1:" + port + "/#/now");
            Eventually.passes(
                    WITHIN,
                    () -> assertThat(browser.text())
                            .contains("Open alerts: 1 ")
                            .contains("flow of hall-3/pump-7 is 12.25"));
            assertThat(browser.value("document.querySelector('.axis').innerText")
                            .asText())
                    .as("its newest step is the end of the axis")
                    .contains("00:00:00Z");
            assertThat(browser.errors).isEmpty();
        }
    }

    @Test
    void anAlertAppearsOnTheOpenPageWithinTwoSecondsOfItsRecord() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Browser.isThere(), "chromium is not on the PATH");
        start("");
        String open = Files.readString(FORMATS.resolve("alert.open.example.json"));
        try (Browser browser = new Browser(1280, 1000, false)) {
            browser.open("http://127.0.0.1:" + port + "/#/now");
            Eventually.passes(WITHIN, () -> assertThat(browser.text()).contains("Open alerts: 1 "));
            List<Long> waitedMs = new ArrayList<>();
            for (int pump = 1; pump <= 5; pump++) {
                String series = "hall-4/pump-" + pump;
                byte[] alert = open.replace("hall-3/pump-7", series).getBytes(UTF_8);
                long writtenAt = System.nanoTime();
                write(names.alerts(), "pumps/" + series, alert);
                Eventually.passes(WITHIN, () -> assertThat(browser.text()).contains("flow of " + series + " is 12.25"));
                waitedMs.add((System.nanoTime() - writtenAt) / 1_000_000);
            }
            assertThat(waitedMs.stream().sorted().toList().get(2))
                    .as("median of %s ms", waitedMs)
                    .isLessThan(2_000L);
        }
    }

    /** In how many of the three answers that show it the incident is marked as silenced. */
    private long silenced() throws Exception {
        JsonNode now = JSON.readTree(get("now").body()).get("incidents").get(0);
        JsonNode listed =
                JSON.readTree(get("incidents").body()).get("incidents").get(0);
        JsonNode one = JSON.readTree(
                get("incident?id=" + URLEncoder.encode(id(), UTF_8)).body());
        return Stream.of(now, listed, one)
                .filter(incident -> incident.path("silenced").asBoolean())
                .count();
    }

    @Test
    void thePageOfASeriesSaysWhichFeatureWasStrange() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Browser.isThere(), "chromium is not on the PATH");
        start("");
        try (Browser browser = new Browser(1280, 1000, false)) {
            browser.open("http://127.0.0.1:" + port + "/#/series/pumps/hall-3%2Fpump-7");
            Eventually.passes(
                    WITHIN,
                    () -> assertThat(browser.value("document.querySelector('.bars')?.innerText")
                                    .asText()
                                    .replaceAll("\\s+", " "))
                            .isEqualTo("flow 92 % pressure 8 %"));
            assertThat(browser.errors).isEmpty();
        }
    }

    @Test
    void aPersonWithTheSecretTakesLabelsAndSilences() throws Exception {
        start(SECRET);
        String own = Access.OWN_HEADER;
        assertThat(post("acknowledge", "{\"incident\":\"" + id() + "\",\"note\":\"mine\"}", own, "1")
                        .statusCode())
                .isEqualTo(200);
        JsonNode action =
                JSON.readTree(kafka.read(names.incidentInbox(), 1).get(0).value());
        assertThat(action.get("who").asText()).isEqualTo("ann");
        String stretch =
                "{\"stream\":\"pumps\",\"series\":\"a\",\"from\":\"2026-01-01T00:00:00Z\",\"label\":\"normal\"}";
        assertThat(post("feedback", stretch, own, "1").statusCode()).isEqualTo(200);
        assertThat(kafka.read(names.feedback(), 1)).hasSize(1);
        assertThat(post("silence", "{\"stream\":\"hosts\",\"minutes\":60}", own, "1")
                        .statusCode())
                .isEqualTo(200);
        byte[] silence = kafka.read(names.silences(), 1).get(0).key();
        Eventually.holds(WITHIN, "it is shown as silenced", () -> silenced() == 3);
        kafka.send(names.silences(), silence, null);
        Eventually.holds(WITHIN, "the silence is over", () -> silenced() == 0);
        for (String wrong : List.of("{\"minutes\":60}", "{\"stream\":\"p\",\"minutes\":0}", "[]", "x")) {
            HttpResponse<String> answer = post("silence", wrong, own, "1");
            assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
            assertThat(JSON.readTree(answer.body()).get("detail").asText()).isNotEmpty();
        }
        assertThat(post("acknowledge", "{\"incident\":\"a@b\"}", own, "1").statusCode())
                .isEqualTo(404);
    }

    /** A sign-on proxy on this machine, which browsers know by another name. */
    @Test
    void whoHasSignedOnAtAProxyIsNamedInTheRecords() throws Exception {
        start(SECRET);
        String acknowledged = "{\"incident\":\"" + id() + "\",\"note\":\"mine\"}";
        String origin = "https://console.example";
        String[] proxied = {
            Access.OWN_HEADER,
            "1",
            "Origin",
            origin,
            "X-Forwarded-Host",
            "console.example",
            "X-Forwarded-User",
            "eve@x.org"
        };
        assertThat(post("acknowledge", acknowledged, proxied).statusCode()).isEqualTo(200);
        JsonNode action =
                JSON.readTree(kafka.read(names.incidentInbox(), 1).get(0).value());
        assertThat(action.get("who").asText()).isEqualTo("eve@x.org");
        assertThat(post("acknowledge", acknowledged, Access.OWN_HEADER, "1", "Origin", origin)
                        .statusCode())
                .as("a proxy that does not say by which name it was asked")
                .isEqualTo(403);
        HttpRequest withoutSecret = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/v1/acknowledge"))
                .POST(HttpRequest.BodyPublishers.ofString(acknowledged))
                .headers(proxied)
                .build();
        assertThat(http.send(withoutSecret, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .as("a name alone")
                .isEqualTo(401);
    }

    @Test
    void aPersonPromotesPinsAndRollsBackWithAReason() throws Exception {
        for (int v = 1; v <= 3; v++) {
            TestModels.champion(connection, TestModels.draft(v), TestModels.large(v, 10));
        }
        try (RunningRegistrar registrar = new RunningRegistrar(connection, "a")) {
            start(SECRET);
            assertThat(states()).containsExactly("3 champion", "2 retired", "1 retired");
            HttpResponse<String> promoted = model("promote", "\"version\": 1, \"why\": \"fewer alerts\"");
            assertThat(promoted.statusCode()).as(promoted.body()).isEqualTo(200);
            assertThat(JSON.readTree(promoted.body()).get("champion").asInt()).isEqualTo(1);
            assertThat(states()).containsExactly("3 retired", "2 retired", "1 champion");
            assertThat(model("rollback", "\"version\": 1, \"why\": \"worse\"").statusCode())
                    .isEqualTo(200);
            assertThat(model("pin", "\"version\": 3, \"why\": \"keep it\"").statusCode())
                    .isEqualTo(200);
            assertThat(states()).containsExactly("3 pinned", "2 retired", "1 retired");
            HttpResponse<String> refused = model("promote", "\"version\": 2, \"why\": \"no\"");
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("champion pump/ae@3 is pinned");
            assertThat(model("promote", "\"version\": 2, \"force\": true, \"why\": \"yes\"")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(model("unpin", "\"why\": \"enough\"").statusCode()).isIn(200, 409);
            JsonNode audit = JSON.readTree(get("models").body()).get("audit");
            assertThat(audit.findValuesAsText("who")).contains("ann");
            assertThat(audit.findValuesAsText("why")).contains("fewer alerts", "worse", "keep it", "yes");
        }
    }

    private HttpResponse<String> model(String what, String rest) throws Exception {
        return post(what, "{\"stream\": \"pump\", \"network\": \"ae\", " + rest + "}", Access.OWN_HEADER, "1");
    }

    private List<String> states() throws Exception {
        List<String> states = new ArrayList<>();
        for (JsonNode v : JSON.readTree(get("models").body()).get("versions")) {
            states.add(v.get("version").asInt() + " " + v.get("state").asText());
        }
        return states;
    }

    @Test
    void aChangeOfAModelNeedsAReasonAVersionAndTheSecret() throws Exception {
        start(SECRET);
        for (String wrong : List.of(
                "\"version\": 1",
                "\"version\": 1, \"why\": \" \"",
                "\"why\": \"x\"",
                "\"version\": 0, \"why\": \"x\"",
                "\"version\": -1, \"why\": \"x\"",
                "\"version\": \"one\", \"why\": \"x\"",
                "\"version\": 1, \"why\": \"" + "x".repeat(501) + "\"")) {
            HttpResponse<String> answer = model("promote", wrong);
            assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
        }
        String body = "{\"stream\": \"pump\", \"network\": \"ae\", \"version\": 1, \"why\": \"x\"}";
        assertThat(post("promote", body).statusCode()).as("without the header").isEqualTo(403);
        start("");
        assertThat(post("pin", body, Access.OWN_HEADER, "1").statusCode()).isEqualTo(403);
    }

    /** A version is promoted on the page itself, after a second look and with a reason. */
    @Test
    void thePageAsksForAReasonBeforeItPromotes() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Browser.isThere(), "chromium is not on the PATH");
        for (int v = 1; v <= 2; v++) {
            TestModels.champion(connection, TestModels.draft(v), TestModels.large(v, 10));
        }
        try (RunningRegistrar registrar = new RunningRegistrar(connection, "a")) {
            start(SECRET);
            try (Browser browser = new Browser(1280, 860, false)) {
                browser.open("http://ann:correct%20horse@127.0.0.1:" + port + "/#/models");
                browser.click("[data-change=\"promote pump/ae@1\"]");
                Eventually.passes(
                        WITHIN,
                        () -> assertThat(browser.text()).contains("is to score instead of the present champion"));
                browser.click("#sure");
                assertThat(browser.text()).as("no reason, no change").contains("is to score instead");
                browser.value("document.getElementById('why').value = 'fewer alerts'");
                browser.click("#sure");
                Eventually.passes(
                        WITHIN,
                        () -> assertThat(browser.text())
                                .contains("pump/ae@1 scores now.")
                                .contains("fewer alerts")
                                .contains("2 → 1"));
                assertThat(browser.errors).isEmpty();
            }
        }
    }

    @Test
    void theChampionStandsBesideItsChallengerWithTheFiguresOfTheTrial() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Browser.isThere(), "chromium is not on the PATH");
        TestModels.champion(connection, TestModels.draft(1), TestModels.large(1, 10));
        ModelVersion challenger =
                TestModels.publish(connection, TestModels.draft(2), TestModels.large(2, 10), ModelState.CHALLENGER);
        try (RunningRegistrar registrar = new RunningRegistrar(connection, "a")) {
            RegistryCommand tried = new RegistryCommand(
                    "trial-1",
                    RegistryCommand.Action.KEEP,
                    challenger.id(),
                    challenger.version(),
                    false,
                    new Request(AuditEntry.TRIAL, "it opens 7 alerts, the champion 3", 1),
                    Map.of("champion-alerts", 3.0, "challenger-alerts", 7.0));
            assertThat(RegistryClient.ask(connection, tried, WITHIN).refused()).isEmpty();
            start("");
            try (Browser browser = new Browser(1280, 860, false)) {
                browser.open("http://127.0.0.1:" + port + "/#/models");
                Eventually.passes(
                        WITHIN,
                        () -> assertThat(browser.text())
                                .contains("Trial of @2 against @1")
                                .contains("it opens 7 alerts, the champion 3")
                                .contains("alerts opened"));
                assertThat(browser.value("document.querySelector('.network strong').innerText")
                                .asText())
                        .as("the better one")
                        .isEqualTo("3");
                assertThat(browser.errors).isEmpty();
            }
        }
    }

    @Test
    void thePageOfAnIncidentNamesThePastOnesThatAreLikeIt() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Browser.isThere(), "chromium is not on the PATH");
        start("");
        byte[] record = Objects.requireNonNull(IncidentRecords.all().get("incident.similar"));
        write(names.incidents(), "j", record);
        try (Browser browser = new Browser(1280, 860, false)) {
            String id = JSON.readTree(record).get("id").asText();
            browser.open("http://127.0.0.1:" + port + "/#/incident/" + URLEncoder.encode(id, UTF_8));
            Eventually.passes(
                    WITHIN,
                    () -> assertThat(browser.text())
                            .contains("Seen before")
                            .contains("0.933")
                            .contains("bob: the log was never cut")
                            .contains("ann: the disk is full"));
            assertThat(browser.errors).isEmpty();
        }
    }

    /** Clients send the next request on a connection that the answer did not end: it must not end behind their backs. */
    @ParameterizedTest
    @CsvSource({
        "silence, '', 60, 403",
        "silence, 'X-Tidemark-Console: 1', 20000, 400",
        "nothing, 'X-Tidemark-Console: 1', 60, 404"
    })
    void aConnectionGoesOnAfterARefusal(String what, String header, int length, int status) throws Exception {
        start(SECRET);
        String head = "Host: 127.0.0.1:" + port + "\r\nAuthorization: " + SHOWN + "\r\n";
        String body = "{\"text\":\"" + " ".repeat(length - 11) + "\"}";
        try (Socket socket = new Socket("127.0.0.1", port)) {
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            String begin = "POST /api/v1/" + what + " HTTP/1.1\r\n" + head + (header.isEmpty() ? "" : header + "\r\n")
                    + "Content-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n";
            out.write((begin + body.substring(0, 1)).getBytes(UTF_8));
            out.flush();
            socket.setSoTimeout(300);
            assertThatThrownBy(in::read).as("it waits for the rest").isInstanceOf(SocketTimeoutException.class);
            socket.setSoTimeout(0);
            out.write(body.substring(1).getBytes(UTF_8));
            out.flush();
            assertThat(answer(in)).startsWith("HTTP/1.1 " + status + " ").doesNotContain("Connection: close");
            out.write(("GET /api/v1/now HTTP/1.1\r\n" + head + "\r\n").getBytes(UTF_8));
            out.flush();
            assertThat(answer(in)).startsWith("HTTP/1.1 200 ");
        }
    }

    /** The head of an answer, whose body is read too. */
    private static String answer(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) throw new IOException("the connection ended after: " + head);
            head.append((char) next);
        }
        Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        assertThat(length.find()).isTrue();
        in.readNBytes(Integer.parseInt(length.group(1)));
        return head.toString();
    }

    @Test
    void whatComesFromElsewhereChangesNothing() throws Exception {
        start(SECRET);
        String body = "{\"stream\":\"pumps\",\"minutes\":60}";
        assertThat(post("silence", body).statusCode()).as("without the header").isEqualTo(403);
        assertThat(post("silence", body, Access.OWN_HEADER, "1", "Origin", "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(post("silence", "x".repeat(20_000), Access.OWN_HEADER, "1").statusCode())
                .isEqualTo(400);
        HttpRequest stranger = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/now"))
                .build();
        assertThat(http.send(stranger, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
        start("");
        assertThat(post("silence", body, Access.OWN_HEADER, "1").statusCode())
                .as("read-only")
                .isEqualTo(403);
        assertThat(JSON.readTree(get("now").body()).get("may_change").asBoolean())
                .isFalse();
    }

    @Test
    void aProxyMayEndTls() throws Exception {
        start(SECRET);
        String body = "{\"stream\":\"pumps\",\"minutes\":60}";
        String post = "POST /api/v1/silence HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: " + SHOWN
                + "\r\n" + Access.OWN_HEADER + ": 1\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\nOrigin: ";
        assertThat(raw(post + "https://localhost\r\n\r\n" + body)).startsWith("HTTP/1.1 200");
        assertThat(raw(post + "https://localhost:8443\r\n\r\n" + body)).startsWith("HTTP/1.1 403");
        assertThat(raw(post + "https://evil.example\r\n\r\n" + body)).startsWith("HTTP/1.1 403");
    }

    @Test
    void aNameOfAStrangerThatPointsHereIsRefusedAndNothingButThePageIsServed() throws Exception {
        start("");
        assertThat(raw("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421");
        for (String path : List.of("/../pom.xml", "/%2e%2e/pom.xml", "/logback.xml", "/api/v1/secrets", "//")) {
            String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(path).matches("(?s)HTTP/1.1 (400|404).*").doesNotContain("<project");
        }
        String page = raw("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(page).contains("default-src 'none'").contains("nosniff").doesNotContain("Server: ");
        assertThat(raw("DELETE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405");
    }

    private String raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void anEventStreamTicksWithWhatIsNew() throws Exception {
        start("");
        HttpResponse<InputStream> events =
                http.send(request("/api/v1/events").build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = events.body()) {
            StringBuilder text = new StringBuilder();
            while (text.indexOf("event: tick\ndata: ") < 0) text.append((char) in.read());
            assertThat(text.toString()).startsWith("retry: ");
        }
    }
}
