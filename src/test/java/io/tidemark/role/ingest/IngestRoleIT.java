package io.tidemark.role.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Eventually;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real broker: repartitioning, idle closes, and restarts in mid-stream. */
class IngestRoleIT {
    private static final int PARTITIONS = 2;
    private static final int EVENTS = 3000;
    private static final long START_MS = 1_700_000_000_000L;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final TopicNames names = new TopicNames(kafka.prefix());
    private final Meters meters = new Meters(new SimpleMeterRegistry());
    private final Random random = new Random(5);
    private int sent;

    @TempDir
    Path folder;

    private StreamSpec stream() throws IOException {
        Path file = folder.resolve("pumps.yaml");
        Files.writeString(
                file,
                "stream: pumps\ninput: {topic: " + kafka.prefix()
                        + "in, series: [pump], time: at, features: [value]}\n"
                        + "step: 10s\nlateness: 30s\nidle-close: 2s\nlearning: {series: 4, chunk: 8}\n");
        return StreamFile.read(file);
    }

    private IngestRole start(String process) throws IOException {
        return start(IngestRole.Settings.in(folder.resolve(process)));
    }

    private IngestRole start(String process, OffsetReset start, boolean acceptsLoss) throws IOException {
        return start(
                new IngestRole.Settings(1, Duration.ofMillis(100), 0, -1, start, acceptsLoss, folder.resolve(process)));
    }

    private IngestRole start(IngestRole.Settings settings) throws IOException {
        KafkaConnection connection = new KafkaConnection(
                Map.of("bootstrap.servers", kafka.bootstrap(), "metadata.max.age.ms", "500"), names);
        return IngestRole.start(connection, List.of(stream()), s -> 8, meters, settings, InstantSource.system());
    }

    /** Events of seven series without a key, over both partitions, every tenth of them bad. */
    private void send(int count) {
        try (Producer<byte[], byte[]> producer = kafka.producer(Map.of("linger.ms", "5"))) {
            for (int i = 0; i < count; i++, sent++) {
                long at = START_MS + sent * 1000L - random.nextInt(3) * 10_000L;
                String value = sent % 10 == 3 ? "\"bad\"" : Double.toString(random.nextGaussian());
                String json = "{\"pump\":\"p" + sent % 7 + "\",\"at\":" + at + ",\"value\":" + value + "}";
                producer.send(
                        new ProducerRecord<>(kafka.prefix() + "in", sent % PARTITIONS, null, json.getBytes(UTF_8)));
            }
        }
    }

    /** Every committed record of a topic, up to where it ends now. */
    private List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = kafka.consumer(Map.of())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** Outcomes of each event id so far. */
    private Map<String, Integer> outcomes() throws IOException {
        Map<String, Integer> outcomes = new HashMap<>();
        Map<String, Long> last = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : readAll(names.samples())) {
            Step step = new Step();
            new Sample().wrap(record.value(), step);
            assertThat(record.partition()).isEqualTo(TopicNames.partition("pumps/" + step.series, PARTITIONS));
            assertThat(step.step).isGreaterThan(last.getOrDefault(step.series, Long.MIN_VALUE));
            last.put(step.series, step.step);
            for (int r = 0; r < step.events.size(); r++) {
                for (int i = 0; i < step.events.count(r); i++) {
                    String id = step.events.partition(r) + "-" + (step.events.firstOffset(r) + i);
                    outcomes.merge(id, 1, Integer::sum);
                }
            }
        }
        for (ConsumerRecord<byte[], byte[]> record : readAll(names.scores())) {
            JsonNode event = MAPPER.readTree(record.value()).get("events").get(0);
            outcomes.merge(
                    event.get("partition").asText() + "-" + event.get("offset").asText(), 1, Integer::sum);
        }
        return outcomes;
    }

    @Test
    void eventsThatExpireUnreadKeepTheRoleFromStartingAndSaySo() throws Exception {
        createTopics();
        send(100);
        try (IngestRole first = start("one")) {
            kafka.read(names.samples(), 1);
            assertThat(first.isHealthy()).isTrue();
        }
        send(100);
        TopicPartition in = new TopicPartition(kafka.prefix() + "in", 0);
        kafka.admin()
                .deleteRecords(Map.of(in, RecordsToDelete.beforeOffset(100)))
                .all()
                .get();
        assertThatThrownBy(() -> start("two"))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("of " + in)
                .hasMessageContaining("--accept-loss");
    }

    @Test
    void anAcceptedLossGoesOnAtTheOldestEventThatIsKept() throws Exception {
        createTopics();
        start("one").close();
        bad(0, 10);
        kafka.admin()
                .deleteRecords(Map.of(new TopicPartition(kafka.prefix() + "in", 0), RecordsToDelete.beforeOffset(6)))
                .all()
                .get();
        try (IngestRole role = start("two", OffsetReset.LATEST, true)) {
            Eventually.passes(
                    Duration.ofSeconds(60),
                    () -> assertThat(outcomes().keySet()).containsExactlyInAnyOrder("0-6", "0-7", "0-8", "0-9"));
            assertThat(role.isHealthy()).isTrue();
        }
    }

    @Test
    void aPartitionThatTheInputGetsWhileItRunsIsReadFromItsFirstEventThoughTheStartWasAtTheEnd() throws Exception {
        createTopics();
        bad(0, 5);
        try (IngestRole role = start("one", OffsetReset.LATEST, false)) {
            kafka.admin()
                    .createPartitions(Map.of(kafka.prefix() + "in", NewPartitions.increaseTo(3)))
                    .all()
                    .get();
            Eventually.passes(Duration.ofSeconds(30), () -> bad(2, 7));
            bad(0, 1);

            Eventually.passes(
                    Duration.ofSeconds(60),
                    () -> assertThat(outcomes().keySet())
                            .containsExactlyInAnyOrder("0-5", "2-0", "2-1", "2-2", "2-3", "2-4", "2-5", "2-6"));
            assertThat(role.isHealthy()).isTrue();
        }
    }

    private void createTopics() {
        for (String topic : List.of("in", "ticks", "samples", "training", "scores", "dead-letters")) {
            kafka.topic(topic, PARTITIONS);
        }
    }

    /** Events that cannot be read, which have an outcome at once. */
    private void bad(int partition, int count) throws Exception {
        try (Producer<byte[], byte[]> producer = kafka.producer(Map.of("max.block.ms", "2000"))) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(kafka.prefix() + "in", partition, null, "bad".getBytes(UTF_8)))
                        .get();
            }
        }
    }

    @Test
    void restartsInMidStreamLeaveEveryEventExactlyOneOutcome() throws IOException {
        createTopics();
        send(EVENTS / 3);
        try (IngestRole first = start("one")) {
            send(EVENTS / 3);
            kafka.read(names.samples(), 20);
            assertThat(first.isHealthy()).isTrue();
        }
        try (IngestRole second = start("two")) {
            kafka.read(names.deadLetters(), 100);
            assertThat(second.isHealthy()).isTrue();
        }
        send(EVENTS - sent);
        try (IngestRole third = start("three")) {
            Eventually.passes(Duration.ofSeconds(60), () -> {
                Map<String, Integer> outcomes = outcomes();
                assertThat(outcomes).hasSize(EVENTS);
                assertThat(outcomes.values()).allMatch(count -> count == 1);
            });
            assertThat(third.isHealthy()).isTrue();
        }
        assertThat(readAll(names.deadLetters())).hasSize(EVENTS / 10);
        assertThat(readAll(names.ticks())).isNotEmpty();
        assertThat(readAll(names.training())).isNotEmpty();
        assertThat(meters.level(MeterName.SERIES, "pumps").value()).isZero();
    }

    @Test
    void missingInputTopicIsNamed() {
        kafka.topic("ticks", PARTITIONS);

        assertThatThrownBy(() -> start("one"))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("topic " + kafka.prefix() + "in is missing");
    }
}
