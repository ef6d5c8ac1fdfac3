package io.tidemark.series.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import io.tidemark.RealMessages;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that the real producers wrote (README.txt beside them says which) become the events that they mean. */
class FormatsTest {
    private static final Path FOLDER = Path.of("src/test/resources/formats");
    private static final Function<String, byte @Nullable []> NONE = name -> null;

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new ArrayList<>();

    @TempDir
    private Path folder;

    private HttpServer registry;

    @SuppressWarnings("NullAway.Init") // each test declares its stream first
    private EventDecoder decoder;

    @SuppressWarnings("NullAway.Init")
    private DecodedEvent event;

    @BeforeEach
    void registry() throws IOException {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", exchange -> {
            String path = exchange.getRequestURI().toString();
            String user = exchange.getRequestHeaders().getFirst("Authorization");
            asked.add(user == null ? path : path + " " + user);
            String answer = answers.get(path);
            byte[] body = (answer == null ? "{}" : answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        registry.start();
    }

    @AfterEach
    void stop() {
        registry.stop(0);
    }

    private String address(String path) {
        return "http://127.0.0.1:" + registry.getAddress().getPort() + path;
    }

    private void stream(String... input) {
        String text = "stream: s\nstep: event\ninput:\n  topic: t\n  " + String.join("\n  ", input) + "\n";
        StreamSpec spec;
        try {
            spec = StreamFile.read(Files.writeString(folder.resolve("s.yaml"), text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        decoder = new EventDecoder(spec);
        event = new DecodedEvent(spec.features());
    }

    private List<String> read(byte[] value, Function<String, byte @Nullable []> headers) {
        List<String> events = new ArrayList<>();
        decoder.open(null, value, headers, 0);
        while (decoder.next(event)) {
            RejectReason reason = decoder.reason();
            events.add(
                    reason == null
                            ? event.series + " " + event.timeMs + " " + Arrays.toString(event.values())
                            : reason.label() + ": " + decoder.detail());
        }
        return events;
    }

    private List<String> events(byte[] value) {
        return read(value, NONE).stream()
                .filter(line -> !line.startsWith("other-kind"))
                .toList();
    }

    private static byte[] golden(String name) {
        try {
            return Files.readAllBytes(FOLDER.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Function<String, byte @Nullable []> headers(String name) throws IOException {
        Map<String, byte[]> headers = new HashMap<>();
        for (String line : Files.readAllLines(FOLDER.resolve(name))) {
            headers.put(
                    line.substring(0, line.indexOf('=')),
                    HexFormat.of().parseHex(line.substring(line.indexOf('=') + 1)));
        }
        return headers::get;
    }

    @ParameterizedTest
    @ValueSource(strings = {"otlp-1.bin", "otlp-1.json"})
    void pointsOfOpenTelemetryBecomeAnEventForEachSeriesAndTime(String message) {
        stream(
                "format: otlp",
                "series: [service.name, room]",
                "features: [room.temperature, orders, http.server.request.duration.count,"
                        + " http.server.request.duration.mean, http.server.request.duration.p50, queue.wait.max]");

        List<String> events = events(golden(message));

        assertThat(events).hasSize(2);
        assertThat(events.get(0)).startsWith("shop/");
        List<String> north =
                events.stream().filter(line -> line.contains("shop/north")).toList();
        assertThat(north)
                .singleElement()
                .asString()
                .startsWith("shop/north 1700000020000 [22.5, 11.0, 20.0, 0.4125, 0.3333");
        assertThat(events).anyMatch(line -> line.equals("shop/south 1700000020000 [23.5, NaN, NaN, NaN, NaN, NaN]"));
    }

    @Test
    void quantilesOfAnExponentialHistogramAreWithinItsBuckets() {
        stream("format: otlp", "series: [service.name]", "features: [queue.wait.p50, queue.wait.p99, queue.wait.min]");

        String only = events(golden("otlp-1.bin")).get(0);

        double[] values = Arrays.stream(
                        only.substring(only.indexOf('[') + 1, only.indexOf(']')).split(", "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertThat(values[0]).isCloseTo(5, within(0.5));
        assertThat(values[1]).isCloseTo(10, within(0.5));
        assertThat(values[2]).isEqualTo(1);
    }

    @Test
    void aSelectorTakesPointsOfSomeLabelsAlone() {
        stream(
                "format: otlp",
                "series: [resource.service.name]",
                "features: [{name: north, field: 'room.temperature{room=north}'},"
                        + " {name: south, field: 'room.temperature{attributes.room=\"south\"}'}]");

        assertThat(events(golden("otlp-0.bin"))).containsExactly("shop 1700000010000 [21.5, 22.5]");
    }

    @Test
    void twoPointsOfOneFeatureSeriesAndTimeAreTwoEvents() {
        stream("format: otlp", "series: [service.name]", "features: [room.temperature]");

        assertThat(events(golden("otlp-0.bin")))
                .containsExactlyInAnyOrder("shop 1700000010000 [21.5]", "shop 1700000010000 [22.5]");
    }

    @Test
    void pointsThatNoFeatureAsksForArePassedOverAndCounted() {
        stream("format: otlp", "series: [service.name]", "features: [orders]");

        List<String> all = read(golden("otlp-0.bin"), NONE);

        assertThat(all.stream().filter(line -> line.startsWith("other-kind"))).hasSizeGreaterThanOrEqualTo(4);
        assertThat(events(golden("otlp-0.bin"))).containsExactly("shop 1700000010000 [5.0]");
    }

    @Test
    void samplesOfPrometheusAreEventsByTheirLabels() {
        stream(
                "format: prometheus",
                "series: [job, pump]",
                "features: [pump_flow, {name: starts, field: pump_starts_total, derive: rate}]");

        List<String> events = events(golden("prometheus.bin"));

        assertThat(events).hasSize(2);
        assertThat(events.get(0)).startsWith("plant/p1 17").endsWith(", 6.0]");
        assertThat(events.get(1)).startsWith("no-values: ");
    }

    @Test
    void bucketsOfPrometheusAreChosenByTheirLabel() {
        stream(
                "format: prometheus",
                "series: [instance]",
                "features: [{name: fast, field: 'wait_seconds_bucket{le=0.1}'}, wait_seconds_sum]");

        assertThat(events(golden("prometheus.bin")))
                .singleElement()
                .asString()
                .endsWith("[3.0, 1.5]")
                .startsWith("127.0.0.1:19291 17");
    }

    private static final String READING =
            "features: [flow, level, motor.heat, extra.vibration, {name: later, field: 'counts[1]'}]";
    private static final String VALUES = " [12.5, -3.0, 61.5, 0.125, 9.007199254740992E15]";

    @ParameterizedTest
    @ValueSource(strings = {"4", "8", "headers"})
    void avroIsReadByTheSchemaThatItsFrameNames(String kind) throws IOException {
        answers.put("/apis/registry/v2/ids/globalIds/7", text("reading.avsc"));
        answers.put("/apis/registry/v2/ids/contentIds/9", text("reading.avsc"));
        answers.put("/apis/registry/v2/ids/globalIds/7/references", "[]");
        answers.put("/apis/registry/v2/ids/contentIds/9/references", "[]");
        stream(
                "format: avro",
                "time: at",
                "series: [pump]",
                READING,
                "schema: {registry: '" + address("/apis/registry/v2") + "'}");
        Function<String, byte @Nullable []> headers = kind.equals("headers") ? headers("avro-headers.headers") : NONE;

        for (int i = 0; i < 3; i++) {
            assertThat(read(golden("avro-" + kind + ".bin"), headers)).containsExactly("p1 1700000010000" + VALUES);
        }

        assertThat(asked).hasSize(2);
    }

    @Test
    void avroOfConfluentsInterfaceIsReadWithCredentials() throws IOException {
        Path secret = folder.resolve("secret");
        Files.writeString(secret, "reader:secret\n");
        answers.put("/schemas/ids/9", "{\"schema\": " + quoted(text("reading.avsc")) + "}");
        stream(
                "format: avro",
                "time: at",
                "series: [pump]",
                "features: [price, running, day, state]",
                "missing: [ON]",
                "schema: {registry: '" + address("") + "', credentials: " + secret + "}");

        assertThat(events(gzip(golden("avro-4.bin")))).containsExactly("p1 1700000010000 [19.95, 1.0, NaN, NaN]");
        assertThat(asked).containsExactly("/schemas/ids/9 Basic cmVhZGVyOnNlY3JldA==");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "8", "headers"})
    void protobufIsReadByTheSchemaThatItsFrameNames(String kind) throws IOException {
        for (String id : List.of("/ids/globalIds/7", "/ids/contentIds/9")) {
            answers.put("/apis/registry/v3" + id, text("apicurio.proto"));
            answers.put("/apis/registry/v3" + id + "/references", "[]");
        }
        stream(
                "format: protobuf",
                "time: at",
                "series: [pump]",
                READING,
                "schema: {registry: '" + address("/apis/registry/v3") + "'}");
        Function<String, byte @Nullable []> headers =
                kind.equals("headers") ? headers("protobuf-headers.headers") : NONE;

        assertThat(read(golden("protobuf-" + kind + ".bin"), headers)).containsExactly("p1 1700000010500" + VALUES);
    }

    @Test
    void protobufInConfluentsFrameNamesItsMessageByIndexes() throws IOException {
        answers.put(
                "/schemas/ids/3", "{\"schemaType\": \"PROTOBUF\", \"schema\": " + quoted(text("reading.proto")) + "}");
        stream("format: protobuf", "time: at", "series: [pump]", READING, "schema: {registry: '" + address("") + "'}");
        // as documented: zero, the number, how many indexes, the second message of the file, in zigzag
        byte[] framed = join(new byte[] {0, 0, 0, 0, 3, 2, 2}, golden("protobuf-bare.bin"));

        assertThat(events(framed)).containsExactly("p1 1700000010500" + VALUES);
    }

    @Test
    void schemasOfFilesNeedNoFrame() {
        stream(
                "format: protobuf",
                "time: at",
                "series: [pump]",
                READING,
                "schema: {file: " + FOLDER.resolve("reading.proto") + ", message: Reading}");
        assertThat(events(golden("protobuf-bare.bin"))).containsExactly("p1 1700000010500" + VALUES);

        stream(
                "format: avro",
                "time: at",
                "series: [pump]",
                READING,
                "schema: {file: " + FOLDER.resolve("reading.avsc") + "}");
        assertThat(events(golden("avro-headers.bin"))).containsExactly("p1 1700000010000" + VALUES);

        stream(
                "format: avro",
                "time: at",
                "series: [pump]",
                READING,
                "schema: {file: " + FOLDER.resolve("reading.avsc") + ", frame: registry}");
        assertThat(events(golden("avro-4.bin"))).containsExactly("p1 1700000010000" + VALUES);
    }

    @Test
    void aDeadLetterSaysWhatToDo() throws IOException {
        stream("format: avro", "time: at", "features: [flow]", "schema: {registry: '" + address("") + "'}");
        assertThat(read(golden("avro-4.bin"), NONE))
                .containsExactly("schema-unknown: " + address("") + " has no schema 9 (404 at /schemas/ids/9)");
        assertThat(read("{\"flow\": 1}".getBytes(StandardCharsets.UTF_8), NONE))
                .singleElement()
                .asString()
                .contains("not with the frame of a schema registry", "input.schema.file");
        answers.put("/schemas/ids/7", "{\"schemaType\": \"JSON\", \"schema\": \"{}\"}");
        assertThat(read(new byte[] {0, 0, 0, 0, 7, '{', '}'}, NONE))
                .singleElement()
                .asString()
                .contains("is of JSON");

        stream(
                "format: avro",
                "time: at",
                "features: [flow]",
                "schema: {file: " + FOLDER.resolve("reading.avsc") + "}");
        assertThat(read(golden("avro-4.bin"), NONE))
                .singleElement()
                .asString()
                .startsWith("malformed")
                .contains("frame: registry");

        stream("format: otlp", "features: [orders]", "series: [a]");
        assertThat(read("{\"resourceSpans\": []}".getBytes(StandardCharsets.UTF_8), NONE))
                .singleElement()
                .asString()
                .contains("there are no resourceMetrics in it");
        stream("format: prometheus", "features: [orders]", "series: [a]");
        assertThat(read(golden("otlp-0.bin"), NONE)).singleElement().asString().contains("it is not a Snappy block");
    }

    /** Bytes that are cut or changed are refused or read, never a failure or an endless loop. */
    @ParameterizedTest
    @ValueSource(strings = {"otlp-1.bin", "otlp-1.json", "prometheus.bin", "avro-headers.bin", "protobuf-bare.bin"})
    void damagedMessagesAreOutcomesToo(String message) {
        switch (message.substring(0, 4)) {
            case "otlp" -> stream("format: otlp", "series: [service.name]", "features: [orders, queue.wait.p99]");
            case "prom" -> stream("format: prometheus", "series: [job]", "features: [pump_flow]");
            case "avro" ->
                stream(
                        "format: avro",
                        "time: at",
                        "series: [pump]",
                        READING,
                        "schema: {file: " + FOLDER.resolve("reading.avsc") + "}");
            default ->
                stream(
                        "format: protobuf",
                        "time: at",
                        "series: [pump]",
                        READING,
                        "schema: {file: " + FOLDER.resolve("reading.proto") + ", message: Reading}");
        }
        byte[] whole = golden(message);
        Random random = new Random(7);
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = Arrays.copyOf(whole, i % 3 == 0 ? random.nextInt(whole.length) + 1 : whole.length);
            if (i % 3 != 0) damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            assertThat(read(damaged, NONE)).isNotEmpty();
        }
    }

    static List<String> realFormats() {
        try (RealMessages messages = new RealMessages(0)) {
            return messages.inputs().entrySet().stream()
                    .filter(each -> !each.getValue().startsWith("format: image"))
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("realFormats")
    void valuesThatCannotBeReadSayWhy(String name) {
        try (RealMessages messages = new RealMessages(0)) {
            stream(Objects.requireNonNull(messages.inputs().get(name)).split("\n"));
            for (RealMessages.Unreadable unreadable : RealMessages.unreadable(name)) {
                assertThat(read(unreadable.value(), unreadable.headers()::get))
                        .singleElement()
                        .asString()
                        .contains(unreadable.detail());
            }
            for (RealMessages.Message message : RealMessages.of(name)) {
                assertThat(read(message.value(), message.headers()::get))
                        .anyMatch(line -> line.contains("[2") || line.startsWith("other-kind"));
            }
        }
    }

    private static String text(String name) {
        return new String(golden(name), StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] gzip(byte[] value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
            packed.write(value);
        }
        return out.toByteArray();
    }
}
