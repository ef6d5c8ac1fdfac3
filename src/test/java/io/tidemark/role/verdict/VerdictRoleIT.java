package io.tidemark.role.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Eventually;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.outcome.Pumps;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.metrics.Meters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real broker: what a crash and a restart in mid-stream leave behind. */
final class VerdictRoleIT {
    private static final StreamSpec SPEC = Pumps.spec("[flow]", "");
    private static final int SERIES = 5;
    private static final int STEPS = 200;
    private static final int PARTITIONS = 2;
    /** Steps whose inferences, about 160 bytes each with two series or more in a partition, are twice what one fetch takes of it (1 MiB). */
    private static final int MANY = 8000;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final TopicNames names = new TopicNames(kafka.prefix());
    private final Meters meters = new Meters(new SimpleMeterRegistry());

    @TempDir
    Path folder;

    private KafkaConnection connection() {
        return kafka.connection(names);
    }

    private VerdictRole start(String process, InstantSource clock) {
        return VerdictRole.start(
                connection(), List.of(SPEC), meters, VerdictRole.Settings.in(folder.resolve(process)), clock);
    }

    private void send(int fromStep, int toStep) {
        Map<String, Object> transactional = Map.of("linger.ms", "5", "transactional.id", kafka.prefix() + "worker");
        try (Producer<byte[], byte[]> producer = kafka.producer(transactional)) {
            producer.initTransactions();
            producer.beginTransaction();
            for (long step = fromStep; step < toStep; step++) {
                for (int s = 0; s < SERIES; s++) {
                    double[] values = Pumps.values(s, step, 1, 0);
                    String key = TopicNames.key("pumps", "p" + s);
                    producer.send(new ProducerRecord<>(
                            names.inferences(),
                            TopicNames.partition(key, PARTITIONS),
                            key.getBytes(StandardCharsets.UTF_8),
                            Pumps.inference("p" + s, step, values, Pumps.autoencoder(values))));
                }
            }
            producer.commitTransaction();
        }
    }

    private void createTopics() {
        for (String topic : List.of(
                "inferences",
                "labels",
                "scores",
                "forecasts",
                "alerts",
                "gates",
                "dead-letters",
                "incident-inbox",
                "incidents")) {
            kafka.topic(topic, PARTITIONS);
        }
        kafka.topic("feedback", 1);
    }

    @Test
    void aTopicThatExpiresOnceItWasReadKeepsNobodyFromStarting() throws Exception {
        createTopics();
        send(0, 10);
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        try (VerdictRole first = start("one", () -> Instant.EPOCH);
                Consumer<byte[], byte[]> consumer = kafka.consumer(Map.of())) {
            assertThat(first.isHealthy()).isTrue();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                all.put(new TopicPartition(names.inferences(), partition), RecordsToDelete.beforeOffset(-1));
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(all.keySet());
            Eventually.passes(Duration.ofSeconds(30), () -> {
                Map<TopicPartition, OffsetAndMetadata> places = kafka.admin()
                        .listConsumerGroupOffsets(names.role("verdict"))
                        .partitionsToOffsetAndMetadata()
                        .get();
                ends.forEach((partition, end) -> assertThat(
                                Objects.requireNonNull(places.get(partition)).offset())
                        .as("behind the marker")
                        .isEqualTo(end));
            });
        }
        kafka.admin().deleteRecords(all).all().get();
        try (VerdictRole second = start("two", () -> Instant.EPOCH)) {
            send(10, 20);
            kafka.read(names.scores(), SERIES * 20);
            assertThat(second.isHealthy()).isTrue();
        }
    }

    @Test
    void inferencesThatExpireWhileItRunsStopItWithTheirCountAndTheNextStartUnlessTheLossIsAccepted() throws Exception {
        createTopics();
        send(0, 1);
        CountDownLatch judging = new CountDownLatch(1);
        CountDownLatch expired = new CountDownLatch(1);
        try (VerdictRole slow = start("one", () -> {
            judging.countDown();
            await(expired);
            return Instant.EPOCH;
        })) {
            await(judging);
            send(1, MANY); // more than is fetched at once
            expire();
            expired.countDown();
            Eventually.holds(Duration.ofSeconds(60), "the role to stop", () -> !slow.isHealthy());
            assertThat(slow.failure())
                    .startsWith("records expired before group " + names.role("verdict") + " read them: up to ")
                    .contains(names.inferences())
                    .contains("--accept-loss");
        }
        send(MANY, MANY + 1);
        assertThatThrownBy(() -> start("two", () -> Instant.EPOCH))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining(names.inferences());
        Map<TopicPartition, Long> before = Map.copyOf(ends());
        try (VerdictRole accepting = VerdictRole.start(
                connection(),
                List.of(SPEC),
                meters,
                new VerdictRole.Settings(1, Duration.ofMillis(100), 0, true, folder.resolve("three")),
                () -> Instant.EPOCH)) {
            Eventually.holds(Duration.ofSeconds(60), "what is kept is judged", () -> !ends().equals(before));
            assertThat(accepting.isHealthy()).isTrue();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** All inferences that are there now. */
    private void expire() throws Exception {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            all.put(new TopicPartition(names.inferences(), partition), RecordsToDelete.beforeOffset(-1));
        }
        kafka.admin().deleteRecords(all).all().get(30, TimeUnit.SECONDS);
    }

    /** Where the scores end. */
    private Map<TopicPartition, Long> ends() {
        try (Consumer<byte[], byte[]> consumer = kafka.consumer(Map.of())) {
            return consumer.endOffsets(
                    List.of(new TopicPartition(names.scores(), 0), new TopicPartition(names.scores(), 1)));
        }
    }

    @Test
    void aCrashAndARestartLeaveExactlyTheOutcomesOfAnUndisturbedRun() throws IOException {
        createTopics();
        send(0, STEPS / 2);
        AtomicInteger judged = new AtomicInteger();
        VerdictRole crashing = start("one", () -> {
            if (judged.incrementAndGet() == SERIES * STEPS / 3) throw new IllegalStateException("a crash on purpose");
            return Instant.EPOCH;
        });
        Eventually.holds(Duration.ofSeconds(30), "the role to stop", () -> !crashing.isHealthy());
        crashing.close();
        try (VerdictRole second = start("two", () -> Instant.EPOCH)) {
            kafka.read(names.scores(), SERIES * STEPS / 2);
            assertThat(second.isHealthy()).isTrue();
        }
        send(STEPS / 2, STEPS);
        try (VerdictRole third = start("three", () -> Instant.EPOCH)) {
            assertThat(third.isHealthy()).isTrue();
            Map<String, Integer> next = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> record : kafka.read(names.scores(), SERIES * STEPS)) {
                JsonNode score = MAPPER.readTree(record.value());
                String series = score.get("series").textValue();
                assertThat(score.get("step").intValue()).isEqualTo(next.merge(series, 1, Integer::sum) - 1);
                assertThat(record.partition()).isEqualTo(TopicNames.partition("pumps/" + series, PARTITIONS));
                if (score.get("step").intValue() == 150) {
                    assertThat(score.get("status").textValue()).isEqualTo("scored");
                }
            }
            assertThat(next)
                    .hasSize(SERIES)
                    .allSatisfy((series, steps) -> assertThat(steps).isEqualTo(STEPS));
        }
    }
}
