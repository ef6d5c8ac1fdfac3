package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The formats, each with the messages that a library or a program of its producers wrote ({@code src/makers} makes them anew) and the input of a
 * stream that reads them; beside it a registry that has their schemas.
 */
public final class RealMessages implements AutoCloseable {
    private static final Path FORMATS = Path.of("src/test/resources/formats");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String READING = "time: at\nseries: [pump]\nfeatures: [flow, motor.heat]\n";

    /** A record as its producer wrote it. */
    public record Message(byte[] value, Map<String, byte[]> headers) {}

    private final HttpServer registry;
    private final AtomicInteger asked = new AtomicInteger();
    private final JsonNode confluent;

    /** @param unready how many questions the registry answers with 503 first, as one that starts */
    public RealMessages(int unready) {
        try {
            confluent =
                    JSON.readTree(FORMATS.resolve("real/confluent-schemas.json").toFile());
            registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        registry.createContext("/", exchange -> {
            boolean ready = asked.incrementAndGet() > unready;
            byte[] body = ready ? answer(exchange.getRequestURI().getPath()) : new byte[0];
            exchange.sendResponseHeaders(
                    !ready ? 503 : body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
            if (body.length > 0) exchange.getResponseBody().write(body);
            exchange.close();
        });
        registry.start();
    }

    private byte[] answer(String path) throws IOException {
        if (path.startsWith("/schemas/ids/")) {
            JsonNode schema = confluent.path(path.substring("/schemas/ids/".length()));
            return schema.isMissingNode() ? new byte[0] : JSON.writeValueAsBytes(schema);
        }
        if (path.endsWith("/references")) return "[]".getBytes(UTF_8);
        if (!path.endsWith("Ids/7") && !path.endsWith("Ids/9")) return new byte[0];
        return Files.readAllBytes(FORMATS.resolve(path.startsWith("/avro/") ? "reading.avsc" : "apicurio.proto"));
    }

    private String schema(String path) {
        return "schema: {registry: 'http://127.0.0.1:" + registry.getAddress().getPort() + path + "'}";
    }

    /** The input of a stream for the messages of each name, without its topic. */
    public Map<String, String> inputs() {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("json", "time: ts\nseries: [shop]\nfeatures: [orders, open]");
        inputs.put(
                "csv",
                "format: csv\ntime: at\nseries: [pump]\nfeatures: [flow, starts]\n"
                        + "csv: {header: [at, pump, flow, starts, note], header-line: false}");
        inputs.put(
                "influx",
                "format: influx\ntime: timestamp\nseries: [tags.site, tags.pump]\nfeatures: [flow, starts, running]\n"
                        + "where: {measurement: pump reading}");
        inputs.put("otlp", "format: otlp\nseries: [service.name, pump]\nfeatures: [pump.flow, pump.wait.p50]");
        inputs.put("otlp-json", inputs.get("otlp"));
        inputs.put(
                "prometheus",
                "format: prometheus\nseries: [job, pump]\nfeatures: [pump_flow, {name: starts, field: pump_starts_total, derive: rate}]");
        for (String frame : List.of("8", "4", "headers")) {
            inputs.put("avro-" + frame, "format: avro\n" + READING + schema("/avro/apis/registry/v2"));
            inputs.put("protobuf-" + frame, "format: protobuf\n" + READING + schema("/protobuf/apis/registry/v2"));
            inputs.put("json-schema-" + frame, "time: at\nseries: [pump]\nfeatures: [flow, level]");
        }
        inputs.put("confluent-avro", "format: avro\n" + READING + schema(""));
        inputs.put("confluent-protobuf", "format: protobuf\n" + READING + schema(""));
        inputs.put("confluent-json-schema", "time: at\nseries: [pump]\nfeatures: [flow]");
        inputs.put("cloudevents", "time: time\nseries: [source]\nfeatures: [data.flow, data.state.starts]");
        inputs.put(
                "cloudevents-binary",
                "time: $header.ce_time\nseries: [$header.ce_source]\nfeatures: [flow, state.starts]");
        inputs.put("debezium", debezium(""));
        inputs.put("debezium-schema", debezium("payload."));
        inputs.put("cloudevents-image", "format: image\nimage: {width: 16, height: 16, channels: 1, max-bytes: 1MiB}");
        return inputs;
    }

    private static String debezium(String payload) {
        return ("time: {field: PAYLOADafter.at, unit: micros}\nseries: [PAYLOADafter.pump]\n"
                        + "features: [{name: flow, field: PAYLOADafter.flow}, {name: price, field: PAYLOADafter.price}]\n"
                        + "where: {PAYLOADop: [c, u, r]}")
                .replace("PAYLOAD", payload);
    }

    public static List<Message> of(String name) {
        List<Message> messages = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(FORMATS.resolve("real/" + name + ".ndjson"))) {
                JsonNode record = JSON.readTree(line);
                Map<String, byte[]> headers = new TreeMap<>();
                for (Map.Entry<String, JsonNode> header : record.path("headers").properties()) {
                    headers.put(header.getKey(), header.getValue().binaryValue());
                }
                messages.add(new Message(record.path("value").binaryValue(), headers));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return messages;
    }

    /**
     * A value that a stream cannot read.
     *
     * @param detail that its dead letter has within it
     */
    public record Unreadable(byte[] value, Map<String, byte[]> headers, String detail) {}

    /** The first message of a name, damaged in every way that is one for its format. */
    public static List<Unreadable> unreadable(String name) {
        Message whole = of(name).get(0);
        byte[] value = whole.value();
        String format = formatOf(name);
        String malformed = switch (format) {
            case "otlp" -> "the value is not a whole request of OpenTelemetry's metrics";
            case "prometheus" -> "the value is not a whole remote write of Prometheus";
            case "avro" -> "is cut; was it written by another schema";
            case "protobuf" -> "the value is not a message of its schema: While parsing";
            case "image" -> "the value begins as JSON and is none";
            default -> "is not a whole " + format;
        };
        List<Unreadable> all = new ArrayList<>();
        boolean image = format.equals("image");
        String empty = image ? "the record has neither a value" : "the value is empty, but " + format + " was expected";
        String packed = image ? "the bytes are not PNG" : "begins as gzip does and is cut";
        all.add(new Unreadable(new byte[0], whole.headers(), empty));
        int cut = format.equals("csv") ? value.length / 2 : value.length * 2 / 5; // within quotes
        all.add(new Unreadable(Arrays.copyOf(value, cut), whole.headers(), malformed));
        all.add(new Unreadable(new byte[] {0x1F, (byte) 0x8B, 8, 0, 0, 0}, whole.headers(), packed));
        boolean schema = format.equals("avro") || format.equals("protobuf");
        if (schema && !name.endsWith("-headers")) {
            byte[] magic = value.clone();
            magic[0] = 'M';
            all.add(new Unreadable(magic, whole.headers(), "not with the frame of a schema registry"));
            byte[] number = value.clone();
            number[name.endsWith("-8") ? 8 : 4] = 99;
            all.add(new Unreadable(number, whole.headers(), "has no schema 99"));
        }
        wrongType(name)
                .ifPresent(text -> all.add(new Unreadable(
                        text.replace('\'', '"').getBytes(UTF_8),
                        whole.headers(),
                        "\"many\", but a number was expected")));
        return all;
    }

    private static String formatOf(String name) {
        if (name.endsWith("-image")) return "image";
        for (String format : List.of("csv", "influx", "otlp", "prometheus", "avro", "protobuf")) {
            if (name.startsWith(format) || name.equals("confluent-" + format)) return format;
        }
        return "json";
    }

    /** A record whose only value is a word. */
    private static Optional<String> wrongType(String name) {
        return switch (name) {
            case "json" -> Optional.of("{'ts':1700000000000,'shop':'s1','orders':'many'}");
            case "csv" -> Optional.of("2023-11-14T22:13:20Z,p1,many");
            case "influx" -> Optional.of("pump\\ reading,site=s,pump=p flow='many' 1700000000000000000");
            case "otlp-json" ->
                Optional.of(
                        "{'resourceMetrics':[{'scopeMetrics':[{'metrics':[{'name':'pump.flow','gauge':{'dataPoints':[{"
                                + "'timeUnixNano':'1700000000000000000','asDouble':'many','attributes':["
                                + "{'key':'service.name','value':{'stringValue':'s'}},{'key':'pump','value':{'stringValue':'p'}}"
                                + "]}]}}]}]}]}");
            case "cloudevents" ->
                Optional.of("{'source':'/plant/p1','time':'2023-11-14T22:13:20Z','data':{'flow':'many'}}");
            case "debezium" -> Optional.of("{'op':'c','after':{'pump':'p1','at':1700000000000000,'flow':'many'}}");
            case "json-schema-8" -> Optional.of("{'at':1700000000000,'pump':'p1','flow':'many'}");
            default -> Optional.empty();
        };
    }

    @Override
    public void close() {
        registry.stop(0);
    }
}
