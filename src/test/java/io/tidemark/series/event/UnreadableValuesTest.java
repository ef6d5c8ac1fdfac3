package io.tidemark.series.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xerial.snappy.Snappy;

/** What a person is told of a value of each binary format that is of the wrong type, or cannot be read: field, token and what was expected. */
class UnreadableValuesTest {
    private static final Path FOLDER = Path.of("src/test/resources/formats");
    private static final String OTLP = "format: otlp, series: [pump], features: [flow]";
    private static final String PROMETHEUS = "format: prometheus, series: [job], features: [flow]";
    private static final byte[] JOB = bytes(1, bytes(1, "job".getBytes(UTF_8)), bytes(2, "j".getBytes(UTF_8)));
    private static final byte[] FLOW = bytes(1, bytes(1, "__name__".getBytes(UTF_8)), bytes(2, "flow".getBytes(UTF_8)));

    @TempDir
    private Path folder;

    /** @param told what the rejection has within it, its reason first */
    record Case(String input, byte[] value, List<String> told) {
        @Override
        public String toString() {
            return input + " " + told;
        }
    }

    private static Case of(String input, byte[] value, String... told) {
        return new Case(input, value, List.of(told));
    }

    private static Case of(String input, String value, String... told) {
        return of(input, value.replace('\'', '"').getBytes(UTF_8), told);
    }

    private static byte[] golden(String name) throws IOException {
        return Files.readAllBytes(FOLDER.resolve(name));
    }

    /** A request of OpenTelemetry in JSON with one point. */
    private static String point(String kind, String point) {
        return "{'resourceMetrics':[{'scopeMetrics':[{'metrics':[{'name':'flow','" + kind + "':{'dataPoints':[{" + point
                + "}]}}]}]}]}";
    }

    private static final String PUMP = ",'attributes':[{'key':'pump','value':{'stringValue':'p'}}]";
    private static final String AT = "'timeUnixNano':'1700000000000000000'";

    static Stream<Case> otlp() throws IOException {
        String number = "but a number was expected";
        return Stream.of(
                of(
                        OTLP,
                        point("gauge", AT + PUMP + ",'asDouble':'many'"),
                        "wrong-type",
                        "field flow is \"many\"",
                        number),
                of(OTLP, point("sum", AT + PUMP + ",'asInt':{}"), "wrong-type", "field flow is \"{…}\"", number),
                of(
                        OTLP,
                        point("gauge", AT + PUMP + ",'asDouble':'Infinity'"),
                        "value-out-of-range",
                        "field flow is Inf"),
                of(OTLP, point("gauge", AT + PUMP), "no-values", "field flow is NaN"),
                of(OTLP, point("histogram", AT + PUMP + ",'count':3"), "wrong-type", "a histogram; ask for its .count"),
                of(OTLP, point("gauge", "'timeUnixNano':'soon'" + PUMP + ",'asInt':1"), "time-unreadable", "\"soon\""),
                of(OTLP, point("gauge", "'asInt':1" + PUMP), "missing-field", "field timestamp is missing"),
                of(OTLP, point("gauge", AT + ",'asInt':1"), "no-series", "field pump is missing"),
                of(OTLP, "{'resourceMetrics':{'a':1}}", "malformed", "its resourceMetrics are not a list"),
                of(OTLP, "{'resourceMetrics':[{'scopeMetrics':'x'}]}", "malformed", "its scopeMetrics are not a list"),
                of(OTLP, "{'resourceSpans':[]}", "malformed", "no resourceMetrics in it, but resourceSpans"),
                of(OTLP, "flow 1 2 3", "malformed", "it begins with \"flow 1 2 3\""),
                // a time as a varint, where eight bytes were expected
                of(
                        OTLP,
                        bytes(1, bytes(2, bytes(2, bytes(5, bytes(1, varint(3, 7)))))),
                        "malformed",
                        "field timeUnixNano (3) of NumberPoint is of another type than fixed64"),
                of(
                        "format: otlp, series: [service.name], features: [http.server.request.duration]",
                        golden("otlp-1.bin"),
                        "wrong-type",
                        "a histogram; ask for its .count"));
    }

    static Stream<Case> prometheus() throws IOException {
        return Stream.of(
                of(
                        PROMETHEUS,
                        written(fixed(1, Double.NaN), varint(2, 1_700_000_000_000L)),
                        "no-values",
                        "field flow is NaN"),
                of(
                        PROMETHEUS,
                        written(fixed(1, 1e301), varint(2, 1_700_000_000_000L)),
                        "value-out-of-range",
                        "1.0E301"),
                of(PROMETHEUS, written(fixed(1, 1), varint(2, 5)), "time-unreadable", "field timestamp is \"5\""),
                of(PROMETHEUS, written(varint(1, 1), varint(2, 5)), "malformed", "field value (1) of Sample"),
                of(
                        PROMETHEUS,
                        Snappy.compress(bytes(1, JOB, FLOW, bytes(4, varint(1, 3), varint(15, 1_700_000_000_000L)))),
                        "wrong-type",
                        "a histogram; ask for its .count"),
                of(
                        PROMETHEUS,
                        Snappy.compress(bytes(1, FLOW, bytes(2, fixed(1, 1), varint(2, 1_700_000_000_000L)))),
                        "no-series",
                        "field job is missing"),
                of(
                        PROMETHEUS,
                        "{'name':'flow'}",
                        "malformed",
                        "not a Snappy block",
                        "begins with \"{\"name\":\"flow\"}\""),
                of(
                        PROMETHEUS,
                        new byte[] {(byte) 0xFF, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y', 0},
                        "malformed",
                        "but Snappy's stream of frames"));
    }

    private static byte[] written(byte[]... sample) throws IOException {
        return Snappy.compress(bytes(1, JOB, FLOW, bytes(2, sample)));
    }

    static Stream<Case> schemas() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String format : List.of("avro", "protobuf")) {
            boolean avro = format.equals("avro");
            byte[] whole = golden(avro ? "avro-headers.bin" : "protobuf-bare.bin");
            String schema = avro
                    ? "format: avro, schema: {file: " + FOLDER.resolve("reading.avsc") + "}"
                    : "format: protobuf, schema: {file: " + FOLDER.resolve("reading.proto") + ", message: Reading}";
            String all = schema + ", time: at, series: [pump], features: ";
            cases.add(of(all + "[pump]", whole, "wrong-type", "field pump is \"p1\", but a number was expected"));
            cases.add(of(all + "[motor]", whole, "wrong-type", "field motor is an object"));
            cases.add(of(all + "[counts]", whole, "wrong-type", "field counts is an object, or an array of other"));
            cases.add(of(all + "[flwo, laod]", whole, "no-values", "field flwo is missing, laod is missing"));
            cases.add(of(
                    schema + ", time: pump, series: [pump], features: [flow]",
                    whole,
                    "time-unreadable",
                    "field pump is \"p1\", but a time as declared was expected"));
            cases.add(of(schema + ", time: at, series: [pmup], features: [flow]", whole, "no-series", "field pmup is"));
            cases.add(of(
                    all + "[flow]",
                    Arrays.copyOf(whole, whole.length - 1),
                    "malformed",
                    avro ? "is cut" : "While parsing"));
        }
        String all = "format: protobuf, schema: {file: " + FOLDER.resolve("reading.proto")
                + ", message: Reading}, time: at, series: [pump], features: [flow]";
        cases.add(of(
                all,
                varint(3, 7),
                "malformed",
                "field flow (3) of plant.Reading is of another type than double; was it written by another schema?"));
        cases.add(
                of(all, varint(99, 7), "malformed", "no field of plant.Reading is in the value, but fields [99] are"));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource({"otlp", "prometheus", "schemas"})
    void aPersonIsToldFieldTokenAndWhatWasExpected(Case each) throws IOException {
        StreamSpec stream = StreamFile.read(Files.writeString(
                folder.resolve("s.yaml"), "stream: s\nstep: event\ninput: {topic: t, " + each.input() + "}\n"));
        EventDecoder decoder = new EventDecoder(stream);
        DecodedEvent event = new DecodedEvent(stream.features());
        decoder.open(null, each.value(), name -> null, 0);
        List<String> told = new ArrayList<>();
        while (decoder.next(event)) {
            RejectReason reason = decoder.reason();
            if (reason != RejectReason.OTHER_KIND)
                told.add(reason == null ? "event" : reason.label() + ": " + decoder.detail());
        }
        assertThat(told)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line)
                        .startsWith(each.told().get(0))
                        .contains(each.told().subList(1, each.told().size())));
    }

    /** A field of Protobuf with a length before it. */
    private static byte[] bytes(int number, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) content.writeBytes(part);
        byte[] head = varint(number, content.size());
        head[0] |= 2;
        return joined(head, content.toByteArray());
    }

    /** A field of Protobuf that is a whole number. */
    private static byte[] varint(int number, long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (long left : new long[] {(long) number << 3, value}) {
            long rest = left;
            for (; rest > 127; rest >>>= 7) out.write((int) (rest & 127 | 128));
            out.write((int) rest);
        }
        return out.toByteArray();
    }

    /** A field of Protobuf that is a double. */
    private static byte[] fixed(int number, double value) {
        byte[] bits = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(value)
                .array();
        return joined(new byte[] {(byte) (number << 3 | 1)}, bits);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
