import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Timestamp;
import com.influxdb.client.domain.WritePrecision;
import com.influxdb.client.write.Point;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import com.sun.net.httpserver.HttpServer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.apicurio.registry.serde.jsonschema.JsonSchemaKafkaSerializer;
import io.apicurio.registry.serde.protobuf.ProtobufKafkaSerializer;
import io.apicurio.registry.utils.protobuf.schema.FileDescriptorUtils;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;
import io.debezium.data.Envelope;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.logging.otlp.internal.metrics.OtlpStdoutMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;

/**
 * Writes the messages of {@code src/test/resources/formats} anew, each kind by the library that its producers use: the same readings of one pump,
 * one a second. A line of a file is a record: value and headers in base64.
 */
public final class MessageMaker {
    static final int MESSAGES = 34;
    static final long START_S = 1_700_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path out;
    private final Path formats;

    private MessageMaker(Path formats) {
        this.formats = formats;
        this.out = formats.resolve("real");
    }

    public static void main(String[] args) throws Exception {
        MessageMaker messages = new MessageMaker(Path.of(args.length > 0 ? args[0] : "src/test/resources/formats"));
        Files.createDirectories(messages.out);
        messages.texts();
        messages.cloudEvents();
        messages.debezium();
        messages.openTelemetry();
        messages.registries();
        System.exit(0); // clients keep threads
    }

    static double flow(int i) {
        return 20 + i * 7919 % 13 / 10.0;
    }

    static long timeMs(int i) {
        return (START_S + i) * 1000;
    }

    private record Message(byte[] value, Map<String, byte[]> headers) {}

    private static Message bare(byte[] value) {
        return new Message(value, Map.of());
    }

    private void write(String name, List<Message> messages) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Message message : messages) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("value", Base64.getEncoder().encodeToString(message.value));
            Map<String, String> headers = new TreeMap<>();
            message.headers.forEach(
                    (key, value) -> headers.put(key, Base64.getEncoder().encodeToString(value)));
            if (!headers.isEmpty()) line.put("headers", headers);
            text.append(JSON.writeValueAsString(line)).append('\n');
        }
        Files.writeString(out.resolve(name + ".ndjson"), text);
        System.out.println(name + ": " + messages.size() + " messages of " + messages.get(0).value.length + " bytes");
    }

    /** Line protocol by InfluxDB's client, rows by Apache Commons CSV. */
    private void texts() throws IOException {
        List<Message> influx = new ArrayList<>();
        List<Message> csv = new ArrayList<>();
        CSVFormat format = CSVFormat.RFC4180.builder().setRecordSeparator("").build();
        for (int i = 0; i < MESSAGES; i++) {
            String lines = Point.measurement("pump reading")
                            .addTag("pump", "p 1,=a")
                            .addTag("site", "\u00e9tage 2")
                            .addField("flow", flow(i))
                            .addField("starts", (long) i)
                            .addField("running", true)
                            .addField("note", "said \"on\" \\ off")
                            .time(timeMs(i) * 1_000_000, WritePrecision.NS)
                            .toLineProtocol()
                    + "\n"
                    + Point.measurement("disk")
                            .addTag("host", "h")
                            .addField("used", 1L)
                            .time(timeMs(i) * 1_000_000, WritePrecision.NS)
                            .toLineProtocol();
            influx.add(bare(lines.getBytes(StandardCharsets.UTF_8)));
            StringWriter row = new StringWriter();
            try (CSVPrinter printer = new CSVPrinter(row, format)) {
                printer.printRecord(Instant.ofEpochMilli(timeMs(i)), "p1, \"the\" first", flow(i), i, null);
            }
            csv.add(bare(row.toString().getBytes(StandardCharsets.UTF_8)));
        }
        write("influx", influx);
        write("csv", csv);
    }

    /** CloudEvents' SDK: structured with readings, structured with the bytes of an image. */
    private void cloudEvents() throws Exception {
        List<Message> readings = new ArrayList<>();
        List<Message> binary = new ArrayList<>();
        List<Message> images = new ArrayList<>();
        JsonFormat format = new JsonFormat();
        for (int i = 0; i < MESSAGES; i++) {
            byte[] data = JSON.writeValueAsBytes(Map.of("flow", flow(i), "state", Map.of("starts", i)));
            CloudEventBuilder base = CloudEventBuilder.v1()
                    .withId("id-" + i)
                    .withSource(URI.create("/plant/p1"))
                    .withType("plant.reading")
                    .withTime(Instant.ofEpochMilli(timeMs(i)).atOffset(ZoneOffset.UTC));
            CloudEvent event = base.withData("application/json", data).build();
            readings.add(bare(format.serialize(event)));
            var message =
                    io.cloudevents.kafka.KafkaMessageFactory.createWriter("t").writeBinary(event);
            Map<String, byte[]> headers = new HashMap<>();
            for (Header header : message.headers()) headers.put(header.key(), header.value());
            binary.add(new Message(message.value(), headers));
            images.add(bare(format.serialize(base.withData("image/png", png(i)).build())));
        }
        write("cloudevents", readings);
        write("cloudevents-binary", binary);
        write("cloudevents-image", images.subList(0, 4));
    }

    private static byte[] png(int i) throws IOException {
        var image = new java.awt.image.BufferedImage(16, 16, java.awt.image.BufferedImage.TYPE_BYTE_GRAY);
        var graphics = image.createGraphics();
        graphics.setColor(new java.awt.Color(100 + i, 100 + i, 100 + i));
        graphics.fillRect(0, 0, 16, 16);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        javax.imageio.ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    /** Debezium's own envelope by Kafka Connect's JsonConverter, with its schema, as Debezium is delivered. */
    private void debezium() throws IOException {
        var row = SchemaBuilder.struct()
                .name("plant.public.readings.Value")
                .field("pump", org.apache.kafka.connect.data.Schema.STRING_SCHEMA)
                .field("flow", org.apache.kafka.connect.data.Schema.FLOAT64_SCHEMA)
                .field("price", Decimal.schema(2))
                .field("at", io.debezium.time.MicroTimestamp.schema())
                .optional()
                .build();
        var source = SchemaBuilder.struct()
                .field("connector", org.apache.kafka.connect.data.Schema.STRING_SCHEMA)
                .field("ts_ms", org.apache.kafka.connect.data.Schema.INT64_SCHEMA)
                .build();
        Envelope envelope = Envelope.defineSchema()
                .withName("plant.public.readings.Envelope")
                .withRecord(row)
                .withSource(source)
                .build();
        for (boolean schemas : new boolean[] {true, false}) {
            List<Message> messages = new ArrayList<>();
            try (JsonConverter converter = new JsonConverter()) {
                converter.configure(Map.of("schemas.enable", schemas, "decimal.format", "NUMERIC"), false);
                for (int i = 0; i < MESSAGES; i++) {
                    Struct after = new Struct(row)
                            .put("pump", "p1")
                            .put("flow", flow(i))
                            .put("price", new BigDecimal("19.95"))
                            .put("at", timeMs(i) * 1000);
                    Struct from =
                            new Struct(source).put("connector", "postgresql").put("ts_ms", timeMs(i) + 5);
                    Instant when = Instant.ofEpochMilli(timeMs(i) + 20);
                    Struct change =
                            i % 3 == 2 ? envelope.update(after, after, from, when) : envelope.create(after, from, when);
                    messages.add(bare(converter.fromConnectData("t", envelope.schema(), change)));
                    if (i == 20) {
                        messages.add(bare(
                                converter.fromConnectData("t", envelope.schema(), envelope.delete(after, from, when))));
                    }
                }
            }
            write(schemas ? "debezium-schema" : "debezium", messages);
        }
    }

    private static final class SetClock implements Clock {
        private long ms = timeMs(0);

        @Override
        public long now() {
            return TimeUnit.MILLISECONDS.toNanos(ms);
        }

        @Override
        public long nanoTime() {
            return now();
        }
    }

    private static final class Collections implements MetricReader {
        private CollectionRegistration metrics = CollectionRegistration.noop();

        @Override
        public void register(CollectionRegistration registration) {
            metrics = registration;
        }

        @Override
        public CompletableResultCode forceFlush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType type) {
            return AggregationTemporality.CUMULATIVE;
        }
    }

    /** OpenTelemetry's SDK and its exporters: what they send to a collector, which hands it to Kafka as it is. */
    private void openTelemetry() throws Exception {
        BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/metrics", exchange -> {
            received.add(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/metrics";
        write(
                "otlp",
                collections(
                        OtlpHttpMetricExporter.builder().setEndpoint(endpoint).build(), received));
        collector.stop(0);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        BlockingQueue<byte[]> lines = new LinkedBlockingQueue<>();
        PrintStream stream = new PrintStream(printed) {
            @Override
            public void flush() {
                super.flush();
                if (printed.size() > 0) lines.add(printed.toByteArray());
                printed.reset();
            }
        };
        write(
                "otlp-json",
                collections(
                        OtlpStdoutMetricExporter.builder()
                                .setOutput(stream)
                                .setWrapperJsonObject(true)
                                .build(),
                        lines));
    }

    private static List<Message> collections(MetricExporter exporter, BlockingQueue<byte[]> received) throws Exception {
        SetClock clock = new SetClock();
        Collections reader = new Collections();
        List<Message> messages = new ArrayList<>();
        int[] now = {0};
        try (SdkMeterProvider provider = SdkMeterProvider.builder()
                .setClock(clock)
                .setResource(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "plant")))
                .registerMetricReader(reader)
                .build()) {
            var meter = provider.get("pumps");
            var pump = Attributes.of(AttributeKey.stringKey("pump"), "p1");
            var gauge = meter.gaugeBuilder("pump.flow").build();
            var starts = meter.counterBuilder("pump.starts").build();
            var wait = meter.histogramBuilder("pump.wait").setUnit("s").build();
            for (; now[0] < MESSAGES; now[0]++) {
                clock.ms = timeMs(now[0]);
                gauge.set(flow(now[0]), pump);
                starts.add(3, pump);
                wait.record(0.2 + now[0] % 3, pump);
                var exported =
                        exporter.export(reader.metrics.collectAllMetrics()).join(10, TimeUnit.SECONDS);
                exporter.flush();
                if (!exported.isSuccess())
                    throw new IllegalStateException("the exporter failed", exported.getFailureThrowable());
                messages.add(bare(Objects.requireNonNull(received.poll(10, TimeUnit.SECONDS), "nothing was exported")));
                received.clear();
            }
        }
        return messages;
    }

    /** A registry that takes every schema and gives it the number 7, contents 9. */
    private static HttpServer registry() throws IOException {
        HttpServer registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] body =
                    ("{\"groupId\":\"default\",\"id\":\"a\",\"version\":\"1\",\"globalId\":7,\"contentId\":9,\"type\":\"AVRO\","
                                    + "\"state\":\"ENABLED\",\"references\":[]}")
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        registry.start();
        return registry;
    }

    private interface Made<T> {
        T reading(int i) throws Exception;
    }

    /** Apicurio's serializers: a frame of eight bytes, of four as Confluent's, and the number in headers. */
    private void registries() throws Exception {
        HttpServer registry = registry();
        String url = "http://127.0.0.1:" + registry.getAddress().getPort() + "/apis/registry/v2";
        Schema schema =
                new Schema.Parser().parse(formats.resolve("reading.avsc").toFile());
        Descriptor reading = reading(Files.readString(formats.resolve("reading.proto")));
        for (String frame : List.of("8", "4", "headers")) {
            serialized("avro-" + frame, new AvroKafkaSerializer<GenericRecord>(), url, frame, i -> avro(schema, i));
            serialized(
                    "protobuf-" + frame,
                    new ProtobufKafkaSerializer<DynamicMessage>(),
                    url,
                    frame,
                    i -> protobuf(reading, i));
            serialized("json-schema-" + frame, new JsonSchemaKafkaSerializer<Map<String, Object>>(), url, frame, i -> {
                Map<String, Object> map = new LinkedHashMap<>();
                map.put("at", timeMs(i));
                map.put("pump", "p1");
                map.put("flow", flow(i));
                map.put("level", i);
                return map;
            });
        }
        registry.stop(0);
    }

    private <T> void serialized(String name, Serializer<T> serializer, String url, String frame, Made<T> made)
            throws Exception {
        Map<String, Object> settings = new HashMap<>();
        settings.put("apicurio.registry.url", url);
        settings.put("apicurio.registry.auto-register", true);
        settings.put("apicurio.registry.use-id", frame.equals("4") ? "contentId" : "globalId");
        settings.put("apicurio.registry.serde.validation-enabled", false);
        settings.put("apicurio.registry.headers.enabled", frame.equals("headers"));
        settings.put("apicurio.registry.artifact.artifact-id", "readings");
        if (name.startsWith("json")) settings.put("apicurio.registry.artifact.schema.location", "reading.json");
        if (frame.equals("4"))
            settings.put("apicurio.registry.id-handler", "io.apicurio.registry.serde.Legacy4ByteIdHandler");
        serializer.configure(settings, false);
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            RecordHeaders headers = new RecordHeaders();
            byte[] value = serializer.serialize("readings", headers, made.reading(i));
            Map<String, byte[]> kept = new HashMap<>();
            for (Header header : headers) kept.put(header.key(), header.value());
            messages.add(new Message(value, kept));
        }
        write(name, messages);
    }

    private static GenericRecord avro(Schema schema, int i) {
        GenericRecord motor = new GenericData.Record(schema.getField("motor").schema());
        motor.put("current", 1.5);
        motor.put("heat", 61.5f);
        GenericRecord record = new GenericData.Record(schema);
        record.put("at", timeMs(i));
        record.put("pump", "p1");
        record.put("flow", flow(i));
        record.put("pressure", i % 2 == 0 ? null : 1.25);
        record.put("level", i);
        record.put("motor", motor);
        record.put("state", new GenericData.EnumSymbol(schema.getField("state").schema(), "ON"));
        record.put("extra", Map.of("vibration", 0.125));
        record.put("counts", List.of(1L, 2L));
        ByteBuffer price = new Conversions.DecimalConversion()
                .toBytes(new BigDecimal("19.95"), schema.getField("price").schema(), LogicalTypes.decimal(9, 2));
        record.put("price", price);
        record.put("running", true);
        record.put("day", 19_675);
        return record;
    }

    private static Descriptor reading(String proto) throws Exception {
        FileDescriptor file = FileDescriptorUtils.protoFileToFileDescriptor(
                ProtoParser.Companion.parse(Location.get("reading.proto"), proto));
        var plain = file.toProto().toBuilder().clearDependency().addDependency("google/protobuf/timestamp.proto");
        FileDescriptorSet.Builder files = FileDescriptorSet.newBuilder()
                .addFile(Timestamp.getDescriptor().getFile().toProto());
        Files.createDirectories(Path.of("target/makers"));
        Files.write(
                Path.of("target/makers/reading.desc"),
                files.addFile(plain).build().toByteArray());
        return file.findMessageTypeByName("Reading");
    }

    private static DynamicMessage protobuf(Descriptor reading, int i) {
        Descriptor motor = reading.findNestedTypeByName("Motor");
        return DynamicMessage.newBuilder(reading)
                .setField(
                        reading.findFieldByName("at"),
                        Timestamp.newBuilder().setSeconds(START_S + i).build())
                .setField(reading.findFieldByName("pump"), "p1")
                .setField(reading.findFieldByName("flow"), flow(i))
                .setField(reading.findFieldByName("level"), i - 3)
                .setField(
                        reading.findFieldByName("motor"),
                        DynamicMessage.newBuilder(motor)
                                .setField(motor.findFieldByName("current"), 1.5)
                                .setField(motor.findFieldByName("heat"), 61.5f)
                                .build())
                .addRepeatedField(reading.findFieldByName("counts"), 1L)
                .setField(reading.findFieldByName("text"), "worn")
                .build();
    }
}
