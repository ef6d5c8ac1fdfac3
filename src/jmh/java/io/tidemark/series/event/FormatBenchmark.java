package io.tidemark.series.event;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.config.StreamFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What one record of each format costs to read, with all the events in it; messages of {@code src/test/resources/formats}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FormatBenchmark {
    private static final Path FOLDER = Path.of("src/test/resources/formats").toAbsolutePath();

    /** Messages; each with how a stream reads it. */
    public enum Message {
        JSON(
                "format: json, time: at, series: [pump], features: [flow, level]",
                "{\"at\": 1700000010, \"pump\": \"p1\", \"flow\": 19.95, \"level\": 1}"),
        JSON_PATHS(
                "format: json, time: at, series: [tags.pump], features: ['fields[0].flow', 'fields[0].level']",
                "{\"at\": 1700000010, \"tags\": {\"pump\": \"p1\"}, \"fields\": [{\"flow\": 19.95, \"level\": 1}]}"),
        JSON_SCHEMA("time: at, series: [pump], features: [flow, level]", "real/json-schema-4"),
        CLOUDEVENTS("time: time, series: [source], features: [data.flow, data.state.starts]", "real/cloudevents"),
        DEBEZIUM_SCHEMA(
                "time: {field: payload.after.at, unit: micros}, series: [payload.after.pump], features: [payload.after.flow],"
                        + " where: {payload.op: [c, u, r]}",
                "real/debezium-schema"),
        COLLECTD(
                "records: '', time: time, series: [host, plugin, type], features: [rx, tx], long: {name: dsnames, value: values}",
                "[{\"values\":[12.5,3],\"dstypes\":[\"derive\",\"derive\"],\"dsnames\":[\"rx\",\"tx\"],\"time\":1700000010.350,"
                        + "\"interval\":10.000,\"host\":\"web-1\",\"plugin\":\"interface\",\"plugin_instance\":\"eth0\","
                        + "\"type\":\"if_octets\",\"type_instance\":\"\"}]"),
        CSV(
                "format: csv, csv: {header: [at, pump, flow, level]}, time: at, series: [pump], features: [flow, level]",
                "1700000010,p1,19.95,1"),
        INFLUX(
                "format: influx, time: timestamp, series: [tags.pump], features: [fields.flow, fields.level]",
                "reading,pump=p1 flow=19.95,level=1i 1700000010000000000"),
        OTLP("format: otlp, series: [service.name, room], features: [room.temperature, orders]", "otlp-1.bin"),
        OTLP_JSON("format: otlp, series: [service.name, room], features: [room.temperature, orders]", "otlp-1.json"),
        PROMETHEUS(
                "format: prometheus, series: [job, pump], features: [pump_flow, pump_starts_total]", "prometheus.bin"),
        AVRO(
                "format: avro, time: at, series: [pump], features: [flow, level], schema: {file: %s/reading.avsc, frame: registry}",
                "avro-4.bin"),
        PROTOBUF(
                "format: protobuf, time: at, series: [pump], features: [flow, level],"
                        + " schema: {file: %s/reading.proto, message: plant.Reading}",
                "protobuf-bare.bin");

        private final String input;
        private final String value;

        Message(String input, String value) {
            this.input = input;
            this.value = value;
        }

        private byte[] bytes() throws IOException {
            if (value.startsWith("real/")) {
                String record =
                        Files.readAllLines(FOLDER.resolve(value + ".ndjson")).get(0);
                return Base64.getDecoder()
                        .decode(new ObjectMapper()
                                .readTree(record)
                                .path("value")
                                .asText());
            }
            boolean file = value.endsWith(".bin") || value.endsWith(".json");
            return file ? Files.readAllBytes(FOLDER.resolve(value)) : value.getBytes(StandardCharsets.UTF_8);
        }
    }

    @Param
    public Message message = Message.JSON;

    @SuppressWarnings("NullAway.Init")
    private EventDecoder decoder;

    @SuppressWarnings("NullAway.Init")
    private DecodedEvent event;

    private byte[] value = {};

    @Setup
    public void open() throws IOException {
        Path file = Files.createTempFile("stream", ".yaml");
        Files.writeString(file, "stream: s\nstep: event\ninput: {topic: t, " + message.input.formatted(FOLDER) + "}\n");
        var stream = StreamFile.read(file);
        Files.delete(file);
        decoder = new EventDecoder(stream);
        event = new DecodedEvent(stream.features());
        value = message.bytes();
        if (read() == 0) throw new IllegalStateException(message + ": " + decoder.reason() + " " + decoder.detail());
    }

    /** Events that were read. */
    @Benchmark
    public int read() {
        int good = 0;
        decoder.open(null, value, name -> null, 0);
        while (decoder.next(event)) if (decoder.reason() == null) good++;
        return good;
    }
}
