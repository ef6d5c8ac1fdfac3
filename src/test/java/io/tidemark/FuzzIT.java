package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutated records on input topics of each text format and on every topic of Tidemark's own, while every role runs: each input record
 * has one outcome, and nothing stops: what is sent afterwards has its outcomes too, and after a restart once more. What lies on the topics of its own is mutated from what the roles wrote there.
 *
 * <p>{@code -Dfuzz.inputs=200000 -Dfuzz.internals=20000} is the run that MEASUREMENTS.md names.
 */
class FuzzIT {
    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 3_000) / 3 * 3;
    private static final int INTERNALS = Integer.getInteger("fuzz.internals", 600);
    private static final Duration SOON = Duration.ofSeconds(120 + INPUTS / 200);
    private static final int SETTLED = 400;
    private static final List<String> FORMATS = List.of("json", "csv", "influx");

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private final TopicNames names = connection.names();
    private final Random random = new Random(20261129);
    private final Map<String, String> inputs =
            Map.of("json", kafka.topic("json", 1), "csv", kafka.topic("csv", 1), "influx", kafka.topic("influx", 1));

    private int next;

    @TempDir
    Path folder;

    @Test
    void mutatedRecordsHaveOneOutcomeEachAndStopNothing() throws Exception {
        WholePath.createTopics(connection);
        List<StreamSpec> streams = FORMATS.stream().map(this::stream).toList();
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of("linger.ms", 5));
                WholePath path = start(streams)) {
            good(producer);
            path.awaitOutcomes(SOON, next);
            for (int i = 0; i < INPUTS; i++) {
                String format = FORMATS.get(i % FORMATS.size());
                send(producer, format, Poison.mutated(event(format, next), random));
            }
            producer.flush();
            path.awaitOutcomes(SOON, next);
            path.outcomes().readUntilSilence();
            assertThat(path.outcomes().read()).as("one for each, and no more").isEqualTo(next);
            assertThat(path.outcomes().doubled())
                    .as("a mutated line may be two; a record of the others is one")
                    .allMatch(id -> id.startsWith("influx"));
            Map<String, List<ConsumerRecord<byte[], byte[]>>> written = written();
            for (int i = 0; i < INTERNALS; i++) mutate(producer, written);
            producer.flush();
            goesOn(producer, path);
        }
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of("linger.ms", 5));
                WholePath path = start(streams)) { // reads what is read at a start alone
            goesOn(producer, path);
        }
    }

    private WholePath start(List<StreamSpec> streams) {
        return WholePath.start(connection, streams, EnumSet.allOf(RoleName.class), folder.resolve("state"));
    }

    /** What is sent now has its outcomes, and no role fails. */
    private void goesOn(Producer<byte[], byte[]> producer, WholePath path) {
        long first = next / FORMATS.size();
        good(producer);
        Eventually.gives(SOON, "events after it have outcomes", () -> {
            path.outcomes().read();
            for (int i = 0; i < SETTLED && path.failure().isEmpty(); i++) {
                for (String format : FORMATS) {
                    if (!path.outcomes().has(format, Objects.requireNonNull(inputs.get(format)), 0, first + i))
                        return null;
                }
            }
            return path.failure();
        });
        assertThat(path.failure()).isEmpty();
    }

    /** As many events of each format that are as they should be. */
    private void good(Producer<byte[], byte[]> producer) {
        for (int i = 0; i < SETTLED; i++) for (String format : FORMATS) send(producer, format, event(format, next));
        producer.flush();
    }

    private StreamSpec stream(String format) {
        Path file = folder.resolve(format + ".yaml");
        String more = format.equals("csv") ? ", csv: {header: [series, timestamp, value], header-line: false}" : "";
        write(file, """
                stream: %s
                input: {topic: %s, format: %s, series: [series], features: [value]%s}
                networks: [dense-ae]
                step: event
                learning: {first-rows: 256, publish-rows: 2000}
                """.formatted(format, inputs.get(format), format, more));
        return StreamFile.read(file);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] event(String format, int i) {
        long at = 1_700_000_000_000L + i * 1000L;
        double value = Math.sin(i * 0.1);
        String text = switch (format) {
            case "json" -> "{\"series\":\"a\",\"timestamp\":" + at + ",\"value\":" + value + "}";
            case "csv" -> "a," + at + "," + value;
            default -> "m,series=a value=" + value + " " + at + "000000";
        };
        return text.getBytes(UTF_8);
    }

    private void send(Producer<byte[], byte[]> producer, String format, byte[] value) {
        producer.send(new ProducerRecord<>(inputs.get(format), "a".getBytes(UTF_8), value));
        next++;
    }

    /** What the roles have written, by topic, at most 200 records of each. */
    private Map<String, List<ConsumerRecord<byte[], byte[]>>> written() {
        Map<String, List<ConsumerRecord<byte[], byte[]>>> written = new HashMap<>();
        List<String> topics = List.of(
                names.samples(),
                names.inferences(),
                names.training(),
                names.gates(),
                names.models(),
                names.checkpoints(),
                names.vitals(),
                names.ticks(),
                names.labels(),
                names.feedback(),
                names.incidentInbox(),
                names.jobs(),
                names.reports());
        byte[] gate = new Gate("json", "a", 9, 1, 2, true, "").encode(Wire.writer(64));
        for (String topic : topics) {
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            records.add(new ConsumerRecord<>(topic, 0, 0, "json/a".getBytes(UTF_8), gate));
            written.put(topic, records);
        }
        kafka.readAll(topics, record -> {
            List<ConsumerRecord<byte[], byte[]>> of = written.getOrDefault(record.topic(), List.of());
            if (of.size() < 200 && record.value() != null) of.add(record);
        });
        return written;
    }

    /** A mutated record on one of the topics: what is wrong is its value, or its key, or both. */
    private void mutate(Producer<byte[], byte[]> producer, Map<String, List<ConsumerRecord<byte[], byte[]>>> written) {
        List<String> topics = written.keySet().stream().sorted().toList();
        List<ConsumerRecord<byte[], byte[]>> of =
                Objects.requireNonNull(written.get(topics.get(random.nextInt(topics.size()))));
        ConsumerRecord<byte[], byte[]> record = of.get(random.nextInt(of.size()));
        byte @Nullable [] key = record.key();
        byte[] value = record.value();
        int what = random.nextInt(4);
        if (what != 0) value = Poison.mutated(value, random);
        if (what < 2 && key != null) key = Poison.mutated(key, random);
        producer.send(new ProducerRecord<>(record.topic(), record.partition(), key, value));
    }
}
