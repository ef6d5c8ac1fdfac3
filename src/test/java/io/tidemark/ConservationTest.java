package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.app.backtest.Backtest;
import io.tidemark.app.backtest.RowOutcomes;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.image.decode.TestImages;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.network.Zoo;
import io.tidemark.role.ingest.IngestTopology;
import io.tidemark.series.event.RejectReason;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing that comes in disappears: every record and every row of every reader, whole, damaged or mad, has an outcome, and the counts by status
 * and reason add up to what came.
 */
class ConservationTest {
    private static final RealMessages REAL = new RealMessages(0);
    private static final TopicNames NAMES = new TopicNames("t.");
    private static final long NOON = Instant.parse("2026-06-01T12:00:00Z").toEpochMilli();
    private static final int RECORDS = 600;
    private static final int ROWS = 300;

    @TempDir
    Path folder;

    @AfterAll
    static void stopRegistry() {
        REAL.close();
    }

    private static String input(String format) {
        return switch (format) {
            case "json" -> "format: json\ntime: at\nseries: [pump]\nfeatures: [flow, load]";
            case "json-long" ->
                "format: json\ntime: at\nseries: [pump]\nfeatures: [flow, load]\nlong: {name: n, value: v, unknown: ignore}";
            case "json-array" ->
                "format: json\ntime: at\nseries: [pump]\nfeatures: [flow, load]\nrecords: all\nwhere: {kind: a}";
            case "csv" -> "format: csv\ntime: at\nseries: [pump]\nfeatures: [flow, load]";
            case "influx" -> "format: influx\ntime: timestamp\nseries: [tags.pump]\nfeatures: [flow, load]";
            case "image" -> "format: image\nimage: {width: 4, height: 4, max-bytes: 1MiB}";
            default -> Objects.requireNonNull(REAL.inputs().get(format));
        };
    }

    private static byte[] image(int i) {
        byte[] png = TestImages.plain(4, i % 256);
        String base64 = Base64.getEncoder().encodeToString(png);
        return switch (i % 3) {
            case 0 -> png;
            case 1 -> ("{\"camera\":\"c\",\"image\":\"" + base64 + "\"}").getBytes(UTF_8);
            default -> ("data:image/png;base64," + base64).getBytes(UTF_8);
        };
    }

    private static byte[] message(String format, int i, Random random) throws IOException {
        long at = NOON - 10_000L * (RECORDS - i);
        String flow = List.of("1.5", "null", "\"x\"", "true", "1e999", "[1, 2]").get(random.nextInt(6));
        String pump = List.of("\"a\"", "\"b/c\"", "\"\"", "null", "7").get(random.nextInt(5));
        return switch (format) {
            case "json" -> json(at, pump, flow);
            case "json-long" ->
                ("{\"at\":" + at + ",\"pump\":" + pump + ",\"n\":\""
                                + List.of("flow", "load", "other").get(i % 3) + "\",\"v\":" + flow + "}")
                        .getBytes(UTF_8);
            case "json-array" ->
                ("{\"kind\":\"" + (i % 4 == 0 ? "b" : "a") + "\",\"all\":["
                                + (i % 5 == 0
                                        ? ""
                                        : new String(json(at, pump, flow), UTF_8) + ","
                                                + new String(json(at + 1000, pump, "3"), UTF_8))
                                + "]}")
                        .getBytes(UTF_8);
            case "csv" -> (at + "," + pump.replace("\"", "") + "," + flow.replace("\"", "") + ",2").getBytes(UTF_8);
            case "influx" ->
                ("m,pump=p" + i % 3 + " flow=" + (i % 7 == 0 ? "\"x\"" : "1.5") + ",load=2i " + at + "000000\n"
                                + (i % 4 == 0 ? "m,pump=q flow=1 " + at + "000000" : ""))
                        .getBytes(UTF_8);
            case "image" -> image(i);
            default -> {
                List<RealMessages.Message> messages = RealMessages.of(format);
                yield messages.get(i % messages.size()).value();
            }
        };
    }

    private static byte[] json(long at, String pump, String flow) {
        return ("{\"at\":" + at + ",\"pump\":" + pump + ",\"flow\":" + flow + ",\"load\":2}").getBytes(UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "json",
                "json-long",
                "json-array",
                "csv",
                "influx",
                "otlp",
                "otlp-json",
                "prometheus",
                "avro-4",
                "avro-8",
                "protobuf-8",
                "confluent-protobuf",
                "json-schema-4",
                "cloudevents",
                "debezium-schema",
                "image"
            })
    void everyRecordOfEveryFormatHasItsOutcomes(String format) throws IOException {
        boolean image = format.equals("image");
        String text = "stream: s\n" + (image ? "" : "step: event\n") + "input:\n  topic: in\n"
                + input(format).indent(2);
        StreamSpec stream = StreamFile.read(Files.writeString(folder.resolve("s.yaml"), text));
        Meters meters = new Meters(new SimpleMeterRegistry());
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, NAMES.role("ingest-in"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
        Random random = new Random(format.hashCode());
        try (TopologyTestDriver driver = new TopologyTestDriver(
                IngestTopology.build(NAMES, "in", List.of(stream), s -> 4, 1, meters),
                settings,
                Instant.ofEpochMilli(NOON))) {
            var topic = driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
            double before = 0;
            for (int i = 0; i < RECORDS; i++) {
                byte[] whole = message(format, i, random);
                byte[] value = switch (i % 4) {
                    case 0 -> Poison.mutated(whole, random);
                    case 1 -> i % 16 == 1 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole;
                    case 2 -> i % 8 == 2 ? gzip(whole) : whole;
                    default -> whole;
                };
                byte[] key = image && i % 20 != 3 ? "c".getBytes(UTF_8) : null;
                Instant at = Instant.ofEpochMilli(image ? NOON - 1000L * (RECORDS - i) : NOON);
                topic.pipeInput(new TestRecord<>(key, i % 50 == 7 ? null : value, at));
                double after = count(meters, MeterName.EVENTS) + count(meters, MeterName.OTHER_KIND);
                assertThat(after)
                        .as("record %s has an event, or is passed over", i)
                        .isGreaterThan(before);
                before = after;
            }
            double outcomes = 0;
            for (ScoreStatus status : ScoreStatus.values()) outcomes += outcome(meters, status);
            double letters = 0;
            for (RejectReason reason : RejectReason.values()) {
                letters += meters.counter(MeterName.DEAD_LETTERS, "s", reason.label())
                        .count();
            }
            long joined = 0;
            for (byte[] sample : values(driver, NAMES.samples())) {
                Step step = new Step();
                new Sample().wrap(sample, step);
                joined += step.events.events();
            }
            assertThat(values(driver, NAMES.scores())).hasSize((int) outcomes);
            assertThat(values(driver, NAMES.deadLetters())).hasSize((int) letters);
            assertThat(letters).isEqualTo(outcome(meters, ScoreStatus.REJECTED)).isPositive();
            assertThat(joined + outcomes).isEqualTo(count(meters, MeterName.EVENTS));
        }
    }

    private static double count(Meters meters, MeterName name) {
        return meters.counter(name, "s").count();
    }

    private static double outcome(Meters meters, ScoreStatus status) {
        return meters.counter(MeterName.OUTCOMES, "s", status.label()).count();
    }

    private static List<byte[]> values(TopologyTestDriver driver, String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readValuesToList();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    @Test
    void everyRowOfEveryKindOfFileHasItsOutcome() throws IOException {
        Random random = new Random(5);
        try (Engine engine = Engines.open("dl4j", new DeviceSpec.Cpu())) {
            for (String step : List.of("event", "1m")) {
                for (String name : List.of(
                        "a.csv", "a.TSV", "a.txt", "a.csv.gz", "a.csv.zst", "a.ndjson", "a.jsonl.gz", "a.influx.txt")) {
                    for (boolean series : new boolean[] {false, true}) rows(name, series, step, engine, random);
                }
            }
        }
    }

    private void rows(String name, boolean series, String step, Engine engine, Random random) throws IOException {
        boolean influx = name.contains("influx");
        boolean lines = influx || name.contains("json");
        char delimiter = name.contains("TSV") ? '\t' : ',';
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) rows.add(influx ? line(i, random) : row(i, lines, series, delimiter, random));
        String header = lines
                ? ""
                : String.join(delimiter + "", series ? "at,pump,flow,load".split(",") : "at,flow,load".split(","))
                        + "\n";
        Path data = Files.createDirectories(folder.resolve("data-" + name + series + step));
        byte[] text = (header + String.join("\n", rows) + "\n\n").getBytes(UTF_8);
        Files.write(
                data.resolve(name),
                name.endsWith("gz") ? gzip(text) : name.endsWith("zst") ? Zstd.compress(text) : text);
        Path file = Files.writeString(
                folder.resolve("f.yaml"),
                "stream: s\nstep: " + step
                        + "\nsame-time: reject\nnetworks: []\ninput: {topic: t, "
                        + (influx ? "format: influx, time: timestamp" : "time: at")
                        + ", series: [pump], features: [flow, load], on-bad: reject}\n");
        Backtest.Settings settings = new Backtest.Settings(
                StreamFile.read(file), Zoo.load(Path.of("topology/zoo")), Optional.empty(), List.of(), true, false, 1);
        Path out = folder.resolve("out");
        Backtest.FileResult result =
                new Backtest(settings, engine).run(data, out, false, done -> {}).get(0);
        long byStatus = result.unread().passedOver();
        for (long count : result.statuses().values()) byStatus += count;
        long byReason = 0;
        for (RowOutcomes.Rejection rejection : result.unread().rejections()) byReason += rejection.rows();
        Set<String> reasons = new HashSet<>();
        result.unread().rejections().forEach(rejection -> reasons.add(rejection.reason()));
        assertThat(result.rows()).as(name + " " + step).isEqualTo(ROWS).isEqualTo(byStatus);
        assertThat(byReason)
                .isEqualTo(result.statuses().get(ScoreStatus.REJECTED))
                .isPositive();
        assertThat(reasons).contains("time-unreadable", "wrong-type").doesNotContain("");
        assertThat(Files.readAllLines(out.resolve(influx ? "a.influx.csv" : "a.csv")))
                .hasSize(ROWS + 1);
    }

    /** Of Influx' line protocol. */
    private static String line(int i, Random random) {
        String time =
                i % 37 == 5 ? "9" : (NOON / 1000 + 60L * (i - (i % 10 == 0 ? random.nextInt(5) : 0))) + "000000000";
        String flow = i % 11 == 3 ? "\"bad\"" : Double.toString(random.nextGaussian());
        return i % 41 == 9 ? "m,pump=p flow=" : "m,pump=p" + i % 2 + " flow=" + flow + ",load=1i " + time;
    }

    private static String row(int i, boolean lines, boolean series, char delimiter, Random random) {
        Instant time =
                Instant.parse("2024-01-01T00:00:00Z").plusSeconds(60L * (i - (i % 10 == 0 ? random.nextInt(5) : 0)));
        String at = i % 37 == 5 ? "soon" : time.toString();
        String flow = i % 11 == 3 ? "bad" : Double.toString(random.nextGaussian());
        String pump = i % 29 == 8 ? "" : "p" + i % 2;
        if (lines) {
            return i % 41 == 9
                    ? "{\"at\":"
                    : "{\"at\":\"" + at + "\",\"pump\":\"" + (series ? pump : "p") + "\",\"flow\":\"" + flow
                            + "\",\"load\":1}";
        }
        List<String> cells = new ArrayList<>(List.of(at));
        if (series) cells.add(pump);
        cells.add(flow);
        if (i % 43 != 4) cells.add(i % 41 == 9 ? "\"1\"" + delimiter + "2" + delimiter + "3" : "1");
        return String.join(delimiter + "", cells);
    }
}
